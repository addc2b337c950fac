import type { Tx } from '#db/connect.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Ticket } from '#domain/ticket.ts'
import { ticketForUpdate } from '#server/tickets/queries.ts'
import { dispatchById, dispatchesOf } from './queries.ts'

/** A dispatch with its ticket and everybody else's part in it, as they stand while the ticket's row is held. */
export interface Gathered {
  ticket: Ticket
  dispatch: Dispatch
  siblings: Dispatch[]
}

/** The ticket first, then whatever hangs on it: one order for all verbs, so that none waits for another crosswise. */
export async function gather(tx: Tx, tenant: string, dispatchId: string): Promise<Gathered | null> {
  const seen = await dispatchById(tx, tenant, dispatchId)
  const ticket = seen && (await ticketForUpdate(tx, tenant, seen.ticketId))
  if (!ticket) return null
  // Read again under the lock: what was seen before it may have been answered meanwhile.
  const siblings = await dispatchesOf(tx, ticket.id)
  const dispatch = siblings.find(({ id }) => id === dispatchId)
  return dispatch ? { ticket, dispatch, siblings } : null
}

/** The same dispatches with those that a verb has changed. */
export const withChanged = (siblings: readonly Dispatch[], changed: readonly Dispatch[]): Dispatch[] =>
  siblings.map((one) => changed.find(({ id }) => id === one.id) ?? one)
