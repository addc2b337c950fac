import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '#db/schema/feed.ts'
import { type Asker, startTestApp, type TestApp } from '#tests/support/app.ts'

let app: TestApp
let admin: Asker
beforeAll(async () => {
  app = await startTestApp()
  admin = await app.withRole('cityAdmin')
})
afterAll(() => app.end())

const codeOf = (answer: { json(): { error?: { code: string } } }) => answer.json().error?.code

const account = (more: object = {}) => ({
  username: `u-${randomUUID().slice(0, 8)}`,
  displayName: '调度员 09',
  password: 'long enough for this',
  grant: { role: 'dispatcher' },
  ...more,
})

describe('a wrong request', () => {
  test('[CM2] names every wrong field at once, in body, address and query, each by its path', async () => {
    const answer = await admin.ask('POST', '/api/accounts', {
      username: 'a',
      displayName: '',
      grant: { role: 'king', extra: 1 },
      surplus: true,
    })
    expect([answer.statusCode, codeOf(answer)]).toEqual([400, 'invalidFields'])
    expect(
      answer
        .json()
        .error.fields.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)
        .sort(),
    ).toEqual([
      '/displayName minLength',
      '/grant/extra additionalProperties',
      '/grant/role enum',
      '/password required',
      '/surplus additionalProperties',
      '/username minLength',
    ])
  })

  test('[CM2] in a query string and in a path is named too, all together', async () => {
    const answer = await admin.ask('GET', `/api/places/communities?subdistrict=${'x'.repeat(40)}`)
    expect(answer.json().error.fields).toMatchObject([{ path: '/subdistrict', code: 'maxLength' }])
    const both = await admin.ask('POST', '/api/accounts/not%20an%20id/password', { password: 'short' })
    expect(both.json().error.fields.map(({ path }: { path: string }) => path)).toEqual(['/id', '/password'])
  })

  test('[CM2] without a usable key a command is refused and nothing is kept', async () => {
    const before = await app.db.$count(commands)
    for (const key of ['', ' ', 'with space', 'x'.repeat(201), '键']) {
      const headers: Record<string, string> = { 'idempotency-key': key === '键' ? 'caf\u00e9' : key }
      const answer = await admin.ask('POST', '/api/accounts', account(), headers)
      expect([answer.statusCode, codeOf(answer)]).toEqual([400, 'missingKey'])
    }
    expect(await app.db.$count(commands)).toBe(before)
  })

  test('of any kind is answered with a stable code and never with a stack', async () => {
    const raw = (payload: string, type: string) =>
      app.app.http.inject({
        method: 'POST',
        url: '/api/accounts',
        headers: { ...admin.headers, 'idempotency-key': 'k', 'content-type': type },
        payload,
      })
    const cases: [string, { statusCode: number; body: string }, number, string][] = [
      ['broken JSON', await raw('{"a":', 'application/json'), 400, 'badJson'],
      ['prototype poison', await raw('{"__proto__":{"x":1}}', 'application/json'), 400, 'badJson'],
      ['a form', await raw('username=a', 'application/x-www-form-urlencoded'), 415, 'unsupportedMedia'],
      ['text', await raw('hello', 'text/plain'), 415, 'unsupportedMedia'],
      ['too much', await raw(JSON.stringify({ username: 'x'.repeat(300_000) }), 'application/json'), 413, 'tooLarge'],
      ['an array', await raw('[]', 'application/json'), 400, 'invalidFields'],
      ['unknown path', await app.ask('GET', '/api/nothing/here'), 404, 'unknownRoute'],
      ['wrong method', await app.ask('PATCH', '/api/me'), 405, 'methodNotAllowed'],
      ['bad escape', await app.ask('GET', '/api/%zz'), 400, 'badRequest'],
      ['a long parameter', await admin.ask('POST', `/api/accounts/${'9'.repeat(300)}/disable`), 413, 'tooLarge'],
    ]
    for (const [what, answer, status, code] of cases) {
      expect([what, answer.statusCode, JSON.parse(answer.body).error.code]).toEqual([what, status, code])
      expect(answer.body).not.toMatch(/\.ts|node_modules|at \w+ \(/)
    }
  })

  test('that is not even HTTP gets a 400 and the connection is closed', async () => {
    const address = await app.app.listen()
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    const answer = new Promise<string>((resolve) => {
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
    })
    socket.write('NONSENSE\r\n\r\n')
    expect(await answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"badRequest"/)
  })

  test('that meets a fault of ours says `internal` and nothing of the fault', async () => {
    const broken = await startTestApp({ max: 2 })
    const asker = await broken.withRole('cityAdmin')
    await broken.sql.unsafe('alter table tenants rename to gone')
    const answer = await asker.ask('GET', '/api/places/outline')
    expect([answer.statusCode, codeOf(answer)]).toEqual([500, 'internal'])
    expect(answer.body).not.toMatch(/relation|tenants|stack/)
    await broken.sql.unsafe('alter table gone rename to tenants')
    await broken.end()
  })
})

describe('a command', () => {
  test('[CM1] with the same key and body is carried out once and answered with its first answer', async () => {
    const body = account()
    const key = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all(Array.from({ length: 5 }, () => admin.ask('POST', '/api/accounts', body, key)))
    expect(new Set(answers.map(({ body: text }) => text)).size).toBe(1)
    expect(answers[0]?.json()).toEqual({ userId: expect.any(String) })
    const other = await admin.ask('POST', '/api/accounts', account(), key)
    expect([other.statusCode, codeOf(other)]).toEqual([409, 'keyReused'])
  })

  test('[CM1] refused once leaves its key free', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const taken = account({ username: admin.username })
    expect(codeOf(await admin.ask('POST', '/api/accounts', taken, key))).toBe('usernameTaken')
    expect((await admin.ask('POST', '/api/accounts', account(), key)).statusCode).toBe(200)
  })
})
