import { eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emergencyLog, engagements, selections } from '#db/schema/engagements.ts'
import { events } from '#db/schema/feed.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { SERVING } from '#domain/engagement.ts'
import { HOUR_MS } from '#domain/instant.ts'
import { engagementTimers } from '#server/engagements/engagement-timers.ts'
import { makeEngine } from '#server/engine/engine.ts'
import { type Asker, grantFor } from '#tests/support/app.ts'
import {
  type EngagementWorld,
  engagementWorld,
  firmId,
  moreCommunities,
  poolId,
} from '#tests/support/engagement-world.ts'

const CROWD = 50
let world: EngagementWorld
let officers: Asker[]
let places: string[]

beforeAll(async () => {
  world = await engagementWorld(3, { max: 24 })
  officers = []
  for (let n = 0; n < CROWD; n++)
    officers.push(await world.asking(`officer-${n}`, { ...grantFor('subdistrictOfficer') }))
  places = await moreCommunities(world.app, CROWD)
})
afterAll(() => world.end())

const roomy = { cleaners: 999, guards: 999, liftOperators: 999, moneyAtRisk: 100_000_000 }
const setCapacity = (n: number, changes: Partial<typeof roomy>) =>
  world.app.db
    .update(poolEntries)
    .set({ capacity: { ...roomy, ...changes } })
    .where(eq(poolEntries.id, poolId(n)))
const codesOf = async (answers: readonly ReturnType<Asker['ask']>[]) => {
  const said = await Promise.all(answers)
  return said.map(({ statusCode, body }) => (statusCode === 200 ? 'taken' : (JSON.parse(body).error.code as string)))
}
const counted = (codes: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]))

/** As another server on the same database would. */
const tickOfAnother = () => {
  const { db, clock } = world.app
  const duties = [engagementTimers(() => undefined)]
  const failed = (_duty: string, error: unknown) => {
    throw error
  }
  return makeEngine({ db, clock, duties, onError: failed }).tick()
}

describe('fifty at once', () => {
  test('[EG8, EL1] officers who open a choosing for one community: one is opened, the others are told', async () => {
    await setCapacity(1, {})
    const community = await world.unmanaged(places[0])
    const body = { mode: 'designate', candidates: [{ poolEntryId: poolId(1) }] }
    const codes = await codesOf(
      officers.map((who) => who.ask('POST', `/api/communities/${community}/selections`, body)),
    )
    expect(counted(codes)).toEqual({ taken: 1, wrongStage: CROWD - 1 })
    const opened = await world.app.db.select().from(selections).where(eq(selections.communityId, community))
    expect(opened).toHaveLength(1)

    const id = opened[0]?.id as string
    const decision = { ranked: [poolId(1)], reason: 'fits' }
    const decided = await codesOf(officers.map((who) => who.ask('POST', `/api/selections/${id}/decide`, decision)))
    expect(counted(decided)).toEqual({ taken: 1, wrongStage: CROWD - 1 })
    expect(await world.app.db.$count(engagements, eq(engagements.communityId, community))).toBe(1)
  })

  test('[EG8] ten who say yes and ten who say no to one offer: one answer counts, and the rest are told that it was given', async () => {
    await setCapacity(2, {})
    const community = await world.unmanaged(places[1])
    await world.offered(community, [2])
    const { id } = await world.newest(community)
    const colleagues: Asker[] = []
    for (let n = 0; n < 10; n++)
      colleagues.push(await world.asking(`colleague-${n}`, { role: 'providerManager', firmId: firmId(2) }))
    const tries = [
      ...colleagues.map((who) => who.ask('POST', `/api/engagements/${id}/accept`, {})),
      ...colleagues.map((who) => who.ask('POST', `/api/engagements/${id}/decline`, { reason: 'no people' })),
    ]
    const codes = await codesOf(tries)
    expect(counted(codes)).toEqual({ taken: 1, wrongStage: tries.length - 1 })
    const log = await world.app.db.select().from(emergencyLog).where(eq(emergencyLog.subjectId, id))
    expect(log.filter(({ kind }) => kind === 'accept' || kind === 'decline')).toHaveLength(1)
  })

  test('[EG8, EL3] offers of one firm with people for twenty of them: twenty are taken, and none is promised twice', async () => {
    const most = 20
    await setCapacity(1, {})
    const asked = places.slice(2)
    await Promise.all(asked.map((community) => world.unmanaged(community).then((id) => world.offered(id, [1]))))
    // Each needs two cleaners.
    await setCapacity(1, { cleaners: most * 2 })
    const ids = await world.app.db
      .select({ id: engagements.id })
      .from(engagements)
      .where(inArray(engagements.communityId, asked))
    const provider = world.providers[0] as Asker
    const codes = await codesOf(ids.map(({ id }) => provider.ask('POST', `/api/engagements/${id}/accept`, {})))
    expect(counted(codes)).toEqual({ taken: most, noCapacity: asked.length - most })
    const accepted = await world.app.db.$count(engagements, eq(engagements.status, 'accepted'))
    expect(accepted).toBeGreaterThanOrEqual(most)
    const told = await world.app.db.select().from(events).where(eq(events.kind, 'engagement:accepted'))
    const ofFirm = told.filter(({ state }) => state.engagements?.[0]?.firmId === firmId(1))
    expect(ofFirm).toHaveLength(most)
  })

  test('[EG8, EG7] no’s to fifty offers whose lists go on in opposite orders: nobody waits for ever, and each list is exhausted', async () => {
    const communities = await moreCommunities(world.app, CROWD, 'opposite')
    for (const firm of [1, 2, 3]) await setCapacity(firm, {})
    for (const [n, id] of communities.entries()) {
      await world.unmanaged(id)
      await world.offered(id, n % 2 === 0 ? [3, 1, 2] : [3, 2, 1])
    }
    await setCapacity(1, { cleaners: 0 })
    await setCapacity(2, { cleaners: 0 })
    const rows = await world.app.db
      .select({ id: engagements.id })
      .from(engagements)
      .where(inArray(engagements.communityId, communities))
    const third = world.providers[2] as Asker
    const no = { reason: 'no people' }
    const before = await world.app.db.$count(emergencyLog, eq(emergencyLog.kind, 'exhaust'))
    const codes = await codesOf(rows.map(({ id }) => third.ask('POST', `/api/engagements/${id}/decline`, no)))
    expect(counted(codes)).toEqual({ taken: CROWD })
    expect((await world.app.db.$count(emergencyLog, eq(emergencyLog.kind, 'exhaust'))) - before).toBe(CROWD)
  })

  test('[EG8, EG7] two engines that end the same fifty offers at once end each once, and each list is exhausted once', async () => {
    const waiting = await world.app.db.$count(engagements, eq(engagements.status, 'offered'))
    expect(waiting).toBeGreaterThan(20)
    world.app.clock.advance(25 * HOUR_MS)
    await Promise.all([world.app.app.engine.tick(), tickOfAnother(), tickOfAnother()])
    await world.app.app.engine.tick()
    expect(await world.app.db.$count(engagements, eq(engagements.status, 'offered'))).toBe(0)
    const log = await world.app.db.select().from(emergencyLog)
    const per = (kind: string) => counted(log.filter((one) => one.kind === kind).map(({ subjectId }) => subjectId))
    expect(Object.values(per('expire'))).toEqual(Array.from({ length: waiting }, () => 1))
    expect(Math.max(...Object.values(per('exhaust')))).toBe(1)
    const serving = await world.app.db
      .select()
      .from(engagements)
      .where(inArray(engagements.status, [...SERVING]))
    expect(serving).toEqual([])
  })
})
