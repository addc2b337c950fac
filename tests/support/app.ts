import { randomUUID } from 'node:crypto'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { type OpenDb, openDb } from '#db/connect.ts'
import type { TenantConfig } from '#db/places/config.ts'
import { placesOf } from '#db/places/places-of.ts'
import { units } from '#db/schema/fleet.ts'
import { communities, firms } from '#db/schema/places.ts'
import type { Grant, Role } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import type { Firm, Unit } from '#domain/units.ts'
import { type App, buildApp, type Parts } from '#server/app.ts'
import { type MovableClock, movableClock } from '#server/clock.ts'
import { type Config, readConfig } from '#server/config.ts'
import { addUser } from '#server/people/accounts.ts'
import { issueApiKey } from '#server/people/api-keys.ts'
import { addTenant } from '#server/places/add-tenant.ts'
import { type HandTicker, handTicker } from '#server/ticker.ts'
import { IDEMPOTENCY_HEADER, TENANT_HEADER } from '#wire/route.ts'
import { cloneDatabase, templateDatabase } from './postgres.ts'

/** A Wednesday morning in Shenyang. */
export const T0: Instant = Date.UTC(2026, 2, 4, 1, 0, 0)
export const PASSWORD = 'a long enough password'

/** A small city: two districts, each with one subdistrict of two neighbourhoods, a community in each, two firms, four units. */
export const CITY = 'testville'
/** A second tenant beside it, with places of the same codes. */
export const OTHER_CITY = 'elsewhere'

export const testCity = (code: string, west = 123): TenantConfig => ({
  code,
  name: { zh: code, en: code },
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  bbox: [west, 41, west + 1, 42],
  centre: [west + 0.5, 41.5],
  emergencyNumbers: { fire: '119', police: '110', medical: '120', gas: '119' },
  places: {
    datum: 'WGS84',
    districts: [
      { code: 'D1', name: { zh: '一区', en: 'District 1' }, centre: [west + 0.4, 41.4] },
      { code: 'D2', name: { zh: '二区', en: 'District 2' }, centre: [west + 0.6, 41.6] },
    ],
    subdistricts: [
      { code: 'S1', districtCode: 'D1', name: '一街道', kind: 'subdistrict' },
      { code: 'S2', districtCode: 'D2', name: '二街道', kind: 'subdistrict' },
    ],
    neighbourhoods: [
      { code: 'N11', subdistrictCode: 'S1', name: '一一社区', kind: 'neighbourhood' },
      { code: 'N12', subdistrictCode: 'S1', name: '一二社区', kind: 'neighbourhood' },
      { code: 'N21', subdistrictCode: 'S2', name: '二一社区', kind: 'neighbourhood' },
    ],
  },
})

const firm = (tenant: string, n: number): Firm => ({
  id: `${tenant}-f${n}`,
  tenant,
  name: `物业企业 00${n}`,
  synthetic: true,
})

const community = (tenant: string, n: number, district: number, neighbourhood: string, west: number): Community => ({
  id: `${tenant}-c${n}`,
  tenant,
  slug: `${tenant}-c${n}`,
  name: `示范小区 ${n}`,
  districtCode: `D${district}`,
  subdistrictCode: `S${district}`,
  neighbourhoodCode: neighbourhood,
  lng: west + 0.2 + 0.2 * district,
  lat: 41.2 + 0.2 * district,
  households: 400,
  firmId: `${tenant}-f${district}`,
  synthetic: true,
})

const unit = (tenant: string, index: number, kind: Unit['kind'], district: number, west: number): Unit => ({
  id: `${tenant}-u${index}`,
  tenant,
  index,
  callsign: `${kind} ${index}`,
  kind,
  skills: ['generalHelp', 'plumbingElectrical'],
  mode: 'ebike',
  firmId: kind === 'volunteer' ? null : `${tenant}-f${district}`,
  homeCommunityId: `${tenant}-c${district}`,
  postLng: west + 0.2 + 0.2 * district,
  postLat: 41.2 + 0.2 * district,
  districtCode: `D${district}`,
  subdistrictCode: `S${district}`,
  duty: 'onDuty',
  dutySince: T0,
  tracked: false,
  synthetic: true,
})

async function fillCity(open: OpenDb, code: string, west: number): Promise<void> {
  const config = testCity(code, west)
  const placed = placesOf(config)
  if (!placed.ok) throw new Error(JSON.stringify(placed.problems))
  await open.db.transaction(async (tx) => {
    await addTenant(tx, config, placed.places)
    await tx.insert(firms).values([firm(code, 1), firm(code, 2)])
    await tx
      .insert(communities)
      .values([
        community(code, 1, 1, 'N11', west),
        community(code, 2, 2, 'N21', west),
        community(code, 3, 1, 'N12', west),
      ])
    await tx
      .insert(units)
      .values([
        unit(code, 1, 'housekeeper', 1, west),
        unit(code, 2, 'crew', 2, west),
        unit(code, 3, 'volunteer', 1, west),
        unit(code, 4, 'housekeeper', 1, west),
      ])
  })
}

