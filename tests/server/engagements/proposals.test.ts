import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { selections } from '#db/schema/engagements.ts'
import { poolEntries } from '#db/schema/pool.ts'
import type { CommunityCase } from '#domain/community.ts'
import { propose, withdrawProposals } from '#server/engagements/proposals.ts'
import { announce } from '#server/engagements/record.ts'
import { type Asker, CITY } from '#tests/support/app.ts'
import {
  type EngagementWorld,
  engagementWorld,
  firmId,
  moreCommunities,
  poolId,
  taken,
} from '#tests/support/engagement-world.ts'

let world: EngagementWorld
let places: string[]

beforeAll(async () => {
  world = await engagementWorld(3)
  const capacity = { cleaners: 99, guards: 99, liftOperators: 99, moneyAtRisk: 10_000_000 }
  await world.app.db.update(poolEntries).set({ capacity })
  places = await moreCommunities(world.app, 4)
  for (const id of places) await world.unmanaged(id)
})
afterAll(() => world.end())

const act = () => ({
  tenant: CITY,
  actor: { kind: 'user' as const, id: world.officer.userId },
  now: world.app.clock.now(),
})
const published = (planId: string, pairs: readonly [string, number][]) => {
  world.app.clock.advance(1_000)
  const wanted = pairs.map(([communityId, n]) => {
    const ranked = [1, 2, 3].filter((one) => one !== n).map(firmId)
    return { communityId, providerId: firmId(n), ranked }
  })
  return world.app.db.transaction(async (tx) => {
    const done = await propose(tx, { planId, places: wanted, reason: 'agreed' }, act())
    await announce(tx, done.pending)
    return done
  })
}
const caseOf = async (id: string) =>
  (await taken<{ case: CommunityCase }>(world.officer.ask('GET', `/api/communities/${id}`))).case

describe('a published plan', () => {
  test('[EL7] makes proposals in its own order that an officer approves with one decision', async () => {
    const [a, b] = places as [string, string]
    const { engagements, left } = await published('plan-1', [
      [a, 3],
      [b, 1],
    ])
    expect(left).toEqual([])
    expect(engagements.map(({ communityId, firmId, status, planId }) => [communityId, firmId, status, planId])).toEqual(
      [
        [a, firmId(3), 'proposed', 'plan-1'],
        [b, firmId(1), 'proposed', 'plan-1'],
      ],
    )
    expect(await caseOf(a)).toMatchObject({ status: 'selecting' })
    const { selectionId, id } = await world.newest(a)
    const approved = { ranked: [poolId(3), poolId(1)], reason: 'as planned' }
    await taken(world.officer.ask('POST', `/api/selections/${selectionId}/decide`, approved))
    expect(await world.newest(a)).toMatchObject({ id, status: 'offered', rank: 1, reason: 'as planned' })
  })

  test('[EL7] replaces an earlier proposal, and touches neither an offer that is out nor a choosing by hand', async () => {
    const [a, b, c] = places as [string, string, string]
    const body = { mode: 'designate', candidates: [{ poolEntryId: poolId(1) }] }
    await taken((world.officer as Asker).ask('POST', `/api/communities/${c}/selections`, body))
    const { engagements, left } = await published('plan-2', [
      [a, 2],
      [b, 2],
      [c, 2],
    ])
    expect(engagements.map(({ communityId }) => communityId)).toEqual([b])
    expect(left).toEqual([
      { communityId: a, why: 'alreadyEngaged' },
      { communityId: c, why: 'wrongStage' },
    ])
    expect(await world.newest(a)).toMatchObject({ firmId: firmId(3), status: 'offered' })
    expect(await world.newest(b)).toMatchObject({ firmId: firmId(2), status: 'proposed', planId: 'plan-2' })
    const rows = await world.app.db.select().from(selections).where(eq(selections.communityId, b))
    expect(rows.map(({ status }) => status).sort()).toEqual(['cancelled', 'open'])
  })

  test('[EL7, EL3] names the firm that may not be engaged, and proposes nothing for it', async () => {
    const d = places[3] as string
    await world.app.db
      .update(poolEntries)
      .set({ status: 'suspended' })
      .where(eq(poolEntries.id, poolId(3)))
    expect(await published('plan-3', [[d, 3]])).toMatchObject({
      engagements: [],
      left: [{ communityId: d, why: 'notInPool' }],
    })
    expect(await caseOf(d)).toMatchObject({ status: 'unmanaged' })
    const { engagements } = await published('plan-3', [[d, 2]])
    expect(engagements).toHaveLength(1)
    const [row] = await world.app.db.select().from(selections).where(eq(selections.communityId, d))
    expect(row?.candidates.map(({ poolEntryId }) => poolEntryId)).toEqual([poolId(2), poolId(1)])
  })

  test('[EL7] rolled back takes its proposals with it, and leaves what an officer has approved', async () => {
    const [a, b, c, d] = places as [string, string, string, string]
    const back = await world.app.db.transaction(async (tx) => {
      const done = await withdrawProposals(tx, { communityIds: [a, b, c, d], reason: 'rolled back' }, act())
      await announce(tx, done.pending)
      return done
    })
    expect([back.withdrawn, back.kept]).toEqual([
      [b, d],
      [a, c],
    ])
    expect(await caseOf(b)).toMatchObject({ status: 'unmanaged' })
    expect(await world.newest(b)).toMatchObject({ status: 'ended', endReason: 'withdrawn' })
  })
})
