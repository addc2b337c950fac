import { createHmac } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { session } from '#db/schema/accounts.ts'
import { loginFailures } from '#db/schema/people.ts'
import { cookiesOf, grantFor, PASSWORD, signIn, startTestApp, type TestApp } from '#tests/support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.end())

const codeOf = (answer: { json(): { error?: { code: string } } }) => answer.json().error?.code

/** RFC 6238: what an authenticator app shows at a moment. */
function totp(secret: string, at: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

describe('signing in', () => {
  test('a right name and password give a cookie that scripts cannot read, and the cookie is the account', async () => {
    await app.account('plain', grantFor('dispatcher'), PASSWORD)
    const answer = await app.ask('POST', '/api/session', { username: 'Plain', password: PASSWORD })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ secondFactor: false })
    const [cookie] = answer.cookies
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(cookie?.name).toBe('hongguan.session_token')
    const me = await app.ask('GET', '/api/me', undefined, { cookie: cookiesOf(answer) })
    expect(me.json()).toMatchObject({
      username: 'plain',
      tenant: 'testville',
      secondFactor: false,
      grants: [{ role: 'dispatcher' }],
    })
  })

  test('over HTTPS the cookie is for HTTPS only', async () => {
    const secure = await startTestApp({ env: { HONGGUAN_ORIGIN: 'https://red.example.org' } })
    await secure.account('plain', grantFor('dispatcher'), PASSWORD)
    const answer = await secure.ask('POST', '/api/session', { username: 'plain', password: PASSWORD })
    expect(answer.cookies[0]).toMatchObject({ name: '__Secure-hongguan.session_token', secure: true, httpOnly: true })
    expect(answer.headers['strict-transport-security']).toContain('max-age')
    await secure.end()
  })

  test('a wrong password and an unknown name are told apart by nothing', async () => {
    await app.account('real', grantFor('dispatcher'), PASSWORD)
    const wrong = await app.ask('POST', '/api/session', { username: 'real', password: 'not the password' })
    const unknown = await app.ask('POST', '/api/session', { username: 'nobody-such', password: 'not the password' })
    expect([wrong.statusCode, codeOf(wrong)]).toEqual([401, 'badCredentials'])
    expect(unknown.body).toBe(wrong.body)
    expect(wrong.cookies).toEqual([])
  })

  test('nobody can sign up, and no other path of the library is open', async () => {
    for (const path of [
      '/api/auth/sign-up/email',
      '/api/auth/update-user',
      '/api/auth/api-key/create',
      '/api/auth/get-session',
    ]) {
      const answer = await app.ask('POST', path, { email: 'a@b.invalid', password: PASSWORD, name: 'x' })
      expect([path, answer.statusCode, codeOf(answer)]).toEqual([path, 404, 'unknownRoute'])
    }
  })

  test('[AC4] each failure beyond the free ones doubles the wait, a right password ends it', async () => {
    await app.account('guessed', grantFor('dispatcher'), PASSWORD)
    const attempt = (password: string) => app.ask('POST', '/api/session', { username: 'guessed', password })
    for (let i = 0; i < 4; i++) expect((await attempt('a wrong one')).statusCode).toBe(401)
    const blocked = await attempt(PASSWORD)
    expect([blocked.statusCode, codeOf(blocked), blocked.headers['retry-after']]).toEqual([429, 'tooMany', '1'])
    app.clock.advance(1_000)
    expect((await attempt('a wrong one')).statusCode).toBe(401)
    expect((await attempt(PASSWORD)).headers['retry-after']).toBe('2')
    app.clock.advance(2_000)
    expect((await attempt(PASSWORD)).statusCode).toBe(200)
    for (let i = 0; i < 3; i++) expect((await attempt('a wrong one')).statusCode).toBe(401)
    expect((await attempt(PASSWORD)).statusCode).toBe(200)
  })

  test('[AC4] fifty wrong tries at once count as fifty, not as one', async () => {
    await app.account('stormed', grantFor('dispatcher'), PASSWORD)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        app.ask('POST', '/api/session', { username: 'stormed', password: 'a wrong one' }),
      ),
    )
    expect(answers.filter(({ statusCode }) => statusCode === 401).length).toBeLessThanOrEqual(4)
    app.clock.advance(3_600_000)
  }, 30_000)

  test('[AC4] failures are forgotten after an hour and their rows go', async () => {
    app.clock.advance(3_600_001)
    await signIn(app.app, 'plain', PASSWORD)
    const rows = await app.db.select().from(loginFailures)
    expect(rows.every(({ key }) => key.includes('plain') || key.startsWith('address'))).toBe(true)
  })

  test('a session that is used is prolonged, with its cookie; one that has run out is nobody', async () => {
    const dispatcher = await app.signedIn('dispatcher')
    const mine = eq(session.userId, dispatcher.userId)
    const endsIn = (ms: number) =>
      app.db
        .update(session)
        .set({ expiresAt: new Date(Date.now() + ms) })
        .where(mine)
    expect((await dispatcher.ask('GET', '/api/me')).cookies).toEqual([])
    await endsIn(3_600_000)
    const answer = await dispatcher.ask('GET', '/api/me')
    expect(answer.cookies.find(({ name }) => name === 'hongguan.session_token')?.maxAge).toBeGreaterThan(13 * 3_600)
    const [row] = await app.db.select().from(session).where(mine)
    expect(row?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 13 * 3_600_000)
    await endsIn(-1_000)
    expect(codeOf(await dispatcher.ask('GET', '/api/me'))).toBe('notSignedIn')
  })

  test('signing out ends the session itself, not only the cookie', async () => {
    const dispatcher = await app.signedIn('dispatcher')
    expect((await dispatcher.ask('GET', '/api/me')).statusCode).toBe(200)
    expect((await dispatcher.ask('DELETE', '/api/session')).statusCode).toBe(200)
    expect(codeOf(await dispatcher.ask('GET', '/api/me'))).toBe('notSignedIn')
  })

  test('a new password ends every other session and the old one no longer fits', async () => {
    await app.account('changer', grantFor('dispatcher'), PASSWORD)
    const [here, there] = [await signIn(app.app, 'changer', PASSWORD), await signIn(app.app, 'changer', PASSWORD)]
    const changed = await app.ask(
      'POST',
      '/api/session/password',
      { current: PASSWORD, next: 'another long password' },
      { cookie: here },
    )
    expect(changed.statusCode).toBe(200)
    expect((await app.ask('GET', '/api/me', undefined, { cookie: there })).statusCode).toBe(401)
    expect((await app.ask('POST', '/api/session', { username: 'changer', password: PASSWORD })).statusCode).toBe(401)
    await signIn(app.app, 'changer', 'another long password')
  })

  test('what the page may offer besides a password is said, and no provider means none', async () => {
    expect((await app.ask('GET', '/api/sign-in')).json()).toEqual({ oidc: null, demoAccounts: [] })
    expect(codeOf(await app.ask('GET', '/api/session/oidc'))).toBe('unknown')
  })
})