/** Where each role of the table belongs in the small city: all around community 1. */
export function grantFor(role: Role, tenant = CITY): Grant {
  const bare: Grant = {
    tenant,
    role,
    districtCode: null,
    subdistrictCode: null,
    neighbourhoodCode: null,
    firmId: null,
    unitId: null,
    ticketId: null,
  }
  switch (role) {
    case 'subdistrictOfficer':
      return { ...bare, subdistrictCode: 'S1' }
    case 'neighbourhoodWorker':
      return { ...bare, neighbourhoodCode: 'N11' }
    case 'providerManager':
      return { ...bare, firmId: `${tenant}-f1` }
    case 'fieldWorker':
      return { ...bare, unitId: `${tenant}-u1` }
    case 'volunteer':
      return { ...bare, unitId: `${tenant}-u3` }
    default:
      return bare
  }
}

export interface Asker {
  userId: string
  username: string
  /** Asks the app as this account, over the API key or the cookie it was made with. */
  ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>
  headers: Record<string, string>
}

export interface TestApp extends OpenDb {
  app: App
  clock: MovableClock
  /** Lets the fleet's and the sockets' beats happen; the clock is moved apart from it. */
  ticker: HandTicker
  url: string
  ask: Asker['ask']
  /** A new account with this grant, which asks with an API key. */
  withRole(role: Role, tenant?: string): Promise<Asker>
  /** A new account with this grant, signed in with name and password (a cookie). */
  signedIn(role: Role, tenant?: string): Promise<Asker>
  account(name: string, grant: Grant, password?: string | null): Promise<string>
  /** Closes the app and builds another on the same database, as a restart does. */
  restart(): Promise<void>
  end(): Promise<void>
}

export interface TestAppOptions {
  env?: Record<string, string>
  parts?: Partial<Parts>
  /** Connections to the database. */
  max?: number
}

/** Tests ask from one address and faster than anybody; those about limits set their own. */
const NO_LIMITS = { signedIn: 1e9, publicReads: 1e9, publicWrites: 1e9, signIns: 1e9, pages: 1e9, loopDelayMs: 0 }

const silent = pino({ level: process.env.HONGGUAN_TEST_LOG ?? 'silent' })

/** The whole server on a database of its own with two small cities in it and a clock that stands still until it is moved. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const template = await templateDatabase('two_cities', async (url) => {
    const open = openDb(url, { max: 1 })
    await fillCity(open, CITY, 123)
    await fillCity(open, OTHER_CITY, 10)
    await open.close()
  })
  const database = await cloneDatabase(template)
  const open = openDb(database.url, { max: options.max ?? 12 })
  const clock = movableClock(T0)
  const ticker = handTicker()
  const build = () =>
    buildApp({
      ...open,
      clock,
      ticker,
      config: testConfig(options.env),
      log: silent,
      secret: 's'.repeat(40),
      version: 'test',
      consoleDir: '/nowhere',
      limits: NO_LIMITS,
      ...options.parts,
    })
  let app = await build()
  let made = 0
  const askWith =
    (headers: Record<string, string>): Asker['ask'] =>
    (method, url, body, more = {}) =>
      app.http.inject({
        method,
        url,
        headers: { ...(method !== 'GET' && { [IDEMPOTENCY_HEADER]: randomUUID() }), ...headers, ...more },
        ...(body && { payload: body }),
      } as InjectOptions)
  const account = async (username: string, grant: Grant, password: string | null = null) => {
    const added = await addUser(open.db, { username, displayName: username, password, grant }, clock.now())
    if ('why' in added) throw new Error(added.why)
    return added.userId
  }
  const asker = (userId: string, username: string, headers: Record<string, string>): Asker => ({
    userId,
    username,
    headers,
    ask: askWith(headers),
  })

  return {
    ...open,
    url: database.url,
    clock,
    ticker,
    get app() {
      return app
    },
    ask: askWith({}),
    account,
    withRole: async (role, tenant = CITY) => {
      const username = `${role.toLowerCase()}-${++made}`
      const userId = await account(username, grantFor(role, tenant))
      const key = await issueApiKey(app.auth, userId, username)
      return asker(userId, username, { authorization: `Bearer ${key}`, [TENANT_HEADER]: tenant })
    },
    signedIn: async (role, tenant = CITY) => {
      const username = `${role.toLowerCase()}-${++made}`
      const userId = await account(username, grantFor(role, tenant), PASSWORD)
      const cookie = await signIn(app, username, PASSWORD)
      return asker(userId, username, { cookie, [TENANT_HEADER]: tenant })
    },
    restart: async () => {
      await app.close()
      app = await build()
    },
    end: async () => {
      await app.close()
      await open.close()
      await database.drop()
    },
  }
}

/** The cookies of a signed-in browser. */
export async function signIn(app: App, username: string, password: string): Promise<string> {
  const answer = await app.http.inject({ method: 'POST', url: '/api/session', payload: { username, password } })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return cookiesOf(answer)
}

export const cookiesOf = (answer: LightMyRequestResponse): string =>
  answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')

export function testConfig(env: Record<string, string> = {}): Config {
  const read = readConfig({ HONGGUAN_PORT: '0', HONGGUAN_DEMO: '0', ...env })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return read.config
}
