import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consents, units } from '#db/schema/fleet.ts'
import { ACTIONS, type Action, ROLES, type Role, scopeOf } from '#domain/access.ts'
import type { RegisteredRoute } from '#server/doors/http/registered.ts'
import { type Asker, CITY, OTHER_CITY, startTestApp, type TestApp } from '#tests/support/app.ts'
import { WIRE_ROUTES } from '#tests/support/wire-routes.ts'
import { CELLS_ACROSS } from '#wire/fleet-cells.ts'
import { decodeFrame } from '#wire/fleet-frame.ts'
import { CONSOLE_SOCKET_PATH, type FromConsole, type ToConsole } from '#wire/sockets.ts'

/** Routes of wire/ that need no account. A new one must be put here by hand: that is the point of this list. */
const PUBLIC = [
  'GET /api/clock',
  'GET /api/session/oidc',
  'GET /api/sign-in',
  'GET /api/auth/callback/:provider',
  'GET /api/tenants',
  'GET /health/live',
  'GET /health/ready',
  'GET /api/r/:slug',
  'GET /api/lotteries/:id',
  'GET /api/notices/:slug',
  'GET /api/calendar/:token',
  'POST /api/r/:slug/tickets',
  'GET /api/t/:token',
  'POST /api/t/:token/photos',
  'POST /api/t/:token/rating',
  ...['services', 'services/:code', 'requests', 'requests/:id', 'tokens/:token'].flatMap((path) => [
    `GET /open311/v2/${path}.json`,
    `GET /open311/v2/${path}.xml`,
  ]),
  'POST /open311/v2/requests.json',
  'POST /open311/v2/requests.xml',
  'POST /api/session',
  'POST /api/session/code',
  'DELETE /api/session',
]

/** Routes that are not of wire/: pages, the API reference, and doors whose callers are devices with secrets of their own. */
const NOT_WIRE = [
  'GET /*',
  'GET /api/docs',
  'GET /api/docs/*',
  'GET /metrics',
  'GET /devices',
  'GET /osmand',
  'POST /osmand',
  'POST /owntracks',
]

/** What a console may send over its socket, and the right it needs: an event that is not here does not compile. */
const SOCKET_EVENTS: Record<keyof FromConsole, Action> = {
  'fleet:watch': 'fleet.watch',
  'cover:watch': 'cover.read',
}
/** What opens the socket at all. */
const SOCKET_ACTION: Action = 'feed.read'

const GRANTED = ROLES.filter((role) => role !== 'resident')
const NO_SUCH = 'none-such'

let app: TestApp
const askers = new Map<Role, Asker>()
let routes: RegisteredRoute[]

beforeAll(async () => {
  app = await startTestApp()
  for (const role of GRANTED) askers.set(role, await app.withRole(role))
  // HEAD is answered by its GET, behind the same door.
  routes = app.app.routes.filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
})
afterAll(() => app.end())

const nameOf = ({ method, path }: RegisteredRoute) => `${method} ${path}`
const filled = (path: string) => path.replaceAll(/:\w+/g, NO_SUCH)
const codeOf = (answer: { statusCode: number; body: string }): string => {
  try {
    return JSON.parse(answer.body).error?.code ?? String(answer.statusCode)
  } catch {
    return String(answer.statusCode)
  }
}
const ask = (asker: Pick<Asker, 'ask'>, { method, path }: RegisteredRoute) =>
  asker.ask(method as 'GET', filled(path), method === 'GET' || method === 'DELETE' ? undefined : {})

