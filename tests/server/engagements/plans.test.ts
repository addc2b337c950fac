import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engagements } from '#db/schema/engagements.ts'
import { planRuns } from '#db/schema/plans.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { Plan, PlanPublication, PlanRun } from '#domain/plan.ts'
import type { PlanComparison, PlanExplanation } from '#domain/plan-explanation.ts'
import type { Asker } from '#tests/support/app.ts'
import {
  type EngagementWorld,
  engagementWorld,
  firmId,
  moreCommunities,
  refusal,
  taken,
} from '#tests/support/engagement-world.ts'
import type { NMinusOne, PlanCard, PlanRunState, PlanTrial } from '#wire/plan-shapes.ts'

const FIRMS = 3
let world: EngagementWorld
let communities: string[]

beforeAll(async () => {
  world = await engagementWorld(FIRMS)
  const capacity = { cleaners: 99, guards: 99, liftOperators: 99, moneyAtRisk: 10_000_000 }
  await world.app.db.update(poolEntries).set({ capacity })
  communities = await moreCommunities(world.app, 4)
  for (const id of communities) await world.unmanaged(id)
})
afterAll(() => world.end())

const draft = (who: Asker, more: object = {}) =>
  taken<Plan>(who.ask('POST', '/api/plans', { name: 'plan', communityIds: null, ...more }))
const card = (id: string) => taken<PlanCard>(world.officer.ask('GET', `/api/plans/${id}`))

async function ended(id: string): Promise<PlanRun['status']> {
  await expect
    .poll(
      async () => (await taken<PlanRunState>(world.officer.ask('GET', `/api/plans/${id}/run`))).run.endedAt !== null,
      { timeout: 30_000 },
    )
    .toBe(true)
  return (await taken<PlanRunState>(world.officer.ask('GET', `/api/plans/${id}/run`))).run.status
}

async function solved(more: object = {}): Promise<Plan> {
  const { id, revision } = await draft(world.officer, more)
  await taken<PlanRun>(world.officer.ask('POST', `/api/plans/${id}/solve`, { revision, seconds: 5 }))
  expect(await ended(id)).toBe('done')
  return (await card(id)).plan
}

const proposals = async () => {
  const rows = await world.app.db.select().from(engagements).where(eq(engagements.status, 'proposed'))
  return rows.map(({ communityId, firmId: firm }) => [communityId, firm] as const).sort()
}

