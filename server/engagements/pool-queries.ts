import { and, asc, desc, eq } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { engagements } from '#db/schema/engagements.ts'
import { firms, subdistricts } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { COMMITTED, type Engagement } from '#domain/engagement.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { NOTHING } from '#domain/services.ts'
import type { Firm } from '#domain/units.ts'
import type { PoolLine } from '#wire/routes/pool.ts'
import { committedOf } from './engagement-queries.ts'

export async function poolEntryForChange(tx: Tx, tenant: string, id: string): Promise<PoolEntry | null> {
  const [entry] = await tx
    .select()
    .from(poolEntries)
    .where(and(eq(poolEntries.tenant, tenant), eq(poolEntries.id, id)))
    .for('no key update')
  return entry ?? null
}

export async function entryOfFirm(tx: Tx, tenant: string, firmId: string): Promise<PoolEntry | null> {
  const [entry] = await tx
    .select()
    .from(poolEntries)
    .where(and(eq(poolEntries.tenant, tenant), eq(poolEntries.firmId, firmId)))
    .for('no key update')
  return entry ?? null
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
  const committed = await committedOf(
    db,
    rows.map(({ firm }) => firm.id),
  )
  const served = Map.groupBy(await bound(db, tenant), ({ firmId }) => firmId)
  return rows.map(({ entry, firm }) => ({
    entry,
    firm,
    committed: committed.get(firm.id) ?? NOTHING,
    communities: served.get(firm.id)?.length ?? 0,
  }))
}

async function bound(db: DbOrTx, tenant: string): Promise<{ firmId: string }[]> {
  const rows = await db
    .select({ firmId: engagements.firmId, status: engagements.status })
    .from(engagements)
    .where(eq(engagements.tenant, tenant))
  return rows.filter(({ status }) => COMMITTED.includes(status))
}

export const engagementsOfFirm = (db: DbOrTx, tenant: string, firmId: string): Promise<Engagement[]> =>
  db
    .select()
    .from(engagements)
    .where(and(eq(engagements.tenant, tenant), eq(engagements.firmId, firmId)))
    .orderBy(desc(engagements.proposedAt), asc(engagements.id))
