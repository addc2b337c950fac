import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TileSource } from '#domain/places.ts'
import { TileSourceConfig } from '#wire/tenant-config.ts'
import type { OidcProvider } from './people/auth.ts'
import { SETTINGS, type SettingName } from './settings.ts'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Config {
  host: string
  port: number
  /** Origins that count as ours; the first one is used in links. Empty: whatever address the browser asked. */
  origins: string[]
  trustProxy: string[] | false
  tls: { cert: string; key: string } | null
  dataDir: string
  /** null: the embedded PostgreSQL of `dataDir`. */
  databaseUrl: string | null
  demo: boolean
  /** null: made on the first start and kept in `dataDir`. */
  secret: string | null
  sessionHours: number
  metricsKey: string | null
  tileSources: TileSource[]
  /** True: no report through Open311 without an API key. */
  open311ByKeyOnly: boolean
  logLevel: LogLevel
  routerUrl: string | null
  oidc: OidcProvider | null
}

export type ReadConfig = { ok: true; config: Config } | { ok: false; problems: string[] }

const ROOT = dirname(fileURLToPath(new URL('.', import.meta.url)))
const MIN_SECRET = 32

/** Reads the environment whole: every bad value is named, not only the first. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ReadConfig {
  const problems: string[] = []
  const say = (name: SettingName, why: string) => {
    problems.push(`${name}: ${why}`)
    return null
  }
  const given = (name: SettingName) =>
    env[name]?.trim() || SETTINGS.find((setting) => setting.name === name)?.default || ''
  const file = (name: SettingName) => readText(given(name), (why) => say(name, why))
  const origins = listOf(given('HONGGUAN_ORIGIN'))
  for (const origin of origins)
    if (!isOrigin(origin)) say('HONGGUAN_ORIGIN', `${origin} is no origin such as https://red.example.org`)
  const secret = given('HONGGUAN_SECRET') || null
  if (secret !== null && secret.length < MIN_SECRET) say('HONGGUAN_SECRET', `needs at least ${MIN_SECRET} characters`)
  const routerUrl = urlOf(given('ROUTER_URL'), ['http:', 'https:'], (why) => say('ROUTER_URL', why))
  const databaseUrl = urlOf(given('DATABASE_URL'), ['postgres:', 'postgresql:'], (why) => say('DATABASE_URL', why))
  const config: Config = {
    host: given('HONGGUAN_HOST'),
    port: wholeNumber(given('HONGGUAN_PORT'), 0, 65_535, (why) => say('HONGGUAN_PORT', why)),
    origins,
    trustProxy: proxyOf(given('HONGGUAN_TRUST_PROXY'), (why) => say('HONGGUAN_TRUST_PROXY', why)),
    tls: tlsOf(given, file, say),
    dataDir: env.HONGGUAN_DATA?.trim() ? resolve(env.HONGGUAN_DATA.trim()) : join(ROOT, given('HONGGUAN_DATA')),
    databaseUrl,
    demo: flag(given('HONGGUAN_DEMO'), (why) => say('HONGGUAN_DEMO', why)),
    secret,
    sessionHours: wholeNumber(given('HONGGUAN_SESSION_HOURS'), 1, 24 * 30, (why) => say('HONGGUAN_SESSION_HOURS', why)),
    metricsKey: given('HONGGUAN_METRICS_KEY') || null,
    tileSources: tilesOf(file('HONGGUAN_TILE_SOURCES'), (why) => say('HONGGUAN_TILE_SOURCES', why)),
    open311ByKeyOnly: flag(given('HONGGUAN_OPEN311_KEYS'), (why) => say('HONGGUAN_OPEN311_KEYS', why)),
    logLevel: logLevelOf(given('HONGGUAN_LOG_LEVEL'), (why) => say('HONGGUAN_LOG_LEVEL', why)),
    routerUrl,
    oidc: oidcOf(given, origins, say),
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config }
}

/** True when pages reach this server by HTTPS, from itself or from a proxy: then cookies are for HTTPS only. */
export const isSecure = ({ tls, origins }: Pick<Config, 'tls' | 'origins'>): boolean =>
  tls !== null || (origins[0]?.startsWith('https:') ?? false)