describe('a plan', () => {
  test('[PN1] holds every community of the officer’s area that needs a provider, and no other’s', async () => {
    const plan = await solved()
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
    const { id, revision } = await draft(world.officer)
    const body = { revision, seconds: 20 }
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => world.officer.ask('POST', `/api/plans/${id}/solve`, body)),
    )
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
    expect(await ended(id)).toBe('done')
    const { plan } = await card(id)
    expect(plan).toMatchObject({ status: 'solved', result: { uncovered: 0, uncoveredBound: 0, status: 'optimal' } })
    const told = await taken<PlanExplanation>(world.officer.ask('GET', `/api/plans/${id}/explanation`))
    expect(told.covered).toHaveLength(communities.length)
    expect(told.cost).toBe(plan.result?.cost)
    expect(await refusal(world.officer.ask('POST', `/api/plans/${id}/stop`, {}))).toBe('wrongStage')
  })

  test('[PN2] whose constraints contradict is refused, and says which', async () => {
    const locks = [1, 2].map((n) => ({ communityId: communities[0] as string, providerId: firmId(n) }))
    const { id, revision } = await draft(world.officer, { locks })
    expect(await refusal(world.officer.ask('POST', `/api/plans/${id}/solve`, { revision }))).toBe('planFaulty')
    expect((await card(id)).faults).toMatchObject([{ code: 'lockedTwice', communityId: communities[0] }])
  })

  test('[PN3] whose server is gone is what it was before', async () => {
    const { id, revision } = await draft(world.officer)
    const { app } = world
    await taken<PlanRun>(world.officer.ask('POST', `/api/plans/${id}/solve`, { revision, seconds: 5 }))
    expect(await ended(id)).toBe('done')
    const [run] = await app.db.select().from(planRuns).where(eq(planRuns.planId, id))
    await app.db.insert(planRuns).values({ ...run!, id: 'of-another-server', status: 'running', endedAt: null })
    app.clock.advance(MINUTE_MS)
    await app.app.engine.tick()
    const [lost] = await app.db.select().from(planRuns).where(eq(planRuns.id, 'of-another-server'))
    expect(lost?.status).toBe('lost')
    expect((await card(id)).plan.status).toBe('solved')
  })

  test('[PN4] tells what a lock would cost before anything is written', async () => {
    const plan = await solved()
    const place = plan.result?.places[0]
    const other = [1, 2, 3].map(firmId).find((id) => id !== place?.providerId) as string
    const query = `communityId=${place?.communityId}&providerId=${other}`
    const trial = await taken<PlanTrial>(world.officer.ask('GET', `/api/plans/${plan.id}/try?${query}`))
    expect(trial).toMatchObject({ isPossible: true, uncoveredChange: 0 })
    expect(trial.costChange).toBeGreaterThanOrEqual(0)
    expect(trial.churn).toContainEqual({ communityId: place?.communityId, a: place?.providerId, b: other })
    expect((await card(plan.id)).plan).toEqual(plan)
    const locks = [{ communityId: place?.communityId as string, providerId: other }]
    const locked = await solved({ locks })
    expect(locked.result?.cost).toBe(trial.cost)
    const compared = await taken<PlanComparison>(
      world.officer.ask('GET', `/api/plans/${plan.id}/compare?with=${locked.id}`),
    )
    expect(compared.costB - compared.costA).toBe(trial.costChange)
  })

  test('[PN5] without each of its providers in turn says whom that leaves bare', async () => {
    const { id } = await solved()
    await taken<PlanRun>(world.officer.ask('POST', `/api/plans/${id}/n-minus-one`, {}))
    const found = () => taken<NMinusOne>(world.officer.ask('GET', `/api/plans/${id}/n-minus-one`))
    await expect.poll(async () => (await found()).removed !== null, { timeout: 30_000 }).toBe(true)
    expect((await found()).removed?.every(({ left }) => left.length === 0)).toBe(true)
  })
})

describe('publishing', () => {
  test('[PN6] of two plans at once one wins, the other is told; each place becomes a proposal', async () => {
    const two = [await solved(), await solved()]
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
    expect(await proposals()).toEqual(wanted)
    expect((await world.kinds()).filter((kind) => kind === 'plan:published')).toHaveLength(1)
  })

  test('[PN7] is rolled back in one step, and what stood before stands again', async () => {
    const before = await proposals()
    const locks = before.map(([communityId, firm]) => ({
      communityId,
      providerId: firm === firmId(3) ? firmId(2) : firmId(3),
    }))
    const plan = await solved({ locks })
    const { id, revision } = plan
    await taken<PlanPublication>(
      world.officer.ask('POST', `/api/plans/${id}/publish`, { revision, reason: 'another way' }),
    )
    expect(await proposals()).toEqual(locks.map((lock) => [lock.communityId, lock.providerId]).sort())
    const undone = await taken<PlanPublication>(
      world.officer.ask('POST', `/api/plans/${id}/roll-back`, { reason: 'a mistake' }),
    )
    expect(undone).toMatchObject({ kind: 'rollBack', planId: id })
    expect(await proposals()).toEqual(before)
    expect((await card(id)).plan.status).toBe('rolledBack')
    expect(await refusal(world.officer.ask('POST', `/api/plans/${id}/roll-back`, { reason: 'again' }))).toBe(
      'wrongStage',
    )
  })
})
