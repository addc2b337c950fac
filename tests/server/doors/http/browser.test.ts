import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tenants } from '#db/schema/places.ts'
import { type Asker, CITY, startTestApp, type TestApp } from '#tests/support/app.ts'

const INDEX =
  '<!doctype html><html><body><script>start("here")</script><script src="/_app/x.js"></script></body></html>'

let app: TestApp
let admin: Asker
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hongguan-pages-'))
  mkdirSync(join(folder, '_app/immutable'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), INDEX)
  writeFileSync(join(folder, '.stamp'), 'secret of the build')
  writeFileSync(join(folder, '_app/immutable/a1.js'), `export const a = '${'long '.repeat(500)}'`)
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>')
  for (const name of ['service-worker.js', 'service-worker.js.br', 'go.webmanifest'])
    writeFileSync(join(folder, name), '{}')
  app = await startTestApp({ parts: { consoleDir: folder } })
  admin = await app.signedIn('cityAdmin')
})
afterAll(async () => {
  await app.end()
  rmSync(folder, { recursive: true })
})

const page = (url: string) => app.app.http.inject({ method: 'GET', url, headers: { accept: 'text/html,*/*' } })

describe('a write from another site', () => {
  const write = (headers: Record<string, string>) =>
    admin.ask('POST', '/api/session/password', { current: 'x', next: 'long enough for it' }, headers)

  test('[AC8] is refused by its origin, or by what the browser says of the site', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:80.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'https://other.localhost' },
    ]
    for (const headers of foreign) {
      const answer = await write(headers)
      expect([headers, answer.statusCode, answer.json().error.code]).toEqual([headers, 403, 'badOrigin'])
    }
  })

  test('[AC8] is not what our own pages, a configured origin or a program send', async () => {
    const own: Record<string, string>[] = [{ origin: 'http://localhost:80' }, { 'sec-fetch-site': 'same-origin' }, {}]
    for (const headers of own) expect((await write(headers)).json().error.code).toBe('badCredentials')
    const known = await startTestApp({ env: { HONGGUAN_ORIGIN: 'https://red.example.org' } })
    const answer = await known.ask(
      'POST',
      '/api/session',
      { username: 'abc', password: 'x' },
      { origin: 'https://red.example.org' },
    )
    expect(answer.json().error.code).toBe('badCredentials')
    await known.end()
  })
})

describe('pages', () => {
  test('every address a person may type answers with the one page, fresh each time', async () => {
    for (const url of ['/', '/login', '/r/testville-c1', '/t/some-token_x', '/tickets/12?x=1']) {
      const answer = await page(url)
      expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 200, 'text/html; charset=utf-8'])
      expect(answer.headers['cache-control']).toBe('no-cache')
      expect(answer.body).toBe(INDEX)
    }
  })

  test('what is no navigation gets no page: wrong calls, missing files, other methods', async () => {
    for (const url of [
      '/api/nothing',
      '/open311/v2/nothing.json',
      '/_app/immutable/gone.js',
      '/missing.png',
      '/.stamp',
      '/../package.json',
    ]) {
      const answer = await page(url)
      expect([url, answer.statusCode, answer.json().error.code]).toEqual([url, 404, 'unknownRoute'])
    }
    expect(
      (await app.app.http.inject({ method: 'POST', url: '/login', headers: { accept: 'text/html' } })).statusCode,
    ).toBe(404)
    expect(
      (await app.app.http.inject({ method: 'GET', url: '/login', headers: { accept: 'application/json' } })).statusCode,
    ).toBe(404)
  })

  test('built files are kept for ever, others are asked for again', async () => {
    expect((await page('/_app/immutable/a1.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await page('/favicon.svg')).headers['cache-control']).toBe('no-cache')
  })

  test('run only the scripts they were built with, are framed by nobody, and reach only the configured tile servers', async () => {
    const source = {
      id: 't',
      name: { zh: '图', en: 'map' },
      template: 'https://t{s}.tiles.example/{z}/{x}/{y}.png?tk=KEY',
      datum: 'WGS84' as const,
      attribution: '',
      mapApproval: null,
      minZoom: 0,
      maxZoom: 18,
      subdomains: ['0', '1'],
    }
    await app.db
      .update(tenants)
      .set({ settings: { offerTtlMs: 25_000, historyDays: 30, tileSources: [source] } })
      .where(eq(tenants.code, CITY))
    const policy = String((await page('/')).headers['content-security-policy'])
    expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/=]+'(;|$)/)
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toMatch(/img-src [^;]*https:\/\/t0\.tiles\.example https:\/\/t1\.tiles\.example/)
    expect(policy).toMatch(/connect-src 'self' ws:\/\/localhost:80/)
    expect(policy).not.toContain('KEY')
  })

  test('[FP18] the field page’s worker is asked for anew each time and may ask this server alone', async () => {
    for (const encoding of ['identity', 'br']) {
      const headers = { 'accept-encoding': encoding }
      const answer = await app.app.http.inject({ method: 'GET', url: '/service-worker.js', headers })
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-cache',
        'content-security-policy': "default-src 'none'; connect-src 'self'",
      })
    }
    expect((await page('/go.webmanifest')).headers['content-type']).toContain('application/manifest+json')
  })

  test('an answer that is no page may load nothing', async () => {
    const answer = await admin.ask('GET', '/api/me')
    expect(answer.headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
  })
})

