import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isSecure, readConfig } from '#server/config.ts'
import { SETTINGS, settingsTable } from '#server/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'hongguan-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const problemsOf = (env: Record<string, string>) => {
  const read = readConfig(env)
  return read.ok ? [] : read.problems
}

describe('the configuration', () => {
  test('is complete without any setting, and for this machine only', () => {
    const read = readConfig({})
    expect(read).toMatchObject({
      ok: true,
      config: {
        host: '127.0.0.1',
        port: 8080,
        origins: [],
        trustProxy: false,
        tls: null,
        databaseUrl: null,
        demo: true,
        oidc: null,
        logLevel: 'info',
      },
    })
    expect(read.ok && isSecure(read.config)).toBe(false)
  })

  test('[CF1] names every bad value at once and repeats no secret', () => {
    const problems = problemsOf({
      HONGGUAN_PORT: '80a',
      HONGGUAN_ORIGIN: 'https://ok.example, red.example.org/path',
      HONGGUAN_TRUST_PROXY: 'everybody',
      HONGGUAN_TLS_CERT: join(folder, 'missing.pem'),
      HONGGUAN_SECRET: 'hunter2-is-short',
      HONGGUAN_SESSION_HOURS: '0',
      HONGGUAN_DEMO: 'maybe',
      HONGGUAN_LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:pw-in-url@host/db',
      ROUTER_URL: 'not an address',
      OIDC_CLIENT_ID: 'x',
    })
    const names = [...new Set(problems.map((problem) => problem.split(':')[0]))]
    expect(names.sort()).toEqual([
      'DATABASE_URL',
      'HONGGUAN_DEMO',
      'HONGGUAN_LOG_LEVEL',
      'HONGGUAN_ORIGIN',
      'HONGGUAN_PORT',
      'HONGGUAN_SECRET',
      'HONGGUAN_SESSION_HOURS',
      'HONGGUAN_TLS_CERT',
      'HONGGUAN_TRUST_PROXY',
      'OIDC_CLIENT_SECRET',
      'OIDC_ISSUER',
      'ROUTER_URL',
    ])
    expect(problems.join('\n')).not.toMatch(/hunter2|pw-in-url/)
  })

  test('takes tile sources from a file and names what is wrong in it', () => {
    const source = {
      id: 'own',
      name: { zh: '自有', en: 'own' },
      template: 'https://tiles.example/{z}/{x}/{y}.png',
      datum: 'GCJ02',
      attribution: '©',
      mapApproval: 'GS(2024)0001',
      minZoom: 3,
      maxZoom: 18,
      subdomains: [],
    }
    const file = join(folder, 'tiles.json')
    writeFileSync(file, JSON.stringify([source]))
    expect(readConfig({ HONGGUAN_TILE_SOURCES: file })).toMatchObject({ ok: true, config: { tileSources: [source] } })
    writeFileSync(file, JSON.stringify([{ ...source, datum: 'MARS', maxZoom: 99 }]))
    expect(problemsOf({ HONGGUAN_TILE_SOURCES: file })).toHaveLength(2)
    writeFileSync(file, 'oops')
    expect(problemsOf({ HONGGUAN_TILE_SOURCES: file })).toEqual(['HONGGUAN_TILE_SOURCES: is no JSON'])
  })

  test('an https origin makes the server secure, and a provider needs the way back', () => {
    const read = readConfig({
      HONGGUAN_ORIGIN: 'https://red.example.org',
      OIDC_ISSUER: 'https://id.example.org',
      OIDC_CLIENT_ID: 'a',
      OIDC_CLIENT_SECRET: 'b',
    })
    expect(read.ok && isSecure(read.config)).toBe(true)
    expect(read.ok && read.config.oidc).toEqual({
      issuer: 'https://id.example.org',
      clientId: 'a',
      clientSecret: 'b',
      name: 'OpenID Connect',
      usernameClaim: 'preferred_username',
    })
    expect(
      problemsOf({ OIDC_ISSUER: 'https://id.example.org', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' })[0],
    ).toMatch(/^HONGGUAN_ORIGIN/)
  })

  test('the table for the README has a row for every setting', () => {
    expect(settingsTable().split('\n')).toHaveLength(SETTINGS.length + 2)
  })
})
