import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { communities, tenants } from '#db/schema/places.ts'
import { dispatches, offerQueue, photos, tickets } from '#db/schema/tickets.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import { DEFAULT_OFFER_MS } from '#domain/offers.ts'
import type { Actor, Ticket } from '#domain/ticket.ts'
import type { DutyState, Unit } from '#domain/units.ts'

/** Written out, not bound: only a literal lets the planner use the partial indexes over these statuses. */
const IS_ACTIVE = sql`status in ('accepted', 'en_route', 'on_site')`
const IS_OFFERED = sql`status = 'offered'`

export async function dispatchById(db: DbOrTx, tenant: string, id: string): Promise<Dispatch | null> {
  const [row] = await db
    .select()
    .from(dispatches)
    .where(and(eq(dispatches.tenant, tenant), eq(dispatches.id, id)))
  return row ?? null
}

/** All dispatches of a ticket, oldest first. Whoever writes one holds the ticket's row, so these stand still while it is held. */
export const dispatchesOf = (db: DbOrTx, ticketId: string): Promise<Dispatch[]> =>
  db
    .select()
    .from(dispatches)
    .where(eq(dispatches.ticketId, ticketId))
    .orderBy(asc(dispatches.offeredAt), asc(dispatches.id))

export async function insertDispatches(tx: Tx, rows: Dispatch[]): Promise<void> {
  if (rows.length > 0) await tx.insert(dispatches).values(rows)
}

export async function saveDispatches(tx: Tx, rows: readonly Dispatch[]): Promise<void> {
  for (const { id, ...row } of rows) await tx.update(dispatches).set(row).where(eq(dispatches.id, id))
}

/** In the order of their ids: two transactions that want the same units never wait for each other crosswise. */
export const unitsForUpdate = (tx: Tx, tenant: string, ids: readonly string[]): Promise<Unit[]> =>
  tx
    .select()
    .from(units)
    .where(and(eq(units.tenant, tenant), inArray(units.id, [...ids])))
    .orderBy(asc(units.id))
    .for('no key update')

export const unitsByIds = (db: DbOrTx, tenant: string, ids: readonly string[]): Promise<Unit[]> =>
  db
    .select()
    .from(units)
    .where(and(eq(units.tenant, tenant), inArray(units.id, [...ids])))

export const saveDuty = (tx: Tx, unitId: string, duty: DutyState, since: Instant): Promise<unknown> =>
  tx.update(units).set({ duty, dutySince: since }).where(eq(units.id, unitId))

/** How many tasks hold each unit now (DP11), those of one ticket left out; of everybody, or only of `unitIds`. */
export async function openTasks(
  db: DbOrTx,
  tenant: string,
  exceptTicketId: string,
  unitIds?: readonly string[],
): Promise<Map<string, number>> {
  const whose = unitIds ? sql`and unit_id in ${[...unitIds]}` : sql``
  const rows = await db.execute<{ unit_id: string; n: number }>(sql`
    select unit_id, count(*)::int as n from dispatches d
    where tenant = ${tenant} and ${IS_ACTIVE} and ticket_id <> ${exceptTicketId} ${whose}
      and not exists (select from tickets t where t.id = d.ticket_id and t.status in ('suspended', 'plan_submitted'))
    group by unit_id`)
  return new Map(rows.map(({ unit_id, n }) => [unit_id, n]))
}

/** Offers of other tickets that each unit has not answered. */
export async function openOffers(db: DbOrTx, tenant: string, exceptTicketId: string): Promise<Map<string, number>> {
  const rows = await db.execute<{ unit_id: string; n: number }>(sql`
    select unit_id, count(*)::int as n from dispatches
    where tenant = ${tenant} and ${IS_OFFERED} and ticket_id <> ${exceptTicketId} group by unit_id`)
  return new Map(rows.map(({ unit_id, n }) => [unit_id, n]))
}

export interface Waiting {
  ticketId: string
  position: number
  unitId: string
  ttlMs: number
  offeredBy: Actor
  confirmBusy: boolean
}

export const waitingFor = (db: DbOrTx, ticketId: string): Promise<Waiting[]> =>
  db.select().from(offerQueue).where(eq(offerQueue.ticketId, ticketId)).orderBy(asc(offerQueue.position))

/** Replaces who is still to be asked; none = nobody is. */
export async function setWaiting(tx: Tx, ticketId: string, rows: Waiting[]): Promise<void> {
  await tx.delete(offerQueue).where(eq(offerQueue.ticketId, ticketId))
  if (rows.length > 0) await tx.insert(offerQueue).values(rows)
}

export async function isPhotoOf(db: DbOrTx, photoId: string, ticketId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: photos.id })
    .from(photos)
    .where(and(eq(photos.id, photoId), eq(photos.ticketId, ticketId)))
  return row !== undefined
}

/** Tickets with an offer whose time is over, longest over first. */
export async function ticketsWithDueOffers(db: DbOrTx, now: Instant, most: number): Promise<string[]> {
  const due = new Date(now).toISOString()
  const rows = await db.execute<{ ticket_id: string }>(sql`
    select ticket_id from dispatches where ${IS_OFFERED} and expires_at <= ${due}
    group by ticket_id order by min(expires_at) limit ${most}`)
  return rows.map(({ ticket_id }) => ticket_id)
}

/** The ticket, held; null when somebody else holds it: they will leave nothing due, or the next beat comes to it. */
export async function ticketIfFree(tx: Tx, id: string): Promise<Ticket | null> {
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, id)).for('update', { skipLocked: true })
  return ticket ?? null
}

export async function nextOfferDueAt(db: DbOrTx): Promise<Instant | null> {
  const [row] = await db
    .select({ at: dispatches.expiresAt })
    .from(dispatches)
    .where(and(IS_OFFERED, isNotNull(dispatches.expiresAt)))
    .orderBy(asc(dispatches.expiresAt))
    .limit(1)
  return row?.at ?? null
}

export async function offerTtlMs(db: DbOrTx, tenant: string): Promise<number> {
  const [row] = await db.select({ settings: tenants.settings }).from(tenants).where(eq(tenants.code, tenant))
  return row?.settings.offerTtlMs ?? DEFAULT_OFFER_MS
}

export async function communityExists(db: DbOrTx, tenant: string, id: string): Promise<boolean> {
  const [row] = await db
    .select({ id: communities.id })
    .from(communities)
    .where(and(eq(communities.tenant, tenant), eq(communities.id, id)))
  return row !== undefined
}
