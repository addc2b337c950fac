import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { planPlaces, planPublications, plans } from '#db/schema/plans.ts'
import type { PlanPublication } from '#domain/plan.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { rankedProviders } from '#planning/assignment/ranked.ts'
import { keepPlan } from './plan-drafts.ts'
import { isOvertaken, type KeptPlan, lastNumber } from './plan-queries.ts'
import { type PlannedPlace, propose, withdrawProposals } from './proposals.ts'
import { type Act, type Pending, pending } from './record.ts'

/** An offer that is declined goes to the next of so many, once an officer has approved the list. */
const MOST_RANKED = 10

type Published = { publication: PlanPublication; pending: Pending }

/**
 * PN6: publishing in one transaction: a number that one publication alone can have, the places that stand from now on, a
 * proposal for each that changes, and one event. Whoever comes second is told that the plan was overtaken.
 */
export async function publish(
  tx: Tx,
  before: KeptPlan,
  { revision, reason }: { revision: number; reason: string },
  act: Act,
): Promise<Published | Refused<'wrongStage' | 'conflict' | 'planOvertaken'>> {
  const { result, problem } = before
  if (before.status !== 'solved' || !result || !problem) return refused('wrongStage')
  if (revision !== before.revision) return refused('conflict')
  const publication = await takeNumber(tx, before, { kind: 'publish', undoes: null, reason }, act)
  if (!publication || (await isOvertaken(tx, before, publication.number))) return refused('planOvertaken')
  const places = placesOf(before)
  const superseded = await layDown(tx, before, publication.number, places)
  const served = new Map(problem.communities.map(({ id, servedBy }) => [id, servedBy]))
  const changed = places.filter(({ communityId, providerId }) => providerId !== served.get(communityId))
  const planned = changed.filter((place): place is PlannedPlace => place.providerId !== null)
  const proposed = await propose(tx, { planId: before.id, places: planned }, act)
  const bare = places.filter(({ providerId }) => providerId === null).map(({ communityId }) => communityId)
  const withdrawn = await withdrawProposals(tx, { communityIds: bare, reason }, act)
  const plan: KeptPlan = {
    ...before,
    status: 'published',
    revision: revision + 1,
    updatedAt: act.now,
    publishedAt: act.now,
    publishedBy: act.actor,
  }
  const told = await keepPlan(tx, { plan, kind: 'publish', told: 'plan:published', reason }, act)
  return { publication, pending: pending(proposed.pending, withdrawn.pending, superseded, told) }
}

interface StandingPlace extends Omit<PlannedPlace, 'providerId'> {
  providerId: string | null
}

function placesOf({ result, problem, waivers }: KeptPlan): StandingPlace[] {
  const overrideReasons = Object.fromEntries(waivers.map(({ providerId, reason }) => [providerId, reason]))
  const ranked = problem ? rankedProviders(problem, MOST_RANKED) : new Map<string, string[]>()
  return (result?.places ?? []).map(({ communityId, providerId }) => ({
    communityId,
    providerId,
    ranked: ranked.get(communityId) ?? [],
    overrideReasons,
  }))
}

/** P3: the key gives the number to one; whoever waited for it finds it gone and gets null. */
async function takeNumber(
  tx: Tx,
  plan: KeptPlan,
  said: Pick<PlanPublication, 'kind' | 'undoes' | 'reason'>,
  { tenant, actor, now }: Act,
): Promise<PlanPublication | null> {
  const places = plan.result?.places ?? []
  const publication: PlanPublication = {
    tenant,
    number: (await lastNumber(tx, tenant)) + 1,
    ...said,
    planId: plan.id,
    communityIds: places.map(({ communityId }) => communityId),
    providerIds: [...new Set(places.flatMap(({ providerId }) => providerId ?? []))],
    at: now,
    by: actor,
  }
  const taken = await tx.insert(planPublications).values(publication).onConflictDoNothing().returning()
  return taken.length > 0 ? publication : null
}

