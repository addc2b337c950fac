import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isComplete, ROLES } from '#domain/access.ts'
import { addUser } from '#server/people/accounts.ts'
import {
  type Asker,
  CITY,
  grantFor,
  OTHER_CITY,
  PASSWORD,
  signIn,
  startTestApp,
  type TestApp,
} from '#tests/support/app.ts'

let app: TestApp
let admin: Asker
beforeAll(async () => {
  app = await startTestApp()
})
beforeEach(async () => {
  admin = await app.withRole('cityAdmin')
})
afterAll(() => app.end())

const codeOf = (answer: { statusCode: number; json(): { error?: { code: string } } }) =>
  answer.json().error?.code ?? answer.statusCode
const named = () => `user-${randomUUID().slice(0, 8)}`
const wanted = (grant: object) => ({ username: named(), displayName: '社区工作者 07', password: PASSWORD, grant })

describe('accounts', () => {
  test('one added here can sign in at once and has the grant it was given', async () => {
    const body = wanted({ role: 'neighbourhoodWorker', neighbourhoodCode: 'N11' })
    const added = await admin.ask('POST', '/api/accounts', body)
    const cookie = await signIn(app.app, body.username, PASSWORD)
    const me = await app.ask('GET', '/api/me', undefined, { cookie })
    expect(me.json()).toMatchObject({
      userId: added.json().userId,
      displayName: '社区工作者 07',
      grants: [{ tenant: CITY, role: 'neighbourhoodWorker', neighbourhoodCode: 'N11' }],
    })
  })

  test('a name is taken whatever its capitals, also when two take it at once', async () => {
    const body = wanted({ role: 'dispatcher' })
    await admin.ask('POST', '/api/accounts', body)
    expect(codeOf(await admin.ask('POST', '/api/accounts', { ...body, username: body.username.toUpperCase() }))).toBe(
      'usernameTaken',
    )
    const raced = wanted({ role: 'dispatcher' })
    const answers = await Promise.all(Array.from({ length: 6 }, () => admin.ask('POST', '/api/accounts', raced)))
    expect(answers.map(codeOf).sort()).toEqual([200, ...Array(5).fill('usernameTaken')])
  })

  test('[AC3] a grant without the code its role is measured by, or with one that is not in the tenant, is refused', async () => {
    const lacking = [
      { role: 'subdistrictOfficer' },
      { role: 'fieldWorker' },
      { role: 'providerManager', unitId: `${CITY}-u1` },
      { role: 'resident' },
    ]
    for (const grant of lacking)
      expect([grant, codeOf(await admin.ask('POST', '/api/accounts', wanted(grant)))]).toEqual([
        grant,
        'grantIncomplete',
      ])
    const astray = [
      { role: 'subdistrictOfficer', subdistrictCode: 'S9' },
      { role: 'fieldWorker', unitId: `${OTHER_CITY}-u1` },
      { role: 'providerManager', firmId: `${OTHER_CITY}-f1` },
      { role: 'dispatcher', districtCode: 'D9' },
    ]
    for (const grant of astray)
      expect([grant, codeOf(await admin.ask('POST', '/api/accounts', wanted(grant)))]).toEqual([grant, 'unknown'])
    for (const role of ROLES) if (role !== 'resident') expect(isComplete(grantFor(role))).toBe(true)
  })

  test('[AC6] a change of grants takes effect with the very next request', async () => {
    const worker = await app.signedIn('dispatcher')
    expect((await worker.ask('GET', '/api/units')).statusCode).not.toBe(403)
    await admin.ask('POST', `/api/accounts/${worker.userId}/grants`, {
      grants: [{ role: 'neighbourhoodWorker', neighbourhoodCode: 'N11' }],
    })
    expect(codeOf(await worker.ask('GET', '/api/accounts'))).toBe('notAllowed')
    expect((await worker.ask('GET', '/api/me')).json().grants).toMatchObject([{ role: 'neighbourhoodWorker' }])
    await admin.ask('POST', `/api/accounts/${worker.userId}/grants`, { grants: [{ role: 'cityAdmin' }] })
    expect((await worker.ask('GET', '/api/accounts')).statusCode).toBe(200)
    await admin.ask('POST', `/api/accounts/${worker.userId}/grants`, { grants: [] })
    expect(codeOf(await worker.ask('GET', '/api/me'))).toBe('notAllowed')
  })

  test('[AC6] the last account that can manage the tenant stays, even when two remove each other at once', async () => {
    const lonely = await startTestApp()
    const [one, two] = [await lonely.withRole('cityAdmin'), await lonely.withRole('cityAdmin')]
    const answers = await Promise.all([
      one.ask('POST', `/api/accounts/${two.userId}/disable`),
      two.ask('POST', `/api/accounts/${one.userId}/grants`, { grants: [{ role: 'manager' }] }),
    ])
    const codes = answers.map(codeOf)
    expect(codes.filter((code) => code === 200)).toHaveLength(1)
    const left = codes[0] === 200 ? one : two
    expect(codeOf(await left.ask('POST', `/api/accounts/${left.userId}/disable`))).toBe('lastAdmin')
    expect(codeOf(await left.ask('POST', `/api/accounts/${left.userId}/grants`, { grants: [] }))).toBe('lastAdmin')
    await lonely.end()
  })

  test('[AC5] a disabled account is nobody at once: session, API key and new sign-ins', async () => {
    const [browser, program] = [await app.signedIn('dispatcher'), await app.withRole('dispatcher')]
    for (const asker of [browser, program]) {
      expect((await asker.ask('GET', '/api/me')).statusCode).toBe(200)
      await admin.ask('POST', `/api/accounts/${asker.userId}/disable`)
      expect(codeOf(await asker.ask('GET', '/api/me'))).toBe('notSignedIn')
    }
    expect(codeOf(await app.ask('POST', '/api/session', { username: browser.username, password: PASSWORD }))).toBe(
      'accountDisabled',
    )
    expect(
      (await admin.ask('GET', '/api/accounts'))
        .json()
        .find(({ userId }: { userId: string }) => userId === browser.userId),
    ).toMatchObject({ disabled: true })
    await admin.ask('POST', `/api/accounts/${browser.userId}/enable`)
    await signIn(app.app, browser.username, PASSWORD)
  })

  test('a new password from the administrator ends the sessions and drops the second factor', async () => {
    const worker = await app.signedIn('dispatcher')
    await worker.ask('POST', '/api/session/second-factor', { password: PASSWORD })
    expect(
      (await admin.ask('POST', `/api/accounts/${worker.userId}/password`, { password: 'given by the admin' }))
        .statusCode,
    ).toBe(200)
    expect(codeOf(await worker.ask('GET', '/api/me'))).toBe('notSignedIn')
    await signIn(app.app, worker.username, 'given by the admin')
  })

  test('[AC7] an account that serves another tenant too is not to be disabled or re-keyed from here', async () => {
    const shared = await app.signedIn('dispatcher')
    const elsewhere = await app.withRole('cityAdmin', OTHER_CITY)
    expect(codeOf(await elsewhere.ask('POST', `/api/accounts/${shared.userId}/disable`))).toBe('unknown')
    const { insertGrant } = await import('#server/people/queries.ts')
    await app.db.transaction((tx) => insertGrant(tx, grantFor('manager', OTHER_CITY), shared.userId))
    for (const admins of [admin, elsewhere]) {
      expect(codeOf(await admins.ask('POST', `/api/accounts/${shared.userId}/disable`))).toBe('notAllowed')
      expect(
        codeOf(await admins.ask('POST', `/api/accounts/${shared.userId}/password`, { password: 'taken from outside' })),
      ).toBe('notAllowed')
    }
    await elsewhere.ask('POST', `/api/accounts/${shared.userId}/grants`, { grants: [] })
    expect((await shared.ask('GET', '/api/me')).statusCode).toBe(200)
  })

  test('of another tenant are neither listed nor touched, and its name in a header gives no right there', async () => {
    const stranger = await app.withRole('dispatcher', OTHER_CITY)
    const listed = (await admin.ask('GET', '/api/accounts')).json() as {
      userId: string
      grants: { tenant: string }[]
    }[]
    expect(listed.some(({ userId }) => userId === stranger.userId)).toBe(false)
    expect(listed.flatMap(({ grants }) => grants).every(({ tenant }) => tenant === CITY)).toBe(true)
    expect(codeOf(await admin.ask('POST', `/api/accounts/${stranger.userId}/grants`, { grants: [] }))).toBe('unknown')
    expect(codeOf(await admin.ask('GET', '/api/accounts', undefined, { 'x-tenant': OTHER_CITY }))).toBe('notAllowed')
  })

  test('what an operator types makes the same account as the route', async () => {
    const added = await addUser(
      app.db,
      { username: 'First-Admin', displayName: '管理员 01', password: PASSWORD, grant: grantFor('cityAdmin') },
      app.clock.now(),
    )
    expect(added).toEqual({ userId: expect.any(String) })
    const cookie = await signIn(app.app, 'first-admin', PASSWORD)
    expect((await app.ask('GET', '/api/accounts', undefined, { cookie })).statusCode).toBe(200)
  })
})
