import type { Tx } from '#db/connect.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'

/**
 * Brings the offers, tasks and units of a ticket in line with what it has become (`ticket` is as the verb leaves it, its row
 * is locked), and answers the rows it changed. Kept by server/dispatch, handed over by app.ts: tickets know no dispatches.
 */
export type Follow = (tx: Tx, ticket: Ticket, now: Instant) => Promise<{ dispatches: Dispatch[]; units: Unit[] }>

/** What the ticket commands need of whoever keeps dispatches and units. */
export interface Following {
  follow: Follow
  /** After commit: these units' duty has changed, and the live fleet must judge by it. */
  reload(unitIds: readonly string[]): Promise<void>
}
