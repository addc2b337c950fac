import { and, asc, count, desc, eq, gte, ilike, inArray, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { user } from '#db/schema/accounts.ts'
import { dispatches, photos, requesters, ticketLog, tickets } from '#db/schema/tickets.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import type { LogEntry, Ticket, TicketStatus } from '#domain/ticket.ts'
import type { NewLogEntry } from '#domain/ticket-step.ts'
import type { Requester, TicketCard } from '#wire/routes/tickets.ts'

const byId = (tenant: string, id: string) => and(eq(tickets.tenant, tenant), eq(tickets.id, id))

export async function ticketById(db: DbOrTx, tenant: string, id: string): Promise<Ticket | null> {
  const [ticket] = await db.select().from(tickets).where(byId(tenant, id))
  return ticket ?? null
}

/** Every verb locks the ticket first and whatever belongs to it afterwards: one order, no deadlock. */
export async function ticketForUpdate(tx: Tx, tenant: string, id: string): Promise<Ticket | null> {
  const [ticket] = await tx.select().from(tickets).where(byId(tenant, id)).for('update')
  return ticket ?? null
}

/** Two tickets in the order of their ids, so that a merge and its mirror image cannot wait for each other. */
export async function ticketsForUpdate(tx: Tx, tenant: string, ids: readonly string[]): Promise<Map<string, Ticket>> {
  const found = new Map<string, Ticket>()
  for (const id of [...new Set(ids)].sort()) {
    const ticket = await ticketForUpdate(tx, tenant, id)
    if (ticket) found.set(id, ticket)
  }
  return found
}

export const insertTicket = (tx: Tx, ticket: Ticket) => tx.insert(tickets).values(ticket)

export async function saveTicket(tx: Tx, ticket: Ticket): Promise<void> {
  const { id, ...columns } = ticket
  await tx.update(tickets).set(columns).where(eq(tickets.id, id))
}

export const logOf = (db: DbOrTx, ticketId: string): Promise<LogEntry[]> =>
  db.select().from(ticketLog).where(eq(ticketLog.ticketId, ticketId)).orderBy(asc(ticketLog.n))

/** Numbers the rows on from `last` and keeps them. */
export async function appendLog(
  tx: Tx,
  ticketId: string,
  last: number,
  entries: readonly NewLogEntry[],
): Promise<LogEntry[]> {
  const rows = entries.map((entry, i) => ({ ...entry, ticketId, n: last + 1 + i }))
  await tx.insert(ticketLog).values(rows)
  return rows
}

export async function keepRequester(
  tx: Tx,
  ticketId: string,
  requester: Requester & { tokenHash?: string | null },
): Promise<void> {
  const { name, phone, tokenHash = null } = requester
  if (name === null && phone === null && tokenHash === null) return
  await tx.insert(requesters).values({ ticketId, name, phone, tokenHash })
}

export async function requesterOf(db: DbOrTx, ticketId: string): Promise<Requester | null> {
  const [requester] = await db
    .select({ name: requesters.name, phone: requesters.phone })
    .from(requesters)
    .where(eq(requesters.ticketId, ticketId))
  return requester ?? null
}

/** A new link ends the old one: only the hash of the newest token is kept. */
export async function setLinkToken(tx: Tx, ticketId: string, tokenHash: string): Promise<void> {
  await tx
    .insert(requesters)
    .values({ ticketId, name: null, phone: null, tokenHash })
    .onConflictDoUpdate({ target: requesters.ticketId, set: { tokenHash } })
}

export async function ticketByToken(db: DbOrTx, tokenHash: string): Promise<Ticket | null> {
  const [row] = await db
    .select({ ticket: tickets })
    .from(requesters)
    .innerJoin(tickets, eq(tickets.id, requesters.ticketId))
    .where(eq(requesters.tokenHash, tokenHash))
  return row?.ticket ?? null
}

export interface TicketFilter {
  status?: TicketStatus | undefined
  communityId?: string | undefined
  from?: Instant | undefined
  to?: Instant | undefined
  text?: string | undefined
  beforeNumber?: number | undefined
  limit?: number | undefined
}

export function listTickets(db: DbOrTx, tenant: string, visible: SQL, filter: TicketFilter): Promise<Ticket[]> {
  const { status, communityId, from, to, text, beforeNumber, limit = 100 } = filter
  return db
    .select()
    .from(tickets)
    .where(
      and(
        eq(tickets.tenant, tenant),
        visible,
        status && eq(tickets.status, status),
        communityId ? eq(tickets.communityId, communityId) : undefined,
        from === undefined ? undefined : gte(tickets.reportedAt, from),
        to === undefined ? undefined : lte(tickets.reportedAt, to),
        beforeNumber === undefined ? undefined : lt(tickets.number, beforeNumber),
        text ? mentions(text) : undefined,
      ),
    )
    .orderBy(desc(tickets.number))
    .limit(limit)
}

/** What a person types means itself: `%` and `_` are no wildcards here. */
function mentions(text: string): SQL | undefined {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const number = /^#?\d{1,9}$/.test(text) ? eq(tickets.number, Number(text.replace('#', ''))) : undefined
  return or(ilike(tickets.description, pattern), ilike(tickets.address, pattern), number)
}

const REPEATS_WITHIN_MS = 90 * DAY_MS

/** Everything about a ticket but the resident behind it. */
export async function cardOf(db: DbOrTx, ticket: Ticket, now: Instant): Promise<Omit<TicketCard, 'requester'>> {
  const log = await logOf(db, ticket.id)
  const sent = await db
    .select()
    .from(dispatches)
    .where(eq(dispatches.ticketId, ticket.id))
    .orderBy(asc(dispatches.offeredAt))
  const { id, ticketId, at, purpose, width, height } = photos
  const pictures = await db
    .select({ id, ticketId, at, purpose, width, height })
    .from(photos)
    .where(eq(photos.ticketId, ticket.id))
    .orderBy(asc(photos.at))
  const [repeats, names] = [await repeatsOf(db, ticket, now), await namesIn(db, log)]
  return { ticket, log, dispatches: sent, photos: pictures, repeats, names }
}

/** Who the desks in a log are, as they are called aloud: a role and a number. */
async function namesIn(db: DbOrTx, log: readonly LogEntry[]): Promise<Record<string, string>> {
  const ids = new Set(log.flatMap(({ actor }) => (actor.kind === 'user' && actor.id !== null ? [actor.id] : [])))
  if (ids.size === 0) return {}
  const rows = await db
    .select({ id: user.id, name: user.name })
    .from(user)
    .where(inArray(user.id, [...ids]))
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]))
}

async function repeatsOf(db: DbOrTx, ticket: Ticket, now: Instant): Promise<number> {
  if (ticket.communityId === null) return 0
  const [row] = await db
    .select({ others: count() })
    .from(tickets)
    .where(
      and(
        eq(tickets.communityId, ticket.communityId),
        gte(tickets.reportedAt, now - REPEATS_WITHIN_MS),
        ne(tickets.id, ticket.id),
      ),
    )
  return row?.others ?? 0
}

/** Ids of tickets whose next timer is due, locked for this transaction; those another engine holds are passed over (EN2). */
export const dueForUpdate = (tx: Tx, now: Instant, limit: number): Promise<Ticket[]> =>
  tx
    .select()
    .from(tickets)
    .where(lte(tickets.nextTimerAt, now))
    .orderBy(asc(tickets.nextTimerAt))
    .limit(limit)
    .for('update', { skipLocked: true })

export async function nextTimerAt(db: DbOrTx): Promise<Instant | null> {
  const [row] = await db
    .select({ at: tickets.nextTimerAt })
    .from(tickets)
    .where(sql`${tickets.nextTimerAt} is not null`)
    .orderBy(asc(tickets.nextTimerAt))
    .limit(1)
  return row?.at ?? null
}