describe('the second factor', () => {
  test('is optional, takes effect with the first right code, and then the password alone is not enough', async () => {
    await app.account('careful', grantFor('dispatcher'), PASSWORD)
    const cookie = await signIn(app.app, 'careful', PASSWORD)
    const started = await app.ask('POST', '/api/session/second-factor', { password: PASSWORD }, { cookie })
    expect(started.statusCode).toBe(200)
    const secret = new URL(started.json().uri).searchParams.get('secret') ?? ''
    await signIn(app.app, 'careful', PASSWORD) // not confirmed yet: nothing has changed
    expect(codeOf(await app.ask('POST', '/api/session/second-factor/confirm', { code: '000000' }, { cookie }))).toBe(
      'badCode',
    )
    const confirmed = await app.ask(
      'POST',
      '/api/session/second-factor/confirm',
      { code: totp(secret, Date.now()) },
      { cookie },
    )
    expect(confirmed.statusCode).toBe(200)

    const first = await app.ask('POST', '/api/session', { username: 'careful', password: PASSWORD })
    expect(first.json()).toEqual({ secondFactor: true })
    const half = cookiesOf(first)
    expect(codeOf(await app.ask('GET', '/api/me', undefined, { cookie: half }))).toBe('notSignedIn')
    expect(codeOf(await app.ask('POST', '/api/session/code', { code: '123456' }, { cookie: half }))).toBe('badCode')
    const second = await app.ask('POST', '/api/session/code', { code: totp(secret, Date.now()) }, { cookie: half })
    expect(second.statusCode).toBe(200)
    const me = await app.ask('GET', '/api/me', undefined, { cookie: cookiesOf(second) })
    expect(me.json()).toMatchObject({ username: 'careful', secondFactor: true })

    const again = cookiesOf(await app.ask('POST', '/api/session', { username: 'careful', password: PASSWORD }))
    const [backup] = started.json().backupCodes
    expect((await app.ask('POST', '/api/session/code', { code: backup }, { cookie: again })).statusCode).toBe(200)
  })

  test('a code without a password before it is refused', async () => {
    expect(codeOf(await app.ask('POST', '/api/session/code', { code: '123456' }))).toBe('badCode')
  })
})

describe('API keys', () => {
  test('stand for their account, and a wrong or malformed one for nobody', async () => {
    const program = await app.withRole('dispatcher')
    expect((await program.ask('GET', '/api/me')).json()).toMatchObject({ userId: program.userId })
    for (const authorization of ['Bearer hg_nonsense', 'Bearer', 'Basic YTpi', '']) {
      expect(codeOf(await app.ask('GET', '/api/me', undefined, { authorization }))).toBe('notSignedIn')
    }
  })

  test('many uses of one key in a row are not limited by the key', async () => {
    const program = await app.withRole('dispatcher')
    const answers = await Promise.all(Array.from({ length: 60 }, () => program.ask('GET', '/api/me')))
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true)
  })
})
