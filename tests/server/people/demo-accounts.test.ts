import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from '#db/demo/accounts.ts'
import { grantFor, signIn, startTestApp, type TestApp } from '#tests/support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ env: { HONGGUAN_DEMO: '1' } })
})
afterAll(() => app.end())

const shown = async () => (await app.ask('GET', '/api/sign-in')).json().demoAccounts

describe('the sign-in page of a demo', () => {
  test('shows the accounts that open with the printed password, and no other of the same name', async () => {
    expect(await shown()).toEqual([])
    await app.account('dispatcher', grantFor('dispatcher'), DEMO_PASSWORD)
    await app.account('admin', grantFor('cityAdmin'), 'a password of its own')
    await app.account('somebody', grantFor('manager'), DEMO_PASSWORD)
    expect(await shown()).toEqual([
      { username: 'dispatcher', password: DEMO_PASSWORD, displayName: 'dispatcher', role: 'dispatcher' },
    ])
    const cookie = await signIn(app.app, 'dispatcher', DEMO_PASSWORD)
    const change = { current: DEMO_PASSWORD, next: 'no longer the printed one' }
    await app.ask('POST', '/api/session/password', change, { cookie })
    expect(await shown()).toEqual([])
  })

  test('shows none where the demo is off', async () => {
    const plain = await startTestApp()
    await plain.account('dispatcher', grantFor('dispatcher'), DEMO_PASSWORD)
    expect((await plain.ask('GET', '/api/sign-in')).json()).toEqual({ oidc: null, demoAccounts: [] })
    await plain.end()
  })
})
