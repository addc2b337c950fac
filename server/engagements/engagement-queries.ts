import { and, asc, desc, eq, inArray, isNotNull, lte, ne, notInArray } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { engagementSteps, engagements, lotterySecrets, selections } from '#db/schema/engagements.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { committedBy } from '#domain/engageable.ts'
import { COMMITTED, type Engagement, IN_THE_MAKING, SERVING } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { PoolEntry } from '#domain/pool.ts'
import type { EngagementStep } from '#domain/proof.ts'
import type { Selection } from '#domain/selection.ts'
import type { Amounts } from '#domain/services.ts'
import type { Reader } from '#server/serving.ts'
import type { QueryOf } from '#wire/route.ts'
import type { engagements as engagementsRoute } from '#wire/routes/engagements.ts'
import type { selections as selectionsRoute } from '#wire/routes/selections.ts'
import { following, visible } from './listing.ts'

/** Rows here are written only by whoever holds the community's row (community-queries.ts). */

export async function engagementById(db: DbOrTx, tenant: string, id: string): Promise<Engagement | null> {
  const [found] = await db
    .select()
    .from(engagements)
    .where(and(eq(engagements.tenant, tenant), eq(engagements.id, id)))
  return found ?? null
}

type Readers = Pick<Reader, 'tenant' | 'grants'>

const placeOf = <T extends Record<'districtCode' | 'subdistrictCode' | 'neighbourhoodCode', PgColumn>>({
  districtCode,
  subdistrictCode,
  neighbourhoodCode,
}: T) => ({ districtCode, subdistrictCode, neighbourhoodCode })

const LIVE = [...IN_THE_MAKING, ...SERVING]

/** Newest first, those the reader may read. */
export const engagementsFor = (
  db: DbOrTx,
  { tenant, grants }: Readers,
  { status, phase, communityId, firmId, after, limit = 500 }: QueryOf<typeof engagementsRoute>,
): Promise<Engagement[]> =>
  db
    .select()
    .from(engagements)
    .where(
      and(
        eq(engagements.tenant, tenant),
        visible(grants, 'engagement.read', { ...placeOf(engagements), firmId: engagements.firmId }),
        status && eq(engagements.status, status),
        phase && (phase === 'live' ? inArray : notInArray)(engagements.status, LIVE),
        communityId === undefined ? undefined : eq(engagements.communityId, communityId),
        firmId === undefined ? undefined : eq(engagements.firmId, firmId),
        following(engagements, engagements.proposedAt, engagements.id, after),
      ),
    )
    .orderBy(desc(engagements.proposedAt), desc(engagements.id))
    .limit(limit)

/** Row as it is, new or changed. */
export async function saveEngagement(tx: Tx, engagement: Engagement): Promise<void> {
  const { id, ...rest } = engagement
  await tx.insert(engagements).values(engagement).onConflictDoUpdate({ target: engagements.id, set: rest })
}

const oneAt = async (db: DbOrTx, communityId: string, statuses: readonly Engagement['status'][]) => {
  const [found] = await db
    .select()
    .from(engagements)
    .where(and(eq(engagements.communityId, communityId), inArray(engagements.status, [...statuses])))
  return found ?? null
}

export const servingAt = (db: DbOrTx, communityId: string): Promise<Engagement | null> =>
  oneAt(db, communityId, SERVING)

export const inTheMakingAt = (db: DbOrTx, communityId: string): Promise<Engagement | null> =>
  oneAt(db, communityId, IN_THE_MAKING)

/** Proposals of plans that no officer has approved yet. */
export const proposedAt = (db: DbOrTx, communityIds: readonly string[]): Promise<Engagement[]> =>
  communityIds.length === 0
    ? Promise.resolve([])
    : db
        .select()
        .from(engagements)
        .where(and(inArray(engagements.communityId, [...communityIds]), eq(engagements.status, 'proposed')))

export const engagementsOfSelection = (db: DbOrTx, selectionId: string): Promise<Engagement[]> =>
  db
    .select()
    .from(engagements)
    .where(eq(engagements.selectionId, selectionId))
    .orderBy(asc(engagements.proposedAt), asc(engagements.rank))

export async function selectionById(db: DbOrTx, tenant: string, id: string): Promise<Selection | null> {
  const [found] = await db
    .select()
    .from(selections)
    .where(and(eq(selections.tenant, tenant), eq(selections.id, id)))
  return found ?? null
}

const GOING_ON: Selection['status'][] = ['open', 'frozen', 'drawn']

export async function openSelectionAt(db: DbOrTx, communityId: string): Promise<Selection | null> {
  const [found] = await db
    .select()
    .from(selections)
    .where(and(eq(selections.communityId, communityId), inArray(selections.status, GOING_ON)))
  return found ?? null
}

export async function saveSelection(tx: Tx, selection: Selection): Promise<void> {
  const { id, ...rest } = selection
  await tx.insert(selections).values(selection).onConflictDoUpdate({ target: selections.id, set: rest })
}

