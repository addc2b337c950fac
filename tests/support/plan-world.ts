import { eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { engagements } from '#db/schema/engagements.ts'
import { planPlaces } from '#db/schema/plans.ts'
import { poolEntries } from '#db/schema/pool.ts'
import type { Plan, PlanRun } from '#domain/plan.ts'
import type { PlanCard, PlanPublished, PlanRunState } from '#wire/plan-shapes.ts'
import type { Asker } from './app.ts'
import { type EngagementWorld, engagementWorld, moreCommunities, taken } from './engagement-world.ts'

export interface PlanWorld extends EngagementWorld {
  /** Declared unmanaged, in S1. */
  communities: string[]
  draft(who: Asker, more?: object): Promise<Plan>
  card(id: string): Promise<PlanCard>
  /** How the newest run of a plan has ended; waits for it. */
  ended(id: string): Promise<PlanRun['status']>
  /** Drafted and solved by the officer. */
  solved(more?: object): Promise<Plan>
  publish(plan: Pick<Plan, 'id' | 'revision'>): Promise<PlanPublished>
  rollBack(id: string): Promise<PlanPublished>
  /** Community and firm of every proposal. */
  proposals(): Promise<(readonly [string, string])[]>
  /** Community, firm and plan of every place that stands. */
  standing(): Promise<(readonly [string, string | null, string])[]>
}

/** So many firms with room for everybody, and so many communities that need one. */
export async function planWorld(firmCount: number, communityCount: number): Promise<PlanWorld> {
  const world = await engagementWorld(firmCount)
  const { app, officer } = world
  const capacity = { cleaners: 99, guards: 99, liftOperators: 99, moneyAtRisk: 10_000_000 }
  await app.db.update(poolEntries).set({ capacity })
  const communities = await moreCommunities(app, communityCount)
  for (const id of communities) await world.unmanaged(id)
  const runOf = async (id: string) => (await taken<PlanRunState>(officer.ask('GET', `/api/plans/${id}/run`))).run
  const ofPlans = {
    draft: (who: Asker, more: object = {}) =>
      taken<Plan>(who.ask('POST', '/api/plans', { name: 'plan', communityIds: null, ...more })),
    card: (id: string) => taken<PlanCard>(officer.ask('GET', `/api/plans/${id}`)),
    async ended(id: string) {
      await expect.poll(async () => (await runOf(id)).endedAt !== null, { timeout: 30_000 }).toBe(true)
      return (await runOf(id)).status
    },
    async solved(more: object = {}) {
      const { id, revision } = await ofPlans.draft(officer, more)
      await taken<PlanRun>(officer.ask('POST', `/api/plans/${id}/solve`, { revision, seconds: 5 }))
      expect(await ofPlans.ended(id)).toBe('done')
      return (await ofPlans.card(id)).plan
    },
    publish: ({ id, revision }: Pick<Plan, 'id' | 'revision'>) =>
      taken<PlanPublished>(officer.ask('POST', `/api/plans/${id}/publish`, { revision, reason: 'agreed' })),
    rollBack: (id: string) =>
      taken<PlanPublished>(officer.ask('POST', `/api/plans/${id}/roll-back`, { reason: 'a mistake' })),
    async proposals() {
      const rows = await app.db.select().from(engagements).where(eq(engagements.status, 'proposed'))
      return rows.map(({ communityId, firmId }) => [communityId, firmId] as const).sort()
    },
    async standing() {
      const rows = await app.db.select().from(planPlaces).where(eq(planPlaces.stands, true))
      return rows.map(({ communityId, providerId, planId }) => [communityId, providerId, planId] as const).sort()
    },
  }
  return { ...world, communities, ...ofPlans }
}
