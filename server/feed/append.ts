import { eq, sql } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
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
export async function appendEvent(tx: Tx, event: NewEvent): Promise<number> {
  const [head] = await tx
    .update(feedHeads)
    .set({ seq: sql`${feedHeads.seq} + 1`, lastAt: event.at })
    .where(eq(feedHeads.tenant, event.tenant))
    .returning({ seq: feedHeads.seq })
  if (!head) throw new Error(`tenant ${event.tenant} has no feed head`)
  await tx.insert(events).values({ ...event, seq: head.seq })
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
