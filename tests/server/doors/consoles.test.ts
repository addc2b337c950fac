import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '#domain/access.ts'
import { type Asker, CITY, grantFor, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { type OpenConsole, openConsole } from '#tests/support/console-socket.ts'
import { CELLS_ACROSS } from '#wire/fleet-cells.ts'

const EVERYWHERE = { west: 0, east: CELLS_ACROSS - 1, north: 0, south: CELLS_ACROSS - 1 }
const [U1, U2] = [`${CITY}-u1`, `${CITY}-u2`]
let world: TestApp
let url: string
const opened: OpenConsole[] = []

beforeAll(async () => {
  world = await startTestApp()
  url = await world.app.listen()
  await world.db.execute(sql`update units set tracked = true where tenant = ${CITY}`)
  await world.db.execute(sql`insert into consents (id, tenant, unit_id, text_version, given_at, given_by)
    select id, tenant, id, '1', ${new Date(T0 - 1_000).toISOString()}::timestamptz, id from units where tenant = ${CITY}`)
  await world.db.execute(sql`update units set duty_since = ${new Date(T0 - 1_000).toISOString()}::timestamptz`)
  await world.app.fleet.reloadAll()
})
afterEach(() => {
  for (const { socket } of opened.splice(0)) socket.disconnect()
})
afterAll(() => world.end())

async function open(who: Asker, headers: Record<string, string> = {}): Promise<OpenConsole> {
  const console = await openConsole(url, { ...who.headers, ...headers }, CITY)
  if (typeof console === 'string') throw new Error(console)
  opened.push(console)
  return console
}
const as = (role: Role) => world.withRole(role)
const move = (unitId: string, seconds: number, east = 0) =>
  world.app.fleet.take(
    unitId,
    [
      {
        at: T0 + seconds * 1_000,
        lng: 123.4 + east,
        lat: 41.4,
        accuracyM: 5,
        speedMps: null,
        headingDeg: null,
        altitudeM: null,
        batteryPct: null,
        source: 'page',
      },
    ],
    T0 + seconds * 1_000,
  )
const last = async () => {
  await world.app.publisher.look()
  return world.app.publisher.position(CITY)?.seq ?? 0
}

describe('opening a console’s socket', () => {
  test('[CO1] without an account, without rights, or from a foreign page it stays shut', async () => {
    const dispatcher = await as('dispatcher')
    expect(await openConsole(url, {}, CITY)).toBe('notSignedIn')
    expect(await openConsole(url, { authorization: 'Bearer nobody' }, CITY)).toBe('notSignedIn')
    expect(await openConsole(url, dispatcher.headers, 'elsewhere')).toBe('notAllowed')
    expect(await openConsole(url, { ...dispatcher.headers, origin: 'https://evil.example' }, CITY)).toBe(
      'websocket error',
    )
    expect(typeof (await openConsole(url, { ...dispatcher.headers, origin: url }, CITY))).toBe('object')
  })

  test('[CO1] what is no window, or too many in a second, ends it', async () => {
    const dispatcher = await as('dispatcher')
    for (const nonsense of [
      'x',
      5,
      {},
      { west: -1, east: 1, north: 0, south: 1 },
      { west: 0.5, east: 1, north: 0, south: 1 },
    ]) {
      const console = await open(dispatcher)
      console.socket.emit('fleet:watch', nonsense as never, () => undefined)
      expect(await console.closed).toBe('io server disconnect')
    }
    const eager = await open(dispatcher)
    for (let n = 0; n < 30; n++) eager.socket.emit('fleet:watch', null, () => undefined)
    expect(await eager.closed).toBe('io server disconnect')
  })
})

describe('an open console', () => {
  test('[FD2] hears events in joined ranges from its hello on', async () => {
    const dispatcher = await as('dispatcher')
    const from = await last()
    const console = await open(dispatcher)
    for (const duty of ['offDuty', 'onDuty', 'offDuty', 'onDuty'])
      await dispatcher.ask('POST', `/api/units/${U2}/duty`, { duty })
    await console.until(() => console.ranges.at(-1)?.to === from + 4)
    expect(console.ranges[0]?.from).toBe(from + 1)
    expect(console.ranges.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual(
      [1, 2, 3, 4].map((n) => from + n),
    )
  })

  test('[FD3] a firm’s console hears ranges without what is not its firm’s', async () => {
    const [dispatcher, provider] = [await as('dispatcher'), await as('providerManager')]
    const from = await last()
    const console = await open(provider)
    for (const [unit, duty] of [
      [U2, 'offDuty'],
      [U1, 'offDuty'],
      [U2, 'onDuty'],
      [U1, 'onDuty'],
    ]) {
      await dispatcher.ask('POST', `/api/units/${unit}/duty`, { duty })
    }
    await console.until(() => console.ranges.at(-1)?.to === from + 4)
    const units = console.ranges.flatMap(({ events }) =>
      events.flatMap(({ state }) => state.units?.map(({ id }) => id)),
    )
    expect(units).toEqual([U1, U1])
  })

  test('[FL11] sees the fleet in its window: a snapshot first, then what changes', async () => {
    const console = await open(await as('dispatcher'))
    move(U1, 1)
    await console.watch(EVERYWHERE)
    expect([...console.picture.keys()]).toEqual([1])
    move(U2, 2, 0.001)
    world.ticker.pass(250)
    await console.until(() => console.picture.has(2))
    expect(console.frames).toBe(2)
  })

  test('[FL10] one who may not watch the fleet gets an empty picture', async () => {
    move(U1, 3)
    const console = await open(await as('fieldWorker'))
    await console.watch(EVERYWHERE)
    world.ticker.pass(250)
    expect(console.picture.size).toBe(0)
  })

  test('[CO3] hears the truth each second', async () => {
    const console = await open(await as('dispatcher'))
    await last()
    world.ticker.pass(1_000)
    await console.until(() => console.truths.length > 0)
    expect(console.truths[0]).toMatchObject({ now: T0, seq: await last(), onDuty: 4, epoch: expect.any(String) })
  })
})

describe('a cut feed', () => {
  test('[CO3] while the log cannot be read nothing is heard, and then the truth again', async () => {
    const console = await open(await as('dispatcher'))
    await world.db.execute(sql`alter table feed_heads rename to feed_heads_away`)
    for (let second = 0; second < 10; second++) world.ticker.pass(1_000)
    // What is sent after them has come: so have the truths.
    await console.watch(null)
    expect(console.truths.length).toBeGreaterThan(0)
    expect(console.truths.length).toBeLessThanOrEqual(3)
    await world.db.execute(sql`alter table feed_heads_away rename to feed_heads`)
    // A look that was under way may still fail.
    await expect.poll(() => last().catch(() => null)).not.toBeNull()
    const heard = console.truths.length
    world.ticker.pass(1_000)
    await console.until(() => console.truths.length > heard)
  })
})

describe('rights', () => {
  test('[CO2] other grants move an open console to another group and another fleet, with a snapshot to begin from', async () => {
    const [admin, manager, dispatcher] = [await as('cityAdmin'), await as('manager'), await as('dispatcher')]
    const console = await open(manager)
    move(U1, 4)
    move(U2, 5)
    await console.watch(EVERYWHERE)
    expect([...console.picture.keys()].sort()).toEqual([1, 2])
    const grants = [{ role: 'providerManager', firmId: `${CITY}-f1` }]
    expect((await admin.ask('POST', `/api/accounts/${manager.userId}/grants`, { grants })).statusCode).toBe(200)
    await console.until(() => console.resyncs.includes('rightsChanged') && console.picture.size === 1)
    expect([...console.picture.keys()]).toEqual([1])
    const from = await last()
    await dispatcher.ask('POST', `/api/units/${U2}/duty`, { duty: 'offDuty' })
    await dispatcher.ask('POST', `/api/units/${U2}/duty`, { duty: 'onDuty' })
    await console.until(() => console.ranges.at(-1)?.to === from + 2)
    expect(console.ranges.filter((range) => range.from > from).flatMap(({ events }) => events)).toEqual([])
  })

  test('[CO2] a disabled account loses its open socket and cannot open another', async () => {
    const [admin, dispatcher] = [await as('cityAdmin'), await as('dispatcher')]
    const console = await open(dispatcher)
    expect((await admin.ask('POST', `/api/accounts/${dispatcher.userId}/disable`)).statusCode).toBe(200)
    expect(await console.closed).toBe('io server disconnect')
    expect(await openConsole(url, dispatcher.headers, CITY)).toBe('notSignedIn')
  })
})

describe('reach', () => {
  test('[CO4] a unit is reachable while a page of its own is open; whoever may see it is told, others are not', async () => {
    const [dispatcher, provider, volunteer] = [
      await open(await as('dispatcher')),
      await open(await as('providerManager')),
      await as('volunteer'),
    ]
    const unit = grantFor('volunteer').unitId ?? ''
    expect(world.app.fleet.isReachable(unit)).toBe(false)
    const [one, two] = [await open(volunteer), await open(volunteer)]
    world.ticker.pass(1_000)
    await dispatcher.until(() => dispatcher.reach.length > 0)
    expect(dispatcher.reach).toEqual([{ joined: [unit], left: [] }])
    expect(world.app.fleet.isReachable(unit)).toBe(true)
    one.socket.disconnect()
    two.socket.disconnect()
    await expect.poll(() => world.app.fleet.isReachable(unit)).toBe(false)
    world.ticker.pass(1_000)
    await dispatcher.until(() => dispatcher.reach.length > 1)
    expect(dispatcher.reach[1]).toEqual({ joined: [], left: [unit] })
    expect(provider.reach).toEqual([])
  })
})
