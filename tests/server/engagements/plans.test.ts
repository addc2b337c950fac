import { eq, inArray } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planRuns, plans } from '#db/schema/plans.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { Plan, PlanRun } from '#domain/plan.ts'
import type { PlanComparison, PlanExplanation } from '#domain/plan-explanation.ts'
import { isRefused } from '#domain/refusal.ts'
import { type KeptPlan, keepRemoved, planById, planForUpdate } from '#server/engagements/plan-queries.ts'
import { PlanRunner } from '#server/engagements/plan-runner.ts'
import { beginSolve } from '#server/engagements/plan-runs.ts'
import { announce } from '#server/engagements/record.ts'
import { openSolverPool } from '#server/solver/pool.ts'
import { CITY } from '#tests/support/app.ts'
import { firmId, refusal, taken } from '#tests/support/engagement-world.ts'
import { type PlanWorld, planWorld } from '#tests/support/plan-world.ts'
import type { NMinusOne, PlanTrial } from '#wire/plan-shapes.ts'

let world: PlanWorld
let communities: string[]
let runner: PlanRunner

beforeAll(async () => {
  world = await planWorld(3, 4)
  communities = world.communities
  const { app } = world
  const parts = {
    db: app.db,
    clock: app.clock,
    pool: openSolverPool(),
    wake: () => undefined,
    log: pino({ level: 'silent' }),
  }
  runner = new PlanRunner(parts)
})
afterAll(async () => {
  await runner.close()
  await world.end()
})

const act = () => ({
  tenant: CITY,
  actor: { kind: 'user' as const, id: world.officer.userId },
  now: world.app.clock.now(),
})
/** A run that this test carries out itself, begun as the route begins it. */
async function begun({ id }: Plan) {
  return world.app.db.transaction(async (tx) => {
    const plan = (await planForUpdate(tx, CITY, id)) as KeptPlan
    const started = await beginSolve(tx, plan, { revision: plan.revision, seconds: 5, seed: 1 }, act())
    if (isRefused(started)) throw new Error(started.why)
    await announce(tx, started.pending)
    return started
  })
}
const kept = async ({ id }: Plan) => (await planById(world.app.db, CITY, id)) as KeptPlan
/** A run that no server works at. */
async function runOfAnother(plan: Plan, kind: 'solve' | 'nMinusOne' = 'solve') {
  const [model] = await world.app.db.select().from(planRuns).where(eq(planRuns.planId, plan.id))
  const id = `of-another-server-${plan.id}`
  await world.app.db.insert(planRuns).values({ ...model!, id, kind, status: 'running', endedAt: null })
  return id
}
async function aMinuteLater() {
  world.app.clock.advance(MINUTE_MS)
  await world.app.app.engine.tick()
}
const runById = async (id: string) => (await world.app.db.select().from(planRuns).where(eq(planRuns.id, id)))[0]

