import { and, desc, eq, getTableColumns, gt, inArray, isNotNull, lt, max, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { tenants } from '#db/schema/places.ts'
import { planPublications, planRuns, plans } from '#db/schema/plans.ts'
import type { Instant } from '#domain/instant.ts'
import type { Plan, PlanHead, PlanProblem, PlanPublication, PlanRun } from '#domain/plan.ts'
import type { ProviderRemoved } from '#domain/plan-explanation.ts'
import type { Reader } from '#server/serving.ts'
import type { PublicationLine } from '#wire/plan-shapes.ts'
import { following, visible } from './listing.ts'

/** A plan as it is kept: with what its result was made from. */
export interface KeptPlan extends Plan {
  problem: PlanProblem | null
  nMinusOne: ProviderRemoved[] | null
}

export const planOf = ({ problem: _, nMinusOne: __, ...plan }: KeptPlan): Plan => plan

/** Without its places: a thousand of them do not belong in every list and event. */
export function headOfPlan(kept: KeptPlan | Plan): PlanHead {
  const { problem: _, nMinusOne: __, ...plan } = kept as KeptPlan
  if (!plan.result) return { ...plan, result: null, communities: plan.communityIds?.length ?? 0 }
  const { places, ...result } = plan.result
  return { ...plan, result, communities: places.length }
}

export async function planById(db: DbOrTx, tenant: string, id: string): Promise<KeptPlan | null> {
  const [plan] = await db
    .select()
    .from(plans)
    .where(and(eq(plans.tenant, tenant), eq(plans.id, id)))
  return plan ?? null
}

export async function planForUpdate(tx: Tx, tenant: string, id: string): Promise<KeptPlan | null> {
  const [plan] = await tx
    .select()
    .from(plans)
    .where(and(eq(plans.tenant, tenant), eq(plans.id, id)))
    .for('update')
  return plan ?? null
}

/** As far as it is known; a result that has changed meanwhile is another question. */
export const keepRemoved = async (
  db: DbOrTx,
  { id, solvedAt }: Pick<Plan, 'id' | 'solvedAt'>,
  removed: ProviderRemoved[],
): Promise<void> => {
  if (solvedAt === null) return
  await db
    .update(plans)
    .set({ nMinusOne: removed })
    .where(and(eq(plans.id, id), eq(plans.solvedAt, solvedAt)))
}

export async function savePlan(tx: Tx, plan: KeptPlan): Promise<void> {
  const { id, ...rest } = plan
  await tx.insert(plans).values(plan).onConflictDoUpdate({ target: plans.id, set: rest })
}

const { problem: _problem, nMinusOne: _nMinusOne, result: _result, ...HEAD } = getTableColumns(plans)
const PLACED = { districtCode: plans.districtCode, subdistrictCode: plans.subdistrictCode }

export interface PlanPage {
  weightsVersion?: number | undefined
  after?: string | undefined
  limit: number
}

/** Last changed first, those the reader may read; what a plan was made from and its places stay in the database. */
export async function headsOf(
  db: DbOrTx,
  { tenant, grants }: Pick<Reader, 'tenant' | 'grants'>,
  { weightsVersion, after, limit }: PlanPage,
): Promise<PlanHead[]> {
  const rows = await db
    .select({
      ...HEAD,
      result: sql<PlanHead['result']>`${plans.result} - 'places'`,
      places: sql<number | null>`jsonb_array_length(${plans.result} -> 'places')`,
    })
    .from(plans)
    .where(
      and(
        eq(plans.tenant, tenant),
        visible(grants, 'plan.read', PLACED),
        weightsVersion === undefined ? undefined : eq(plans.weightsVersion, weightsVersion),
        following(plans, plans.updatedAt, plans.id, after),
      ),
    )
    .orderBy(desc(plans.updatedAt), desc(plans.id))
    .limit(limit)
  return rows.map(({ places, ...plan }) => ({ ...plan, communities: places ?? plan.communityIds?.length ?? 0 }))
}

export async function latestRun(db: DbOrTx, planId: string, kind?: PlanRun['kind']) {
  const [run] = await db
    .select()
    .from(planRuns)
    .where(and(eq(planRuns.planId, planId), kind && eq(planRuns.kind, kind)))
    .orderBy(desc(planRuns.askedAt), desc(planRuns.id))
    .limit(1)
  return run ?? null
}

/** Newest first, of plans the reader may read. */
export async function publicationLines(
  db: DbOrTx,
  { tenant, grants }: Pick<Reader, 'tenant' | 'grants'>,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<PublicationLine[]> {
  const rows = await db
    .select({ publication: planPublications, planName: plans.name })
    .from(planPublications)
    .innerJoin(plans, eq(plans.id, planPublications.planId))
    .where(
      and(
        eq(planPublications.tenant, tenant),
        visible(grants, 'plan.read', PLACED),
        before === undefined ? undefined : lt(planPublications.number, before),
      ),
    )
    .orderBy(desc(planPublications.number))
    .limit(limit)
  return rows.map(({ publication, planName }) => ({ ...publication, planName }))
}

/** Numbers of the publications that were rolled back. */
export async function undoneNumbers(db: DbOrTx, tenant: string): Promise<Set<number>> {
  const rows = await db
    .select({ undoes: planPublications.undoes })
    .from(planPublications)
    .where(and(eq(planPublications.tenant, tenant), isNotNull(planPublications.undoes)))
  return new Set(rows.flatMap(({ undoes }) => undoes ?? []))
}

export async function lastNumber(db: DbOrTx, tenant: string): Promise<number> {
  const [last] = await db
    .select({ number: max(planPublications.number) })
    .from(planPublications)
    .where(eq(planPublications.tenant, tenant))
  return last?.number ?? 0
}

/** Whoever publishes or rolls back holds the city's line of publications, before any plan: one after the other. */
export const holdLine = async (tx: Tx, tenant: string): Promise<void> => {
  await tx.select({ code: tenants.code }).from(tenants).where(eq(tenants.code, tenant)).for('no key update')
}

export async function publicationOfPlan(db: DbOrTx, planId: string): Promise<PlanPublication | null> {
  const [own] = await db
    .select()
    .from(planPublications)
    .where(and(eq(planPublications.planId, planId), eq(planPublications.kind, 'publish')))
    .orderBy(desc(planPublications.number))
    .limit(1)
  return own ?? null
}

export const publicationsAfter = (db: DbOrTx, tenant: string, number: number): Promise<PlanPublication[]> =>
  db
    .select()
    .from(planPublications)
    .where(and(eq(planPublications.tenant, tenant), gt(planPublications.number, number)))

/** Runs whose server has not been heard of: it was killed, or the run with it. */
export const silentRuns = (db: DbOrTx, before: Instant) =>
  db
    .select({ id: planRuns.id, planId: planRuns.planId, tenant: planRuns.tenant })
    .from(planRuns)
    .where(and(inArray(planRuns.status, ['queued', 'running']), lt(planRuns.beatAt, before)))

/** PN6: a later publication than the plan has taken account of touches the same communities or providers. */
export async function isOvertaken(db: DbOrTx, plan: KeptPlan): Promise<boolean> {
  const { result, tenant, basis } = plan
  if (!result) return false
  const communities = new Set(result.places.map(({ communityId }) => communityId))
  const providers = new Set(result.places.map(({ providerId }) => providerId))
  const later = await publicationsAfter(db, tenant, basis)
  return later.some(
    ({ communityIds, providerIds }) =>
      communityIds.some((id) => communities.has(id)) || providerIds.some((id) => providers.has(id)),
  )
}
