import { createHash, createHmac } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { communities } from '#db/schema/places.ts'
import { requesters, tickets } from '#db/schema/tickets.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { Ticket } from '#domain/ticket.ts'
import { ENDED } from '#domain/ticket-states.ts'
import type { Command } from '#server/serving.ts'
import { hashOfToken } from '#server/tickets/routes.ts'

/** A link ends this long after its ticket: long enough to rate, too short for a lost phone to tell old stories. */
const LINK_OUTLIVES_TICKET_MS = 30 * DAY_MS

/**
 * IN2: 18 bytes drawn from the server's secret and the command: nothing to guess, nothing kept but its hash, and yet the same
 * for the same command, so that a repeat after a lost answer is told the same link.
 */
export const linkTokenOf = (secret: string, { actorKey, key, fingerprint }: Command): string =>
  createHmac('sha256', secret)
    .update(JSON.stringify(['link', actorKey, key, fingerprint]))
    .digest()
    .subarray(0, 18)
    .toString('base64url')

/** The ticket behind a link, as long as the link lives. */
export async function linkedTicket(
  db: DbOrTx,
  token: string,
  now: Instant,
): Promise<{ ok: true; ticket: Ticket } | Refused<'unknown' | 'linkExpired'>> {
  const [row] = await db
    .select({ ticket: tickets })
    .from(requesters)
    .innerJoin(tickets, eq(tickets.id, requesters.ticketId))
    .where(eq(requesters.tokenHash, hashOfToken(token)))
  if (!row) return refused('unknown')
  const { ticket } = row
  const hasEnded = ENDED.includes(ticket.status) && ticket.updatedAt < now - LINK_OUTLIVES_TICKET_MS
  return hasEnded ? refused('linkExpired') : { ok: true, ticket }
}

export async function communityName(db: DbOrTx, { tenant, communityId }: Ticket): Promise<string | null> {
  if (communityId === null) return null
  const [row] = await db
    .select({ name: communities.name })
    .from(communities)
    .where(and(eq(communities.tenant, tenant), eq(communities.id, communityId)))
  return row?.name ?? null
}

/** For commands without an account: the key alone must name one report among all, so a short one is no key. */
export const LEAST_PUBLIC_KEY = 16

export const fingerprintOf = (...parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')