describe('a plan', () => {
  test('[PN1] holds every community of the officer’s area that needs a provider, and no other’s', async () => {
    const plan = await world.solved()
    expect(plan.subdistrictCode).not.toBeNull()
    expect(plan.result?.places.map(({ communityId }) => communityId).sort()).toEqual([...communities].sort())
    const other = await world.asking('other', {
      role: 'subdistrictOfficer',
      districtCode: 'D1',
      subdistrictCode: 'S2',
    })
    expect(await refusal(other.ask('GET', `/api/plans/${plan.id}`))).toBe('unknown')
    const chosen = { name: 'x', communityIds: communities.slice(0, 1) }
    expect(await refusal(other.ask('POST', '/api/plans', chosen))).toBe('unknown')
  })

  test('[PN2] is solved with its proof, its reasons and one live run at a time', async () => {
    const { id, revision } = await world.draft(world.officer)
    const body = { revision, seconds: 20 }
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => world.officer.ask('POST', `/api/plans/${id}/solve`, body)),
    )
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
    expect(await world.ended(id)).toBe('done')
    const { plan } = await world.card(id)
    expect(plan).toMatchObject({ status: 'solved', result: { uncovered: 0, uncoveredBound: 0, status: 'optimal' } })
    const told = await taken<PlanExplanation>(world.officer.ask('GET', `/api/plans/${id}/explanation`))
    expect(told.covered).toHaveLength(communities.length)
    expect(told.cost).toBe(plan.result?.cost)
    expect(await refusal(world.officer.ask('POST', `/api/plans/${id}/stop`, {}))).toBe('wrongStage')
  })

  test('[PN2] whose constraints contradict is refused, and says which', async () => {
    const locks = [1, 2].map((n) => ({ communityId: communities[0] as string, providerId: firmId(n) }))
    const { id, revision } = await world.draft(world.officer, { locks })
    expect(await refusal(world.officer.ask('POST', `/api/plans/${id}/solve`, { revision }))).toBe('planFaulty')
    expect((await world.card(id)).faults).toMatchObject([{ code: 'lockedTwice', communityId: communities[0] }])
  })

  test('[PN3] whose server is gone is what it was before: solved, or a draft that was changed', async () => {
    const { db } = world.app
    const [plan, other] = [await world.solved(), await world.solved()]
    const locks = [{ communityId: communities[0] as string, providerId: firmId(3) }]
    const said = { revision: other.revision, locks }
    const changed = await taken<Plan>(world.officer.ask('POST', `/api/plans/${other.id}/change`, said))
    const runs = [await runOfAnother(plan), await runOfAnother(changed)]
    await db
      .update(plans)
      .set({ status: 'solving' })
      .where(inArray(plans.id, [plan.id, other.id]))
    const before = (await world.kinds()).length
    await aMinuteLater()
    for (const id of runs) expect(await runById(id)).toMatchObject({ status: 'lost', endedAt: world.app.clock.now() })
    expect(await kept(plan)).toMatchObject({ status: 'solved', result: plan.result, solvedAt: plan.solvedAt })
    expect(await kept(other)).toMatchObject({ status: 'draft', solvedAt: null, locks })
    const told = (await world.kinds()).slice(before)
    expect(told.filter((kind) => kind === 'plan:changed')).toHaveLength(2)
  })

  test('[PN3] whose run fails keeps its result and what that was made from', async () => {
    const plan = await world.solved()
    const before = await kept(plan)
    world.app.clock.advance(MINUTE_MS)
    const started = await begun(plan)
    expect(started.plan.problem?.asOf).toBe(world.app.clock.now())
    expect((await kept(plan)).status).toBe('solving')
    runner.begin({ ...started.plan, problem: null }, started.run)
    expect(await world.ended(plan.id)).toBe('failed')
    expect(await kept(plan)).toEqual({ ...before, updatedAt: world.app.clock.now() })
  })

  test('[PN3] that is stopped keeps the best that was found', async () => {
    const plan = await world.draft(world.officer)
    const { plan: asked, run } = await begun(plan)
    await taken(world.officer.ask('POST', `/api/plans/${plan.id}/stop`, {}))
    runner.begin(asked, run)
    expect(await world.ended(plan.id)).toBe('stopped')
    const { status, result } = (await world.card(plan.id)).plan
    expect([status, result?.places.length]).toEqual(['solved', communities.length])
  })

  test('[PN4] tells what a lock would cost before anything is written', async () => {
    const plan = await world.solved()
    const place = plan.result?.places[0]
    const other = [1, 2, 3].map(firmId).find((id) => id !== place?.providerId) as string
    const query = `communityId=${place?.communityId}&providerId=${other}`
    const trial = await taken<PlanTrial>(world.officer.ask('GET', `/api/plans/${plan.id}/try?${query}`))
    expect(trial).toMatchObject({ isPossible: true, uncoveredChange: 0 })
    expect(trial.costChange).toBeGreaterThanOrEqual(0)
    expect(trial.churn).toContainEqual({ communityId: place?.communityId, a: place?.providerId, b: other })
    expect((await world.card(plan.id)).plan).toEqual(plan)
    const locks = [{ communityId: place?.communityId as string, providerId: other }]
    const locked = await world.solved({ locks })
    expect(locked.result?.cost).toBe(trial.cost)
    const compared = await taken<PlanComparison>(
      world.officer.ask('GET', `/api/plans/${plan.id}/compare?with=${locked.id}`),
    )
    expect(compared.costB - compared.costA).toBe(trial.costChange)
  })

  test('[PN5] without each of its providers in turn says whom that leaves bare, and tells it when it is known', async () => {
    const all = { cleaners: 99, guards: 99, liftOperators: 99, moneyAtRisk: 10_000_000 }
    const locks = [{ communityId: communities[0] as string, providerId: firmId(2) }]
    // Firm 2 has people for two communities, firm 1 for all, firm 3 for none.
    const some = { cleaners: 95, guards: 93, liftOperators: 97, moneyAtRisk: 0 }
    const reserves = [
      { providerId: firmId(2), amounts: some },
      { providerId: firmId(3), amounts: all },
    ]
    const { id } = await world.solved({ locks, reserves })
    const before = (await world.kinds()).length
    await taken<PlanRun>(world.officer.ask('POST', `/api/plans/${id}/n-minus-one`, {}))
    const found = () => taken<NMinusOne>(world.officer.ask('GET', `/api/plans/${id}/n-minus-one`))
    await expect.poll(async () => (await found()).run?.status, { timeout: 30_000 }).toBe('done')
    const removed = new Map((await found()).removed?.map((one) => [one.providerId, one]))
    expect([...removed.keys()].sort()).toEqual([firmId(1), firmId(2)])
    expect(removed.get(firmId(1))).toMatchObject({ uncovered: 2, uncoveredBound: 2 })
    expect(removed.get(firmId(1))?.left).toHaveLength(2)
    expect(removed.get(firmId(2))).toMatchObject({ uncovered: 0, left: [], moved: 1 })
    expect((await world.kinds()).slice(before)).toEqual(['plan:changed'])
  })

  test('[PN5] as far as it had come stays readable when its server is gone', async () => {
    const plan = await world.solved()
    await runOfAnother(plan, 'nMinusOne')
    const removed = [
      { providerId: firmId(1), left: [], uncovered: 0, uncoveredBound: 0, moved: 1, cost: 1, costBound: 1 },
    ]
    await keepRemoved(world.app.db, plan, removed)
    await aMinuteLater()
    const found = await taken<NMinusOne>(world.officer.ask('GET', `/api/plans/${plan.id}/n-minus-one`))
    expect(found).toMatchObject({ run: { status: 'lost' }, removed })
  })
})
