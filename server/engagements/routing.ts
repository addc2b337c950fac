import { and, asc, eq, inArray, isNull, ne, or } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { tickets } from '#db/schema/tickets.ts'
import { UNASSIGNED } from '#domain/ticket-states.ts'
import { logEntry } from '#domain/ticket-step.ts'
import type { Change } from '#server/tickets/record.ts'
import type { Act } from './record.ts'

/**
 * EC8: whoever takes a community over answers for what is open there and nobody is on: those tickets bear the firm from now on,
 * each with a line in its log. A task under way stays with whoever has it.
 */
export async function routeTickets(
  tx: Tx,
  { communityId, firmId }: { communityId: string; firmId: string },
  { actor, now }: Act,
): Promise<Change[]> {
  const open = await tx
    .select()
    .from(tickets)
    .where(
      and(
        eq(tickets.communityId, communityId),
        inArray(tickets.status, [...UNASSIGNED]),
        or(isNull(tickets.firmId), ne(tickets.firmId, firmId)),
      ),
    )
    .orderBy(asc(tickets.id))
    .for('update')
  return open.map((before) => {
    const ticket = { ...before, firmId, updatedAt: now }
    const entry = logEntry(ticket, 'note', actor, now, { detail: { routedTo: firmId, from: before.firmId } })
    return { before, ticket, entries: [entry], actor, now }
  })
}
