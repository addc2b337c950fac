import { eq, sql } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import { events, feedHeads } from '#db/schema/feed.ts'
import type { FeedAudience, FeedKind, FeedState } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import type { Actor } from '#domain/ticket.ts'

export interface NewEvent {
  tenant: string
  kind: FeedKind
  at: Instant
  actor: Actor
  audience: FeedAudience
  state: FeedState
}

/**
 * FD1: writes one event and gives it the next number of its tenant. The head row stays locked until commit, so numbers
 * follow the order of commits; append last in a transaction, to hold the lock briefly.
 */
export const appendEvent = (tx: Tx, event: NewEvent): Promise<number> => appendTo(tx, event.tenant, [event])

/** Any number of them, each tenant's in the order given, with one visit to its head: whoever waits for it waits as for one. */
export async function appendEvents(tx: Tx, all: readonly NewEvent[]): Promise<void> {
  const byTenant = Map.groupBy(all, ({ tenant }) => tenant)
  // Heads of several tenants are taken in one order by everybody.
  for (const [tenant, told] of [...byTenant].sort(([a], [b]) => (a < b ? -1 : 1))) await appendTo(tx, tenant, told)
}

/** Answers the number of the last. */
async function appendTo(tx: Tx, tenant: string, told: readonly NewEvent[]): Promise<number> {
  const [head] = await tx
    .update(feedHeads)
    .set({ seq: sql`${feedHeads.seq} + ${told.length}`, lastAt: Math.max(...told.map(({ at }) => at)) })
    .where(eq(feedHeads.tenant, tenant))
    .returning({ seq: feedHeads.seq })
  if (!head) throw new Error(`tenant ${tenant} has no feed head`)
  const first = head.seq - told.length + 1
  const rows = told.map((event, n) => ({ ...event, seq: first + n }))
  await insertRows(tx, events, rows)
  return head.seq
}

/** Takes the tenant's next ticket number under the same lock: no gaps, no doubles. */
export const nextTicketNumber = (tx: Tx, tenant: string): Promise<number> => nextTicketNumbers(tx, tenant, 1)

/** Takes so many numbers at once and answers the first of them. */
export async function nextTicketNumbers(tx: Tx, tenant: string, count: number): Promise<number> {
  const [head] = await tx
    .update(feedHeads)
    .set({ ticketNumber: sql`${feedHeads.ticketNumber} + ${count}` })
    .where(eq(feedHeads.tenant, tenant))
    .returning({ last: feedHeads.ticketNumber })
  if (!head) throw new Error(`tenant ${tenant} has no feed head`)
  return head.last - count + 1
}