/** From here on this plan says what its communities get; a plan that says nothing any more is superseded. */
async function layDown(tx: Tx, plan: KeptPlan, number: number, places: readonly StandingPlace[]): Promise<Pending> {
  const ids = places.map(({ communityId }) => communityId)
  const fallen = await tx
    .update(planPlaces)
    .set({ stands: false })
    .where(and(inArray(planPlaces.communityId, ids), eq(planPlaces.stands, true)))
    .returning({ planId: planPlaces.planId })
  await tx.insert(planPlaces).values(
    places.map(({ communityId, providerId, ranked }) => ({
      tenant: plan.tenant,
      number,
      planId: plan.id,
      communityId,
      providerId,
      ranked: [...ranked],
      stands: true,
    })),
  )
  for (const planId of new Set(fallen.map(({ planId }) => planId))) {
    const left = await tx
      .select({ planId: planPlaces.planId })
      .from(planPlaces)
      .where(and(eq(planPlaces.planId, planId), eq(planPlaces.stands, true)))
      .limit(1)
    if (left.length === 0) await tx.update(plans).set({ status: 'superseded' }).where(eq(plans.id, planId))
  }
  return pending()
}

/** PN7: what stood before stands again, as proposals; where an offer has gone out it stays. */
export async function rollBack(
  tx: Tx,
  before: KeptPlan,
  reason: string,
  act: Act,
): Promise<Published | Refused<'wrongStage' | 'planOvertaken'>> {
  if (before.status !== 'published') return refused('wrongStage')
  const [own] = await tx
    .select()
    .from(planPublications)
    .where(and(eq(planPublications.planId, before.id), eq(planPublications.kind, 'publish')))
    .orderBy(desc(planPublications.number))
    .limit(1)
  if (!own) return refused('wrongStage')
  const publication = await takeNumber(tx, before, { kind: 'rollBack', undoes: own.number, reason }, act)
  if (!publication) return refused('planOvertaken')
  const withdrawn = await withdrawProposals(tx, { communityIds: own.communityIds, reason }, act)
  const again = await standAgain(tx, own, act)
  const plan: KeptPlan = { ...before, status: 'rolledBack', revision: before.revision + 1, updatedAt: act.now }
  const told = await keepPlan(tx, { plan, kind: 'rollBack', told: 'plan:rolledBack', reason }, act)
  return { publication, pending: pending(withdrawn.pending, again, told) }
}

/** The places of before, each from the newest publication that still counts. */
async function standAgain(tx: Tx, undone: PlanPublication, act: Act): Promise<Pending> {
  const { tenant, number } = undone
  await tx
    .update(planPlaces)
    .set({ stands: false })
    .where(and(eq(planPlaces.tenant, tenant), eq(planPlaces.number, number)))
  const all = await tx.select().from(planPublications).where(eq(planPublications.tenant, tenant))
  const gone = new Set(all.flatMap(({ undoes }) => undoes ?? []))
  const rows = await tx
    .select()
    .from(planPlaces)
    .where(and(eq(planPlaces.tenant, tenant), inArray(planPlaces.communityId, undone.communityIds)))
    .orderBy(desc(planPlaces.number))
  const newest = new Map<string, (typeof rows)[number]>()
  for (const row of rows) if (!gone.has(row.number) && !newest.has(row.communityId)) newest.set(row.communityId, row)
  let told = pending()
  for (const [planId, places] of Map.groupBy(newest.values(), (row) => row.planId)) {
    for (const { number: of, communityId } of places)
      await tx
        .update(planPlaces)
        .set({ stands: true })
        .where(and(eq(planPlaces.tenant, tenant), eq(planPlaces.number, of), eq(planPlaces.communityId, communityId)))
    await tx
      .update(plans)
      .set({ status: 'published' })
      .where(and(eq(plans.id, planId), eq(plans.status, 'superseded')))
    const planned = places.filter((place): place is typeof place & { providerId: string } => place.providerId !== null)
    const proposed = await propose(tx, { planId, places: planned }, act)
    told = pending(told, proposed.pending)
  }
  return told
}
