import { and, asc, eq, inArray, isNotNull, lte, min } from 'drizzle-orm'
import type { Db, DbOrTx, Tx } from '#db/connect.ts'
import { coverOffers, dutyShifts, dutySwaps, handOvers } from '#db/schema/duties.ts'
import type { CoverOffer, DutyShift, DutySwap } from '#domain/duty-shift.ts'
import type { Instant } from '#domain/instant.ts'

export async function shiftById(db: DbOrTx, tenant: string, id: string): Promise<DutyShift | null> {
  const [shift] = await db
    .select()
    .from(dutyShifts)
    .where(and(eq(dutyShifts.tenant, tenant), eq(dutyShifts.id, id)))
  return shift ?? null
}

export async function shiftForUpdate(tx: Tx, tenant: string, id: string): Promise<DutyShift | null> {
  const [shift] = await tx
    .select()
    .from(dutyShifts)
    .where(and(eq(dutyShifts.tenant, tenant), eq(dutyShifts.id, id)))
    .for('update')
  return shift ?? null
}

export async function saveShift(tx: Tx, shift: DutyShift): Promise<void> {
  const { id, ...rest } = shift
  await tx.insert(dutyShifts).values(shift).onConflictDoUpdate({ target: dutyShifts.id, set: rest })
}

/** The gap that stands for a shift, if one does. */
export async function gapForUpdate(tx: Tx, coveredId: string): Promise<DutyShift | null> {
  const [gap] = await tx
    .select()
    .from(dutyShifts)
    .where(
      and(eq(dutyShifts.coversId, coveredId), inArray(dutyShifts.status, ['open', 'confirmed', 'started', 'ended'])),
    )
    .for('update')
  return gap ?? null
}

export async function offerForUpdate(tx: Tx, tenant: string, id: string): Promise<CoverOffer | null> {
  const [offer] = await tx
    .select()
    .from(coverOffers)
    .where(and(eq(coverOffers.tenant, tenant), eq(coverOffers.id, id)))
    .for('update')
  return offer ?? null
}

/** Whoever answers a question holds the gap first, as whoever closes it does. */
export async function shiftOfOffer(db: DbOrTx, id: string): Promise<string | null> {
  const [offer] = await db.select({ shiftId: coverOffers.shiftId }).from(coverOffers).where(eq(coverOffers.id, id))
  return offer?.shiftId ?? null
}

export const offersOf = (db: DbOrTx, shiftId: string): Promise<CoverOffer[]> =>
  db.select().from(coverOffers).where(eq(coverOffers.shiftId, shiftId)).orderBy(asc(coverOffers.rank))

export async function saveOffer(tx: Tx, offer: CoverOffer): Promise<void> {
  const { id, ...rest } = offer
  await tx.insert(coverOffers).values(offer).onConflictDoUpdate({ target: coverOffers.id, set: rest })
}

export async function swapForUpdate(tx: Tx, tenant: string, id: string): Promise<DutySwap | null> {
  const [swap] = await tx
    .select()
    .from(dutySwaps)
    .where(and(eq(dutySwaps.tenant, tenant), eq(dutySwaps.id, id)))
    .for('update')
  return swap ?? null
}

export async function saveSwap(tx: Tx, swap: DutySwap): Promise<void> {
  const { id, ...rest } = swap
  await tx.insert(dutySwaps).values(swap).onConflictDoUpdate({ target: dutySwaps.id, set: rest })
}

export const handOverOf = async (db: DbOrTx, shiftId: string) => {
  const [found] = await db.select().from(handOvers).where(eq(handOvers.shiftId, shiftId))
  return found ?? null
}

/** What the engine has to look at: shifts, offers and swaps whose moment has come. */
export const dueShifts = (db: Db, now: Instant, most: number) =>
  db
    .select({ id: dutyShifts.id, tenant: dutyShifts.tenant })
    .from(dutyShifts)
    .where(and(isNotNull(dutyShifts.nextTimerAt), lte(dutyShifts.nextTimerAt, now)))
    .orderBy(asc(dutyShifts.nextTimerAt))
    .limit(most)

export const dueOffers = (db: Db, now: Instant, most: number) =>
  db
    .select({ id: coverOffers.id, tenant: coverOffers.tenant })
    .from(coverOffers)
    .where(and(eq(coverOffers.status, 'offered'), lte(coverOffers.expiresAt, now)))
    .orderBy(asc(coverOffers.expiresAt))
    .limit(most)

export const dueSwaps = (db: Db, now: Instant, most: number) =>
  db
    .select({ id: dutySwaps.id, tenant: dutySwaps.tenant })
    .from(dutySwaps)
    .where(and(inArray(dutySwaps.status, ['proposed', 'agreed']), lte(dutySwaps.expiresAt, now)))
    .orderBy(asc(dutySwaps.expiresAt))
    .limit(most)

/** When the engine must wake for any of them. */
export async function nextDutyAt(db: Db): Promise<Instant | null> {
  const [shift] = await db
    .select({ at: min(dutyShifts.nextTimerAt) })
    .from(dutyShifts)
    .where(isNotNull(dutyShifts.nextTimerAt))
  const [offer] = await db
    .select({ at: min(coverOffers.expiresAt) })
    .from(coverOffers)
    .where(eq(coverOffers.status, 'offered'))
  const [swap] = await db
    .select({ at: min(dutySwaps.expiresAt) })
    .from(dutySwaps)
    .where(inArray(dutySwaps.status, ['proposed', 'agreed']))
  const moments = [shift?.at, offer?.at, swap?.at].filter((at): at is Instant => at !== null && at !== undefined)
  return moments.length > 0 ? Math.min(...moments) : null
}

/** Of a gap: who held the shift that it fills. */
export async function holderBefore(db: DbOrTx, { tenant, coversId }: DutyShift): Promise<string | null> {
  return coversId === null ? null : ((await shiftById(db, tenant, coversId))?.unitId ?? null)
}