describe('answers', () => {
  test('the same answer is not sent twice to one who holds it', async () => {
    const first = await admin.ask('GET', '/api/places/tree')
    expect(first.json().neighbourhoods).toHaveLength(3)
    const again = await admin.ask('GET', '/api/places/tree', undefined, { 'if-none-match': String(first.headers.etag) })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('are compressed when they are worth it', async () => {
    const answer = await admin.ask('GET', '/api/docs/openapi.json', undefined, { 'accept-encoding': 'gzip' })
    expect(answer.headers['content-encoding']).toBe('gzip')
  })

  test('the API reference comes whole from here and describes every route of the wire', async () => {
    const described = (await app.ask('GET', '/api/docs/openapi.json')).json()
    expect(described.paths['/api/accounts/{id}/grants'].post.summary).toContain('Replace the grants')
    const html = await page('/api/docs/')
    expect(html.statusCode).toBe(200)
    expect(html.body).not.toMatch(/https?:\/\/(?!localhost)/)
    expect(String(html.headers['content-security-policy'])).toContain("script-src 'self' 'sha256-")
    expect((await page('/api/docs/js/scalar.js')).statusCode).toBe(200)
  })
})

describe('what is limited', () => {
  test('public reads are counted by address and answered with a time to wait', async () => {
    const small = await startTestApp({ parts: { limits: { publicReads: 3, signIns: 2 } } })
    const answers = []
    for (let i = 0; i < 5; i++) answers.push(await small.ask('GET', '/api/tenants'))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429, 429])
    expect(answers[4]?.json().error.code).toBe('tooMany')
    expect(Number(answers[4]?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await small.ask('GET', '/health/live')).statusCode).toBe(200)
    await small.end()
  })

  test('a forwarded address counts only behind a trusted proxy', async () => {
    const ask = async (env: Record<string, string>) => {
      const small = await startTestApp({ env, parts: { limits: { publicReads: 1 } } })
      const statuses = []
      for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
        statuses.push((await small.ask('GET', '/api/tenants', undefined, { 'x-forwarded-for': address })).statusCode)
      await small.end()
      return statuses
    }
    expect(await ask({})).toEqual([200, 429, 429])
    expect(await ask({ HONGGUAN_TRUST_PROXY: 'loopback' })).toEqual([200, 200, 200])
  })

  test('metrics are for this machine or for a bearer of the key', async () => {
    const keyed = await startTestApp({ env: { HONGGUAN_METRICS_KEY: 'scraper-key' } })
    const metrics = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
      keyed.app.http.inject({ method: 'GET', url: '/metrics', headers, remoteAddress })
    expect((await metrics({})).body).toContain('hongguan_http_seconds')
    expect((await metrics({ 'x-forwarded-for': '192.0.2.1' })).statusCode).toBe(403)
    expect((await metrics({}, '192.0.2.1')).statusCode).toBe(403)
    expect((await metrics({ authorization: 'Bearer scraper-kez' }, '192.0.2.1')).statusCode).toBe(403)
    expect((await metrics({ authorization: 'Bearer scraper-key' }, '192.0.2.1')).statusCode).toBe(200)
    await keyed.end()
  })
})
