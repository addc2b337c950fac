import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { units } from '#db/schema/fleet.ts'
import { communities } from '#db/schema/places.ts'
import type { Asked } from '#domain/cover.ts'
import { type CoverState, inOrder, isInsideAt } from '#domain/cover-state.ts'
import { offsetM } from '#domain/geo.ts'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import { openCover } from '#server/cover/cover.ts'
import { type Asker, CITY, grantFor, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { type OpenConsole, openConsole } from '#tests/support/console-socket.ts'

const [U1, U2, U3, U4] = [1, 2, 3, 4].map((n) => `${CITY}-u${n}`) as [string, string, string, string]
const [C1, C2, C3] = [1, 2, 3].map((n) => `${CITY}-c${n}`) as [string, string, string]
let world: TestApp
let dispatcher: Asker
let url: string
const opened: OpenConsole[] = []

beforeAll(async () => {
  world = await startTestApp()
  dispatcher = await world.withRole('dispatcher')
  url = await world.app.listen()
  await world.db.execute(
    sql`update units set tracked = true, duty_since = ${new Date(T0 - 1_000).toISOString()}::timestamptz`,
  )
  await world.db.execute(sql`insert into consents (id, tenant, unit_id, text_version, given_at, given_by)
    select id, tenant, id, '1', ${new Date(T0 - 1_000).toISOString()}::timestamptz, id from units where tenant = ${CITY}`)
  // A kilometre and a half apart from the first: nobody covers both from where the other is.
  const [lng, lat] = offsetM([123.4, 41.4], 1_500, 0)
  await world.db.update(communities).set({ lng, lat, households: 700 }).where(eq(communities.id, C3))
  await world.db
    .update(units)
    .set({ skills: ['unlocking'] })
    .where(eq(units.id, U4))
  await world.app.fleet.reloadAll()
})
afterEach(() => {
  for (const { socket } of opened.splice(0)) socket.disconnect()
})
afterAll(() => world.end())

const stand = (unitId: string, eastM: number) => {
  const [lng, lat] = offsetM([123.4, 41.4], eastM, 0)
  const unknown = { accuracyM: 5, speedMps: null, headingDeg: null, altitudeM: null, batteryPct: null }
  world.app.fleet.take(unitId, [{ at: world.clock.now(), lng, lat, source: 'device', ...unknown }], world.clock.now())
}
async function setDuty(unitId: string, duty: 'onDuty' | 'busy' | 'offDuty'): Promise<void> {
  await world.db.update(units).set({ duty }).where(eq(units.id, unitId))
  await world.app.fleet.reload([unitId])
}
async function asked(path = '/api/cover', who = dispatcher): Promise<CoverState> {
  const answer = await who.ask('GET', path)
  expect(answer.statusCode).toBe(200)
  return answer.json()
}
const order = inOrder([C1, C2, C3].map((id) => ({ id }))).map(({ id }) => id)
const insideOf = ({ inside }: CoverState) => order.filter((_, place) => isInsideAt(inside, place))

describe('the live cover', () => {
  test('[CV5] counts who is free and seen now, and says how many are free and not seen', async () => {
    expect(await asked()).toMatchObject({ covered: { communities: 0, households: 0 }, counted: 0, unseen: 4 })
    stand(U1, 0)
    const one = await asked()
    expect(one).toMatchObject({ covered: { communities: 1, households: 400 }, counted: 1, unseen: 3 })
    expect(one.all).toEqual({ communities: 3, households: 1_500 })
    expect(insideOf(one)).toEqual([C1])
    stand(U4, 1_500)
    expect(insideOf(await asked())).toEqual([C1, C3])
    expect(insideOf(await asked('/api/cover?skill=unlocking'))).toEqual([C3])
  })

  test('[CV5] loses who takes a task at once, and who is not heard of any more when that is no longer fresh', async () => {
    await setDuty(U1, 'busy')
    expect(insideOf(await asked())).toEqual([C3])
    await setDuty(U1, 'onDuty')
    expect(insideOf(await asked())).toEqual([C1, C3])
    world.clock.advance(MINUTE_MS + SECOND_MS)
    expect(await asked()).toMatchObject({ covered: { communities: 0, households: 0 }, counted: 0, unseen: 4 })
  })

  test('[CV3] after any course of duties and positions is what it is made anew', async () => {
    const random = seededRandom(7, 'cover')
    for (let turn = 0; turn < 25; turn++) {
      const unitId = [U1, U2, U3, U4][wholeBetween(random, 0, 3)] as string
      if (wholeBetween(random, 0, 2) === 0)
        await setDuty(unitId, (['onDuty', 'busy', 'offDuty'] as const)[wholeBetween(random, 0, 2)] as 'onDuty')
      else stand(unitId, wholeBetween(random, -1_500, 3_000))
      world.clock.advance(20 * SECOND_MS)
      const kept = await asked()
      const covers = [...world.app.fleet.units(CITY)].filter(({ id, duty }) => {
        const fix = world.app.fleet.last(id)
        return duty === 'onDuty' && fix !== null && world.clock.now() - fix.receivedAt <= MINUTE_MS
      })
      expect(kept.counted).toBe(covers.length)
      // Nothing counts that a server started now, with the same positions, would not count.
      const anew = openCover({ db: world.db, clock: world.clock, ticker: world.ticker, fleet: world.app.fleet })
      expect(await anew.state(CITY, null)).toEqual(kept)
      anew.stop()
    }
  })

  test('[CV4] a move is proposed where it restores most, and never a volunteer’s', async () => {
    for (const unitId of [U1, U2, U3, U4]) await setDuty(unitId, 'offDuty')
    await setDuty(U3, 'onDuty')
    world.clock.advance(10 * SECOND_MS)
    stand(U3, 5_000)
    expect((await dispatcher.ask('GET', '/api/cover/moves')).json().moves).toEqual([])
    await setDuty(U1, 'onDuty')
    stand(U1, 3_000)
    world.clock.advance(10 * SECOND_MS)
    const { moves } = (await dispatcher.ask('GET', '/api/cover/moves')).json()
    expect(moves).toHaveLength(1)
    expect(moves[0]).toMatchObject({ unitId: U1, placeId: C3, gained: { communities: 1, households: 700 } })
  })
})

async function open(who: Asker): Promise<OpenConsole> {
  const console = await openConsole(url, who.headers, CITY)
  if (typeof console === 'string') throw new Error(console)
  opened.push(console)
  return console
}
const watch = ({ socket }: OpenConsole, about: Asked | false): Promise<CoverState | null> =>
  socket.emitWithAck('cover:watch', about)

describe('a console that watches the cover', () => {
  test('[CV6] is answered with how it is, then told changes once in two seconds, and that all is as it was', async () => {
    for (const unitId of [U1, U2, U3, U4]) await setDuty(unitId, 'offDuty')
    const console = await open(dispatcher)
    const told: CoverState[] = []
    console.socket.on('cover:state', (state) => told.push(state))
    const next = () => new Promise<void>((resolve) => console.socket.once('cover:state', () => resolve()))
    expect(await watch(console, null)).toMatchObject({ counted: 0 })
    await setDuty(U1, 'onDuty')
    for (let metres = 0; metres < 10; metres++) {
      world.clock.advance(100)
      stand(U1, metres)
    }
    const first = next()
    world.ticker.pass(2 * SECOND_MS)
    await first
    expect(told.map(({ counted }) => counted)).toEqual([1])
    const still = next()
    for (let beat = 0; beat < 3; beat++) {
      world.ticker.pass(2 * SECOND_MS)
      await world.db.execute(sql`select 1`)
    }
    await still
    expect(told).toHaveLength(2)
    await watch(console, false)
    world.clock.advance(SECOND_MS)
    stand(U1, 1_500)
    world.ticker.pass(4 * SECOND_MS)
    expect(await watch(console, 'heating')).toMatchObject({ asked: 'heating', counted: 0 })
    expect(told).toHaveLength(2)
  })

  test('[CV6] without the right is told nothing, and loses it with the right', async () => {
    const provider = await open(await world.withRole('providerManager'))
    expect(await watch(provider, null)).toBeNull()
    const [admin, other] = [await world.withRole('cityAdmin'), await world.withRole('dispatcher')]
    const console = await open(other)
    expect(await watch(console, null)).not.toBeNull()
    const resync = new Promise((resolve) => console.socket.once('feed:resync', resolve))
    const { role, firmId } = grantFor('providerManager')
    await admin.ask('POST', `/api/accounts/${other.userId}/grants`, { grants: [{ role, firmId }] })
    await resync
    expect(await watch(console, null)).toBeNull()
  })

  test('[CV6] that asks nonsense is cut', async () => {
    const console = await open(dispatcher)
    console.socket.emit('cover:watch', 'everything' as never, () => undefined)
    expect(await console.closed).toBe('io server disconnect')
  })
})
