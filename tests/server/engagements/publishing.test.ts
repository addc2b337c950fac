import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engagements } from '#db/schema/engagements.ts'
import { poolEntries } from '#db/schema/pool.ts'
import type { Plan, PlanPair } from '#domain/plan.ts'
import type { Selection } from '#domain/selection.ts'
import { firmId, poolId, refusal, taken } from '#tests/support/engagement-world.ts'
import { type PlanWorld, planWorld } from '#tests/support/plan-world.ts'
import type { PlanHistory, PublicationLine } from '#wire/plan-shapes.ts'

let world: PlanWorld

beforeAll(async () => {
  world = await planWorld(3, 10)
})
afterAll(() => world.end())

const at = (n: number) => world.communities[n] as string
const lock = (n: number, firm: number): PlanPair => ({ communityId: at(n), providerId: firmId(firm) })
/** A plan for the communities of these locks alone. */
const planFor = (...locks: PlanPair[]): Promise<Plan> =>
  world.solved({ communityIds: locks.map(({ communityId }) => communityId), locks })
async function published(...locks: PlanPair[]): Promise<Plan> {
  world.app.clock.advance(1_000)
  const plan = await planFor(...locks)
  await world.publish(plan)
  return plan
}
const statusOf = async ({ id }: Pick<Plan, 'id'>) => (await world.card(id)).plan.status
/** What stands for these communities, and what is proposed for them. */
const standingFor = async (...numbers: number[]) =>
  (await world.standing()).filter(([id]) => numbers.some((n) => at(n) === id)).map(([, firm, plan]) => [firm, plan])
const proposedFor = async (...numbers: number[]) =>
  (await world.proposals()).filter(([id]) => numbers.some((n) => at(n) === id)).map(([, firm]) => firm)
const openChoosing = async (n: number) => {
  const [open] = await taken<Selection[]>(world.officer.ask('GET', `/api/selections?status=open&communityId=${at(n)}`))
  return open?.id as string
}
const approve = async (n: number, firm: number) =>
  taken(
    world.officer.ask('POST', `/api/selections/${await openChoosing(n)}/decide`, {
      ranked: [poolId(firm)],
      reason: 'as planned',
    }),
  )