describe('every route', () => {
  test('[AC1] is either public by this list, no route of wire/ by this list, or needs an action of the table', () => {
    expect(
      routes
        .filter(({ action }) => action === 'public')
        .map(nameOf)
        .sort(),
    ).toEqual(PUBLIC.toSorted())
    expect(
      routes
        .filter(({ action }) => action === null)
        .map(nameOf)
        .filter((name) => !NOT_WIRE.includes(name)),
    ).toEqual([])
    const actions = routes.map(({ action }) => action).filter((action) => action !== null && action !== 'public')
    expect(actions.filter((action) => !ACTIONS.includes(action))).toEqual([])
  })

  test('that is said in wire/ is served', () => {
    const served = routes.map(nameOf)
    expect([...WIRE_ROUTES.keys()].filter((name) => !served.includes(name))).toEqual([])
  })

  test('[AC2] answers each role as domain/access.ts says, and nobody at all', async () => {
    const guarded = routes.filter(({ action }) => action !== null && action !== 'public')
    expect(guarded.length).toBeGreaterThan(20)
    const wrong: string[] = []
    for (const route of guarded) {
      const nobody = codeOf(await ask(app, route))
      if (nobody !== 'notSignedIn') wrong.push(`nobody may ${nameOf(route)}: ${nobody}`)
      for (const [role, asker] of askers) {
        const may = [route.action, route.orAction].some(
          (action) => action !== null && scopeOf(role, action as Action) !== undefined,
        )
        const answer = await ask(asker, route)
        const isRefused = answer.statusCode === 403 && codeOf(answer) === 'notAllowed'
        if (isRefused === may || codeOf(answer) === 'notSignedIn' || answer.statusCode >= 500)
          wrong.push(`${role} ${nameOf(route)}: ${codeOf(answer)}, table says ${may}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  test('[AC2] refuses an account without grants, and one whose grants are in another tenant', async () => {
    const admin = await app.withRole('cityAdmin', OTHER_CITY)
    const wrong: string[] = []
    for (const route of routes.filter(({ action }) => action !== null && action !== 'public')) {
      const here = codeOf(
        await ask({ ask: (method, url, body) => admin.ask(method, url, body, { 'x-tenant': CITY }) }, route),
      )
      if (here !== 'notAllowed') wrong.push(`${nameOf(route)}: ${here}`)
    }
    expect(wrong).toEqual([])
  }, 60_000)
})

type ConsoleSocket = Socket<ToConsole, FromConsole>

/** Opens a console's socket, or answers why not. */
function openSocket(address: string, headers: Record<string, string>, tenant = CITY): Promise<ConsoleSocket | string> {
  const socket: ConsoleSocket = io(address, {
    path: CONSOLE_SOCKET_PATH,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
    auth: { tenant },
  })
  return new Promise((resolve) => {
    socket.on('hello', () => resolve(socket))
    socket.on('connect_error', (error) => resolve(error.message))
  })
}

const EVERYWHERE = { west: 0, east: CELLS_ACROSS - 1, north: 0, south: CELLS_ACROSS - 1 }

async function unitsWatched(socket: ConsoleSocket): Promise<number[]> {
  const frame = decodeFrame(new Uint8Array(await socket.emitWithAck('fleet:watch', EVERYWHERE)))
  return (frame?.cells ?? []).flatMap((cell) => cell.seen.map(({ index }) => index)).sort()
}

describe('every socket event', () => {
  let address: string
  const now = () => app.clock.now()

  beforeAll(async () => {
    address = await app.app.listen()
    await app.db.update(units).set({ tracked: true })
    const all = await app.db.select().from(units)
    const given = all.map(({ id, tenant }) => ({
      id: `${id}-consent`,
      tenant,
      unitId: id,
      textVersion: 't',
      givenAt: now(),
      givenBy: 't',
    }))
    await app.db.insert(consents).values(given)
    await app.app.fleet.reloadAll()
    for (const { id, postLng: lng, postLat: lat } of all) {
      const unknown = { accuracyM: 5, speedMps: null, headingDeg: null, altitudeM: null, batteryPct: null }
      app.app.fleet.take(id, [{ at: now(), lng, lat, source: 'device', ...unknown }], now())
    }
  })

  test('[AC1] is open to a role as domain/access.ts says: the socket by feed.read, the map by fleet.watch and its scope', async () => {
    expect(await openSocket(address, {})).toBe('notSignedIn')
    const told: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const [role, asker] of askers) {
      const socket = await openSocket(address, asker.headers)
      told[role] = typeof socket === 'string' ? socket : await unitsWatched(socket)
      if (typeof socket !== 'string') socket.disconnect()
      const scope = scopeOf(role, SOCKET_EVENTS['fleet:watch'])
      const seen = scope === 'tenant' ? [1, 2, 3, 4] : scope === 'firm' ? [1, 4] : []
      expected[role] = scopeOf(role, SOCKET_ACTION) === undefined ? 'notAllowed' : seen
    }
    expect(told).toEqual(expected)
  })

  test('[AC1] in a tenant where the account has no grant opens nothing, and from a page of another site neither', async () => {
    const dispatcher = askers.get('dispatcher') as Asker
    expect(await openSocket(address, dispatcher.headers, OTHER_CITY)).toBe('notAllowed')
    expect(typeof (await openSocket(address, { ...dispatcher.headers, origin: 'https://evil.example' }))).toBe('string')
  })

  test('[AC6] follows a change of grants while it is open, and [AC5] closes when the account is disabled', async () => {
    const [admin, dispatcher] = [await app.withRole('cityAdmin'), await app.withRole('dispatcher')]
    const socket = await openSocket(address, dispatcher.headers)
    if (typeof socket === 'string') throw new Error(socket)
    expect(await unitsWatched(socket)).toEqual([1, 2, 3, 4])
    const resync = new Promise((resolve) => socket.once('feed:resync', resolve))
    const frame = new Promise<Uint8Array>((resolve) => socket.once('fleet:frame', resolve))
    await admin.ask('POST', `/api/accounts/${dispatcher.userId}/grants`, {
      grants: [{ role: 'neighbourhoodWorker', neighbourhoodCode: 'N11' }],
    })
    expect(await resync).toBe('rightsChanged')
    expect(decodeFrame(new Uint8Array(await frame))?.cells).toEqual([])
    expect(await unitsWatched(socket)).toEqual([])
    const closed = new Promise((resolve) => socket.once('disconnect', resolve))
    await admin.ask('POST', `/api/accounts/${dispatcher.userId}/disable`)
    expect(await closed).toBe('io server disconnect')
  })

  test('[AC5] signing out closes the sockets of that session', async () => {
    const dispatcher = await app.signedIn('dispatcher')
    const socket = await openSocket(address, { cookie: dispatcher.headers.cookie ?? '' })
    if (typeof socket === 'string') throw new Error(socket)
    const closed = new Promise((resolve) => socket.once('disconnect', resolve))
    await dispatcher.ask('DELETE', '/api/session')
    expect(await closed).toBe('io server disconnect')
  })
})