/** Newest first, those the reader may read. */
export const selectionsFor = (
  db: DbOrTx,
  { tenant, grants }: Readers,
  { status, phase, communityId, after, limit = 200 }: QueryOf<typeof selectionsRoute>,
): Promise<Selection[]> =>
  db
    .select()
    .from(selections)
    .where(
      and(
        eq(selections.tenant, tenant),
        visible(grants, 'engagement.read', placeOf(selections)),
        status && eq(selections.status, status),
        phase && (phase === 'live' ? inArray : notInArray)(selections.status, GOING_ON),
        communityId === undefined ? undefined : eq(selections.communityId, communityId),
        following(selections, selections.openedAt, selections.id, after),
      ),
    )
    .orderBy(desc(selections.openedAt), desc(selections.id))
    .limit(limit)

export const keepSecret = (tx: Tx, selectionId: string, secret: string) =>
  tx.insert(lotterySecrets).values({ selectionId, secret })

export async function secretOf(tx: Tx, selectionId: string): Promise<string> {
  const [row] = await tx.select().from(lotterySecrets).where(eq(lotterySecrets.selectionId, selectionId))
  if (!row) throw new Error(`the draw of ${selectionId} has no secret`)
  return row.secret
}

export const poolEntriesByIds = (db: DbOrTx, tenant: string, ids: readonly string[]): Promise<PoolEntry[]> =>
  db
    .select()
    .from(poolEntries)
    .where(and(eq(poolEntries.tenant, tenant), inArray(poolEntries.id, [...ids])))

export const wholePool = (db: DbOrTx, tenant: string): Promise<PoolEntry[]> =>
  db
    .select()
    .from(poolEntries)
    .where(and(eq(poolEntries.tenant, tenant), ne(poolEntries.status, 'removed')))

/** What firms have said yes to: one row an engagement. */
export const commitmentsOf = (db: DbOrTx, firmIds: readonly string[]) => {
  const { firmId, communityId, needs, moneyAtRisk, status } = engagements
  return firmIds.length === 0
    ? Promise.resolve([])
    : db
        .select({ firmId, communityId, needs, moneyAtRisk })
        .from(engagements)
        .where(and(inArray(firmId, [...firmIds]), inArray(status, [...COMMITTED])))
}

/** What that takes of each firm. */
export async function committedOf(db: DbOrTx, firmIds: readonly string[]): Promise<Map<string, Amounts>> {
  const byFirm = Map.groupBy(await commitmentsOf(db, firmIds), ({ firmId }) => firmId)
  return new Map(firmIds.map((id) => [id, committedBy(byFirm.get(id) ?? [])]))
}

export const stepsOf = (db: DbOrTx, engagementId: string): Promise<EngagementStep[]> =>
  db
    .select()
    .from(engagementSteps)
    .where(eq(engagementSteps.engagementId, engagementId))
    .orderBy(asc(engagementSteps.kind), asc(engagementSteps.dueAt), asc(engagementSteps.item))

export const addSteps = async (tx: Tx, steps: readonly EngagementStep[]): Promise<void> => {
  if (steps.length > 0)
    await tx
      .insert(engagementSteps)
      .values([...steps])
      .onConflictDoNothing()
}

export async function saveStep(tx: Tx, { engagementId, kind, item, ...done }: EngagementStep): Promise<void> {
  const { doneAt, doneBy, note } = done
  await tx
    .update(engagementSteps)
    .set({ doneAt, doneBy, note })
    .where(
      and(
        eq(engagementSteps.engagementId, engagementId),
        eq(engagementSteps.kind, kind),
        eq(engagementSteps.item, item),
      ),
    )
}

/** Whose moment has come, each with its community, whose row is taken before anything is done. */
export const dueEngagements = (db: DbOrTx, now: Instant, most: number) =>
  db
    .select({ id: engagements.id, tenant: engagements.tenant, communityId: engagements.communityId })
    .from(engagements)
    .where(and(isNotNull(engagements.nextTimerAt), lte(engagements.nextTimerAt, now)))
    .orderBy(asc(engagements.nextTimerAt))
    .limit(most)

export const dueSelections = (db: DbOrTx, now: Instant, most: number) =>
  db
    .select({ id: selections.id, tenant: selections.tenant, communityId: selections.communityId })
    .from(selections)
    .where(and(isNotNull(selections.nextTimerAt), lte(selections.nextTimerAt, now)))
    .orderBy(asc(selections.nextTimerAt))
    .limit(most)

export async function nextEngagementAt(db: DbOrTx): Promise<Instant | null> {
  const [row] = await db
    .select({ at: engagements.nextTimerAt })
    .from(engagements)
    .where(isNotNull(engagements.nextTimerAt))
    .orderBy(asc(engagements.nextTimerAt))
    .limit(1)
  return row?.at ?? null
}

export async function nextSelectionAt(db: DbOrTx): Promise<Instant | null> {
  const [row] = await db
    .select({ at: selections.nextTimerAt })
    .from(selections)
    .where(isNotNull(selections.nextTimerAt))
    .orderBy(asc(selections.nextTimerAt))
    .limit(1)
  return row?.at ?? null
}

export const entriesOfFirms = (db: DbOrTx, tenant: string, firmIds: readonly string[]): Promise<PoolEntry[]> =>
  db
    .select()
    .from(poolEntries)
    .where(and(eq(poolEntries.tenant, tenant), inArray(poolEntries.firmId, [...firmIds])))

/** A draw is public: its id alone finds it. */
export async function selectionForAnybody(db: DbOrTx, id: string): Promise<Selection | null> {
  const [found] = await db.select().from(selections).where(eq(selections.id, id))
  return found ?? null
}
