import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cookiesOf, grantFor, PASSWORD, startTestApp, type TestApp } from '#tests/support/app.ts'
import { type OidcProvider, oidcProvider } from '#tests/support/oidc-provider.ts'

let provider: OidcProvider
let app: TestApp
beforeAll(async () => {
  provider = await oidcProvider('hongguan', 'client-secret')
  app = await startTestApp({
    env: {
      HONGGUAN_ORIGIN: 'http://red.example.org',
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: 'hongguan',
      OIDC_CLIENT_SECRET: 'client-secret',
      OIDC_NAME: '市统一认证',
    },
  })
})
afterAll(async () => {
  await app.end()
  await provider.close()
})

/** Follows the links as a browser does, and agrees at the provider under this name. */
async function comeBackAs(name: string, tamper = (state: string) => state) {
  const begun = await app.ask('GET', '/api/session/oidc')
  expect(begun.statusCode).toBe(302)
  const authorize = String(begun.headers.location)
  expect(new URL(authorize).searchParams.get('redirect_uri')).toBe('http://red.example.org/api/auth/callback/oidc')
  const { code, state } = provider.agree(authorize, name)
  return app.ask('GET', `/api/auth/callback/oidc?code=${code}&state=${encodeURIComponent(tamper(state))}`, undefined, {
    cookie: cookiesOf(begun),
  })
}

describe('signing in with an OpenID Connect provider', () => {
  test('is offered under the configured name', async () => {
    expect((await app.ask('GET', '/api/sign-in')).json()).toMatchObject({ oidc: { name: '市统一认证' } })
  })

  test('leads to the account of the same name, and again the next time', async () => {
    await app.account('known-here', grantFor('dispatcher'), PASSWORD)
    for (let time = 0; time < 2; time++) {
      const back = await comeBackAs('Known-Here')
      expect([back.statusCode, back.headers.location]).toEqual([302, '/'])
      const me = await app.ask('GET', '/api/me', undefined, { cookie: cookiesOf(back) })
      expect(me.json()).toMatchObject({ username: 'known-here', grants: [{ role: 'dispatcher' }] })
    }
  })

  test("makes no account for a name that has none here, and none of another's state", async () => {
    for (const back of [await comeBackAs('stranger'), await comeBackAs('known-here', (state) => `${state}x`)]) {
      expect(back.statusCode).toBe(302)
      expect(String(back.headers.location)).toMatch(/^(http:\/\/red\.example\.org)?\/login\?error=/)
      expect((await app.ask('GET', '/api/me', undefined, { cookie: cookiesOf(back) })).statusCode).toBe(401)
    }
  })

  test('[AC5] opens nothing for a disabled account', async () => {
    const admin = await app.withRole('cityAdmin')
    const userId = await app.account('gone-now', grantFor('dispatcher'))
    expect((await comeBackAs('gone-now')).headers.location).toBe('/')
    await admin.ask('POST', `/api/accounts/${userId}/disable`)
    const back = await comeBackAs('gone-now')
    expect((await app.ask('GET', '/api/me', undefined, { cookie: cookiesOf(back) })).statusCode).toBe(401)
  })
})
