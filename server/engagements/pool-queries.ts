import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { engagements } from '#db/schema/engagements.ts'
import { firms, subdistricts } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { ratings } from '#db/schema/ratings.ts'
import { committedBy } from '#domain/engageable.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { PoolEntry } from '#domain/pool.ts'
import type { Rating } from '#domain/rating.ts'
import type { Firm } from '#domain/units.ts'
import type { PoolLine } from '#wire/routes/pool.ts'
import { commitmentsOf } from './engagement-queries.ts'

export async function poolEntryForChange(tx: Tx, tenant: string, id: string): Promise<PoolEntry | null> {
  const [entry] = await tx
    .select()
    .from(poolEntries)
    .where(and(eq(poolEntries.tenant, tenant), eq(poolEntries.id, id)))
    .for('no key update')
  return entry ?? null
}

/** All of them, in one order for everybody: whoever goes on to the next of a list holds up nobody who goes the other way. */
export const holdEntries = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  if (ids.length < 2) return
  await tx
    .select({ id: poolEntries.id })
    .from(poolEntries)
    .where(inArray(poolEntries.id, [...ids]))
    .orderBy(asc(poolEntries.id))
    .for('no key update')
}

export async function entryOfFirm(tx: Tx, tenant: string, firmId: string): Promise<PoolEntry | null> {
  const [entry] = await tx
    .select()
    .from(poolEntries)
    .where(and(eq(poolEntries.tenant, tenant), eq(poolEntries.firmId, firmId)))
    .for('no key update')
  return entry ?? null
}

/** How the firm was rated last, while it was not in the pool. */
export async function lastConfirmed(tx: Tx, tenant: string, firmId: string): Promise<Rating | null> {
  const [rating] = await tx
    .select()
    .from(ratings)
    .where(and(eq(ratings.tenant, tenant), eq(ratings.firmId, firmId), eq(ratings.verdict, 'confirmed')))
    .orderBy(desc(ratings.decidedAt))
    .limit(1)
  return rating ?? null
}

export async function saveEntry(tx: Tx, entry: PoolEntry): Promise<void> {
  const { id, ...rest } = entry
  await tx.insert(poolEntries).values(entry).onConflictDoUpdate({ target: poolEntries.id, set: rest })
}

/** The firm, held: two first applications of one firm come one after the other. */
export async function firmForUpdate(tx: Tx, tenant: string, id: string): Promise<Firm | null> {
  const [firm] = await tx
    .select()
    .from(firms)
    .where(and(eq(firms.tenant, tenant), eq(firms.id, id)))
    .for('no key update')
  return firm ?? null
}

export async function districtOf(db: DbOrTx, tenant: string, subdistrictCode: string): Promise<string | null> {
  const [found] = await db
    .select({ districtCode: subdistricts.districtCode })
    .from(subdistricts)
    .where(and(eq(subdistricts.tenant, tenant), eq(subdistricts.code, subdistrictCode)))
  return found?.districtCode ?? null
}

/** All entries with their firms and loads, by the firm's name. */
export async function poolLines(db: DbOrTx, tenant: string, id?: string): Promise<PoolLine[]> {
  const rows = await db
    .select({ entry: poolEntries, firm: firms })
    .from(poolEntries)
    .innerJoin(firms, eq(firms.id, poolEntries.firmId))
    .where(and(eq(poolEntries.tenant, tenant), id === undefined ? undefined : eq(poolEntries.id, id)))
    .orderBy(asc(firms.name), asc(firms.id))
  const firmIds = rows.map(({ firm }) => firm.id)
  const bound = Map.groupBy(await commitmentsOf(db, firmIds), ({ firmId }) => firmId)
  return rows.map(({ entry, firm }) => {
    const mine = bound.get(firm.id) ?? []
    return { entry, firm, committed: committedBy(mine), communities: mine.length }
  })
}

export const engagementsOfFirm = (db: DbOrTx, tenant: string, firmId: string): Promise<Engagement[]> =>
  db
    .select()
    .from(engagements)
    .where(and(eq(engagements.tenant, tenant), eq(engagements.firmId, firmId)))
    .orderBy(desc(engagements.proposedAt), asc(engagements.id))