describe('publishing', () => {
  test('[PN6] of two plans at once one wins, the other is told; each place becomes a proposal', async () => {
    const communityIds = [at(0), at(1)]
    const two = [await world.solved({ communityIds }), await world.solved({ communityIds })]
    const answers = await Promise.all(
      two.map(({ id, revision }) =>
        world.officer.ask('POST', `/api/plans/${id}/publish`, { revision, reason: 'agreed' }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409])
    const late = answers.find(({ statusCode }) => statusCode === 409)
    expect(JSON.parse(late?.body ?? '{}').error.code).toBe('planOvertaken')
    const won = two[answers.findIndex(({ statusCode }) => statusCode === 200)] as Plan
    const wanted = won.result?.places.map(({ communityId, providerId }) => [communityId, providerId]).sort()
    expect(await world.proposals()).toEqual(wanted)
    expect((await world.kinds()).filter((kind) => kind === 'plan:published')).toHaveLength(1)
  })

  test('[PN6] proposes nothing anew that is proposed already; what it takes the place of is superseded', async () => {
    const before = await published(lock(0, 1), lock(1, 2))
    const proposed = await world.newest(at(0))
    const after = await published(lock(0, 1), lock(1, 3))
    expect(await world.newest(at(0))).toEqual(proposed)
    expect(await world.newest(at(1))).toMatchObject({ status: 'proposed', firmId: firmId(3), planId: after.id })
    expect(await standingFor(0, 1)).toEqual([
      [firmId(1), after.id],
      [firmId(3), after.id],
    ])
    expect([await statusOf(before), await statusOf(after)]).toEqual(['superseded', 'published'])
    const told = (await taken<PlanHistory>(world.officer.ask('GET', `/api/plans/${before.id}/log`))).log
    expect(told.at(-1)?.kind).toBe('superseded')
  })

  test('[PN6] says which communities keep what they have, and why, in its answer and for good in its log', async () => {
    await published(lock(2, 1), lock(3, 1), lock(4, 1))
    const plan = await planFor(lock(2, 2), lock(3, 2), lock(4, 2))
    await taken(world.officer.ask('POST', `/api/selections/${await openChoosing(2)}/cancel`, { reason: 'by hand' }))
    const byHand = { mode: 'designate', candidates: [{ poolEntryId: poolId(3) }] }
    await taken(world.officer.ask('POST', `/api/communities/${at(2)}/selections`, byHand))
    await approve(3, 1)
    const { left } = await world.publish(plan)
    expect(left).toEqual([
      { communityId: at(2), why: 'wrongStage' },
      { communityId: at(3), why: 'alreadyEngaged' },
    ])
    const { log } = await taken<PlanHistory>(world.officer.ask('GET', `/api/plans/${plan.id}/log`))
    expect(log.at(-1)).toMatchObject({ kind: 'publish', reason: 'agreed', detail: { left } })
    expect(await proposedFor(2, 3, 4)).toEqual([firmId(2)])
  })

  test('[EL7] proposes again who has declined, and nobody who serves already', async () => {
    await published(lock(5, 1))
    await approve(5, 1)
    const first = await world.newest(at(5))
    await taken(world.providers[0]!.ask('POST', `/api/engagements/${first.id}/decline`, { reason: 'too far' }))
    await published(lock(5, 1))
    const again = await world.newest(at(5))
    expect(again).toMatchObject({ status: 'proposed', firmId: firmId(1) })
    expect(again.id).not.toBe(first.id)

    const serving = await world.serving(at(6), 2)
    await published(lock(6, 2))
    expect((await world.newest(at(6))).id).toBe(serving.id)
    await published(lock(6, 3))
    expect(await world.newest(at(6))).toMatchObject({ status: 'proposed', firmId: firmId(3) })
  })

  test('[PE3] carries the reason for a firm under the yellow light to whoever approves it', async () => {
    const { db, clock } = world.app
    const light = (yellowSince: number | null) =>
      db
        .update(poolEntries)
        .set({ yellowSince })
        .where(eq(poolEntries.id, poolId(3)))
    await light(clock.now())
    const waivers = [{ providerId: firmId(3), reason: 'it alone has a night crew' }]
    await world.publish(await world.solved({ communityIds: [at(7)], locks: [lock(7, 3)], waivers }))
    const { overrideReason } = await world.newest(at(7))
    expect(overrideReason).toBe('it alone has a night crew')
    await light(null)
  })
})

describe('a publication', () => {
  test('[PN7] is rolled back in one step, and what stood before stands again', async () => {
    const before = await published(lock(8, 1), lock(9, 1))
    const plan = await published(lock(8, 2), lock(9, 2))
    expect([await statusOf(before), await proposedFor(8, 9)]).toEqual(['superseded', [firmId(2), firmId(2)]])
    const undone = await world.rollBack(plan.id)
    expect(undone).toMatchObject({ kind: 'rollBack', planId: plan.id, left: [] })
    expect(await proposedFor(8, 9)).toEqual([firmId(1), firmId(1)])
    expect(await standingFor(8, 9)).toEqual([
      [firmId(1), before.id],
      [firmId(1), before.id],
    ])
    expect([await statusOf(before), await statusOf(plan)]).toEqual(['published', 'rolledBack'])
    expect(await refusal(world.officer.ask('POST', `/api/plans/${plan.id}/roll-back`, { reason: 'again' }))).toBe(
      'wrongStage',
    )
  })

  test('[PN7] rolled back takes only its own places with it: what others have taken over since is theirs', async () => {
    const a = await published(lock(8, 1), lock(9, 1), lock(7, 1))
    const b = await published(lock(8, 2), lock(9, 2))
    const c = await published(lock(9, 3))
    await world.rollBack(b.id)
    expect(await standingFor(7, 8, 9)).toEqual([
      [firmId(1), a.id],
      [firmId(1), a.id],
      [firmId(3), c.id],
    ])
    expect(await proposedFor(7, 8, 9)).toEqual([firmId(1), firmId(1), firmId(3)])
    expect([await statusOf(a), await statusOf(b), await statusOf(c)]).toEqual(['published', 'rolledBack', 'published'])
    // Under it there is what was undone meanwhile, and what was there before that.
    await world.rollBack(c.id)
    expect(await standingFor(9)).toEqual([[firmId(1), a.id]])
    expect(await proposedFor(9)).toEqual([firmId(1)])
  })

  test('[PN7] rolled back leaves an offer that has gone out, and says so', async () => {
    const plan = await published(lock(8, 3), lock(7, 3))
    await approve(7, 3)
    const { left } = await world.rollBack(plan.id)
    expect(left).toEqual([{ communityId: at(7), why: 'alreadyEngaged' }])
    expect(await world.newest(at(7))).toMatchObject({ status: 'offered', firmId: firmId(3) })
    expect(await proposedFor(8)).toEqual([firmId(1)])
  })

  test('[PN1, PN6] stands in a line of them, newest first, told to who may read its plan', async () => {
    const lines = (query = '', who = world.officer) =>
      taken<PublicationLine[]>(who.ask('GET', `/api/plan-publications${query}`))
    const all = await lines()
    expect(all.map(({ number }) => number)).toEqual(all.map((_, n) => all.length - n))
    expect(all[0]).toMatchObject({ kind: 'rollBack', undoes: all[1]?.number, planName: 'plan', reason: 'a mistake' })
    expect(await lines(`?before=${all[0]?.number}&limit=2`)).toEqual(all.slice(1, 3))
    const elsewhere = await world.asking('elsewhere', { role: 'subdistrictOfficer', subdistrictCode: 'S2' })
    expect(await lines('', elsewhere)).toEqual([])
    const rows = await world.app.db.select().from(engagements).where(eq(engagements.status, 'proposed'))
    expect(rows.every(({ planId }) => all.some((line) => line.planId === planId))).toBe(true)
  })
})
