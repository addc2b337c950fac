import type { Tx } from '#db/connect.ts'
import type { PlanPublication, PlanStatus } from '#domain/plan.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { rankedProviders } from '#planning/assignment/ranked.ts'
import type { PlanLeft, PlanPublished } from '#wire/plan-shapes.ts'
import { keepPlan } from './plan-drafts.ts'
import {
  addPlaces,
  addPublication,
  fallPlaces,
  isOvertaken,
  lastNumber,
  placesBelow,
  publicationOfPlan,
  raisePlace,
  saysAnything,
  takeUp,
} from './plan-line-queries.ts'
import { type KeptPlan, planById, planForUpdate } from './plan-queries.ts'
import { type PlannedPlace, propose, withdrawProposals } from './proposals.ts'
import { type Act, type Pending, pending } from './record.ts'

/** An offer that is declined goes to the next of so many, once an officer has approved the list. */
const MOST_RANKED = 10

type Published = { publication: PlanPublished; pending: Pending }

/**
 * PN6: publishing in one transaction: the next number of the city's line, the places that stand from now on, and a proposal for
 * each that has not got its provider yet. Whoever comes second is told that the plan was overtaken. What stays as it is, because
 * something stronger stands there, is said with the reason. The caller holds the line (`holdLine`).
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
  if (await isOvertaken(tx, before)) return refused('planOvertaken')
  const publication = await takeNumber(tx, before, { kind: 'publish', undoes: null, reason }, act)
  const places = placesOf(before)
  const superseded = await layDown(tx, before, publication.number, places, act)
  const planned = places.filter((place): place is PlannedPlace => place.providerId !== null)
  const proposed = await propose(tx, { planId: before.id, places: planned, reason }, act)
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
  const left = leftOf(proposed.left, withdrawn.kept)
  const told = await keepPlan(tx, { plan, kind: 'publish', told: 'plan:published', reason, detail: { left } }, act)
  return {
    publication: { ...publication, left },
    pending: pending(proposed.pending, withdrawn.pending, superseded, told),
  }
}

const leftOf = (left: readonly PlanLeft[], kept: readonly string[]): PlanLeft[] => [
  ...left,
  ...kept.map((communityId) => ({ communityId, why: 'alreadyEngaged' })),
]

interface StandingPlace extends Omit<PlannedPlace, 'providerId'> {
  providerId: string | null
}

function placesOf({ result, problem }: KeptPlan): StandingPlace[] {
  const overrideReasons = reasonsOf(problem?.waivers ?? [])
  const ranked = problem ? rankedProviders(problem, MOST_RANKED) : new Map<string, string[]>()
  return (result?.places ?? []).map(({ communityId, providerId }) => ({
    communityId,
    providerId,
    ranked: ranked.get(communityId) ?? [],
    overrideReasons,
  }))
}

/** Why firms under a yellow light were let in, by firm. */
const reasonsOf = (waivers: KeptPlan['waivers']): Record<string, string> =>
  Object.fromEntries(waivers.map(({ providerId, reason }) => [providerId, reason]))

/** P3: the key gives the number to one publication alone. */
async function takeNumber(
  tx: Tx,
  plan: KeptPlan,
  said: Pick<PlanPublication, 'kind' | 'undoes' | 'reason'>,
  { tenant, actor, now }: Act,
): Promise<PlanPublication> {
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
  await addPublication(tx, publication)
  return publication
}

/** From here on this plan says what its communities get; a plan that says nothing any more is superseded. */
async function layDown(
  tx: Tx,
  plan: KeptPlan,
  number: number,
  places: readonly StandingPlace[],
  act: Act,
): Promise<Pending> {
  const fallen = await fallPlaces(
    tx,
    places.map(({ communityId }) => communityId),
  )
  await addPlaces(
    tx,
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
  const told: Pending[] = []
  for (const planId of fallen)
    if (!(await saysAnything(tx, planId))) told.push(await becomes(tx, planId, 'published', 'superseded', act))
  return pending(...told)
}

/** Another plan than the one at hand moves with it: with its row, its log and its event (P2). */
async function becomes(tx: Tx, planId: string, from: PlanStatus, to: PlanStatus, act: Act): Promise<Pending> {
  const plan = await planForUpdate(tx, act.tenant, planId)
  if (plan?.status !== from) return pending()
  const moved: KeptPlan = { ...plan, status: to, updatedAt: act.now }
  return keepPlan(tx, { plan: moved, kind: to, told: 'plan:changed' }, act)
}

/** PN7: what stood before stands again, as proposals; where an offer has gone out it stays, and is said. */
export async function rollBack(
  tx: Tx,
  before: KeptPlan,
  reason: string,
  act: Act,
): Promise<Published | Refused<'wrongStage'>> {
  if (before.status !== 'published') return refused('wrongStage')
  const own = await publicationOfPlan(tx, before.id)
  if (!own) return refused('wrongStage')
  const publication = await takeNumber(tx, before, { kind: 'rollBack', undoes: own.number, reason }, act)
  // Places a later publication has taken over are that one's.
  const communityIds = await takeUp(tx, own)
  const withdrawn = await withdrawProposals(tx, { communityIds, reason }, act)
  const again = await standAgain(tx, { communityIds, reason }, act)
  const plan: KeptPlan = { ...before, status: 'rolledBack', revision: before.revision + 1, updatedAt: act.now }
  const left = leftOf(again.left, withdrawn.kept).filter(
    ({ communityId }, n, all) => all.findIndex((each) => each.communityId === communityId) === n,
  )
  const told = await keepPlan(tx, { plan, kind: 'rollBack', told: 'plan:rolledBack', reason, detail: { left } }, act)
  return { publication: { ...publication, left }, pending: pending(withdrawn.pending, again.pending, told) }
}

/** The places of before, each from the newest publication that still counts. */
async function standAgain(
  tx: Tx,
  { communityIds, reason }: { communityIds: readonly string[]; reason: string },
  act: Act,
): Promise<{ left: PlanLeft[]; pending: Pending }> {
  const { tenant } = act
  const below = await placesBelow(tx, tenant, communityIds)
  const left: PlanLeft[] = []
  const told: Pending[] = []
  for (const [planId, places] of Map.groupBy(below, (row) => row.planId)) {
    for (const place of places) await raisePlace(tx, place)
    const overrideReasons = reasonsOf((await planById(tx, tenant, planId))?.waivers ?? [])
    told.push(await becomes(tx, planId, 'superseded', 'published', act))
    const planned = places.flatMap(({ communityId, providerId, ranked }): PlannedPlace[] =>
      providerId === null ? [] : [{ communityId, providerId, ranked, overrideReasons }],
    )
    const proposed = await propose(tx, { planId, places: planned, reason }, act)
    left.push(...proposed.left)
    told.push(proposed.pending)
  }
  return { left, pending: pending(...told) }
}