type Complain = (why: string) => null

const listOf = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

const isOrigin = (text: string) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text

function wholeNumber(text: string, least: number, most: number, complain: Complain): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  complain(`${text} is no whole number from ${least} to ${most}`)
  return least
}

function flag(text: string, complain: Complain): boolean {
  if (!['0', '1', 'true', 'false'].includes(text)) complain(`${text} is neither 1 nor 0`)
  return text === '1' || text === 'true'
}

function urlOf(text: string, protocols: readonly string[], complain: Complain): string | null {
  if (text === '') return null
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
  return complain(`must be an address that begins with ${protocols.map((each) => `${each}//`).join(' or ')}`)
}

function proxyOf(text: string, complain: Complain): Config['trustProxy'] {
  if (text === '') return false
  const addresses = listOf(text)
  const wrong = addresses.filter(
    (address) => !/^(?=.*[.:])[\da-f.:]+(?:\/\d{1,3})?$|^(?:loopback|linklocal|uniquelocal)$/i.test(address),
  )
  if (wrong.length > 0) complain(`${wrong.join(', ')}: no addresses such as 10.0.0.7, 10.0.0.0/8 or loopback`)
  return addresses
}

function readText(path: string, complain: Complain): string | null {
  if (path === '') return null
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return complain(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

type Given = (name: SettingName) => string
type Say = (name: SettingName, why: string) => null

function tlsOf(given: Given, file: (name: SettingName) => string | null, say: Say): Config['tls'] {
  const [cert, key] = [file('HONGGUAN_TLS_CERT'), file('HONGGUAN_TLS_KEY')]
  if (!given('HONGGUAN_TLS_CERT') !== !given('HONGGUAN_TLS_KEY'))
    say('HONGGUAN_TLS_CERT', 'certificate and key are set together or not at all')
  return cert !== null && key !== null ? { cert, key } : null
}

const TILE_SOURCES = Compile(Type.Array(TileSourceConfig))

function tilesOf(text: string | null, complain: Complain): TileSource[] {
  if (text === null) return []
  try {
    const sources: unknown = JSON.parse(text)
    if (TILE_SOURCES.Check(sources)) return sources
    for (const { instancePath, message } of TILE_SOURCES.Errors(sources)) complain(`${instancePath || '/'} ${message}`)
  } catch {
    complain('is no JSON')
  }
  return []
}

function logLevelOf(text: string, complain: Complain): LogLevel {
  const found = LOG_LEVELS.find((level) => level === text)
  if (!found) complain(`${text} is none of ${LOG_LEVELS.join(', ')}`)
  return found ?? 'info'
}

function oidcOf(given: Given, origins: readonly string[], say: Say): OidcProvider | null {
  const [issuer, clientId, clientSecret] = [given('OIDC_ISSUER'), given('OIDC_CLIENT_ID'), given('OIDC_CLIENT_SECRET')]
  if (!issuer && !clientId && !clientSecret) return null
  if (!URL.canParse(issuer)) say('OIDC_ISSUER', 'must be the address of the provider')
  if (!clientId) say('OIDC_CLIENT_ID', 'is needed with OIDC_ISSUER')
  if (!clientSecret) say('OIDC_CLIENT_SECRET', 'is needed with OIDC_ISSUER')
  if (origins.length === 0)
    say('HONGGUAN_ORIGIN', 'is needed with OIDC_ISSUER: the provider must know where to send people back to')
  return { issuer, clientId, clientSecret, name: given('OIDC_NAME'), usernameClaim: given('OIDC_USERNAME_CLAIM') }
}
