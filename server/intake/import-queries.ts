import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { communities } from '#db/schema/places.ts'
import { dispatches, importedRows, ticketLog } from '#db/schema/tickets.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Community } from '#domain/places.ts'
import type { Unit } from '#domain/units.ts'

/** One import of a source at a time: what it finds to be new stays new until it commits. */
export const lockSource = (tx: Tx, tenant: string, source: string) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`import ${tenant} ${source}`}, 0))`)

/** Ids of the tickets that these keys of a source became; keys never seen are absent. */
export async function ticketIdsByKey(
  db: DbOrTx,
  tenant: string,
  source: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const { rowKey, ticketId } = importedRows
  const rows = await db
    .select({ rowKey, ticketId })
    .from(importedRows)
    .where(and(eq(importedRows.tenant, tenant), eq(importedRows.source, source), inArray(rowKey, [...keys])))
  return new Map(rows.map((row) => [row.rowKey, row.ticketId]))
}

export async function unitIdsByCallsign(
  db: DbOrTx,
  tenant: string,
  callsigns: readonly string[],
): Promise<Map<string, string>> {
  if (callsigns.length === 0) return new Map()
  const rows = await db
    .select({ id: units.id, callsign: units.callsign })
    .from(units)
    .where(and(eq(units.tenant, tenant), inArray(units.callsign, [...callsigns])))
  return new Map(rows.map(({ callsign, id }) => [callsign, id]))
}

/** The units of a city stand still while new ones are numbered. */
export async function highestUnitIndex(tx: Tx, tenant: string): Promise<number> {
  await tx.select({ id: units.id }).from(units).where(eq(units.tenant, tenant)).orderBy(units.id).for('no key update')
  const [row] = await tx
    .select({ highest: sql<number | null>`max(${units.index})` })
    .from(units)
    .where(eq(units.tenant, tenant))
  return row?.highest ?? 0
}

export const insertUnits = (tx: Tx, rows: readonly Unit[]) => tx.insert(units).values([...rows])

/** By the code a file may give: the end of the residents' link, with or without the city's own beginning. */
export async function communitiesByCode(
  db: DbOrTx,
  tenant: string,
  codes: readonly string[],
): Promise<Map<string, Community>> {
  if (codes.length === 0) return new Map()
  const prefix = `${tenant}-`
  const slugs = codes.flatMap((code) => [code, `${prefix}${code}`])
  const rows = await db
    .select()
    .from(communities)
    .where(and(eq(communities.tenant, tenant), inArray(communities.slug, slugs)))
  return new Map(
    rows.flatMap((row) => [
      [row.slug, row],
      [row.slug.startsWith(prefix) ? row.slug.slice(prefix.length) : row.slug, row],
    ]),
  )
}

export const dispatchesOf = (db: DbOrTx, ticketId: string): Promise<Dispatch[]> =>
  db.select().from(dispatches).where(eq(dispatches.ticketId, ticketId))

export async function lastLogNumber(db: DbOrTx, ticketId: string): Promise<number> {
  const [row] = await db
    .select({ n: ticketLog.n })
    .from(ticketLog)
    .where(eq(ticketLog.ticketId, ticketId))
    .orderBy(desc(ticketLog.n))
    .limit(1)
  return row?.n ?? 0
}
