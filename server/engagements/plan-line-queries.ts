import { and, desc, eq, gt, inArray, isNotNull, lt, max } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import { tenants } from '#db/schema/places.ts'
import { planPlaces, planPublications, plans } from '#db/schema/plans.ts'
import type { PlanPublication } from '#domain/plan.ts'
import type { Reader } from '#server/serving.ts'
import type { PublicationLine } from '#wire/plan-shapes.ts'
import { visible } from './listing.ts'
import { type KeptPlan, PLACED } from './plan-queries.ts'

/** A city's line of publications, and what each of them says of a community. Written by whoever holds the line. */

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
async function undoneNumbers(db: DbOrTx, tenant: string): Promise<Set<number>> {
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

const publicationsAfter = (db: DbOrTx, tenant: string, number: number): Promise<PlanPublication[]> =>
  db
    .select()
    .from(planPublications)
    .where(and(eq(planPublications.tenant, tenant), gt(planPublications.number, number)))

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

export const addPublication = async (tx: Tx, publication: PlanPublication): Promise<void> => {
  await tx.insert(planPublications).values(publication)
}

type PlaceRow = typeof planPlaces.$inferSelect

export const addPlaces = (tx: Tx, places: readonly PlaceRow[]): Promise<void> => insertRows(tx, planPlaces, places)

/** Whatever stood for these communities stands no more; answers the plans that said it. */
export async function fallPlaces(tx: Tx, communityIds: readonly string[]): Promise<Set<string>> {
  const fallen = await tx
    .update(planPlaces)
    .set({ stands: false })
    .where(and(inArray(planPlaces.communityId, [...communityIds]), eq(planPlaces.stands, true)))
    .returning({ planId: planPlaces.planId })
  return new Set(fallen.map(({ planId }) => planId))
}

export async function saysAnything(db: DbOrTx, planId: string): Promise<boolean> {
  const rows = await db
    .select({ planId: planPlaces.planId })
    .from(planPlaces)
    .where(and(eq(planPlaces.planId, planId), eq(planPlaces.stands, true)))
    .limit(1)
  return rows.length > 0
}

/** The communities of a publication whose places still stood, which stand no more. */
export async function takeUp(tx: Tx, { tenant, number }: PlanPublication): Promise<string[]> {
  const fallen = await tx
    .update(planPlaces)
    .set({ stands: false })
    .where(and(eq(planPlaces.tenant, tenant), eq(planPlaces.number, number), eq(planPlaces.stands, true)))
    .returning({ communityId: planPlaces.communityId })
  return fallen.map(({ communityId }) => communityId)
}

/** For each community the place of the newest publication that was not rolled back. */
export async function placesBelow(db: DbOrTx, tenant: string, communityIds: readonly string[]): Promise<PlaceRow[]> {
  const gone = await undoneNumbers(db, tenant)
  const rows = await db
    .select()
    .from(planPlaces)
    .where(and(eq(planPlaces.tenant, tenant), inArray(planPlaces.communityId, [...communityIds])))
    .orderBy(desc(planPlaces.number))
  const newest = new Map<string, PlaceRow>()
  for (const row of rows) if (!gone.has(row.number) && !newest.has(row.communityId)) newest.set(row.communityId, row)
  return [...newest.values()]
}

export const raisePlace = async (tx: Tx, { tenant, number, communityId }: PlaceRow): Promise<void> => {
  await tx
    .update(planPlaces)
    .set({ stands: true })
    .where(and(eq(planPlaces.tenant, tenant), eq(planPlaces.number, number), eq(planPlaces.communityId, communityId)))
}
