import { type Promised, racedPromise } from '#console/lib/promise.ts'
import type { Instant } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { ENDED, UNASSIGNED } from '#domain/ticket-states.ts'
import { byTimeToLose, type Race, raceOf } from '#domain/time-to-lose.ts'

export interface QueueRow {
  ticket: Ticket
  promised: Promised | null
  /** How long the next promise that stands can still be kept, the best unit's way counted in. */
  race: Race
}

export interface Queue {
  /** Nobody is on it: the pane apart, soonest lost first. */
  unassigned: QueueRow[]
  /** Nobody is on it, and every promise is broken: below what can still be saved. */
  lost: QueueRow[]
  assigned: QueueRow[]
  suspended: QueueRow[]
  /** Resolved, and still to be called back or closed. */
  finishing: QueueRow[]
}

const FINISHING: readonly Ticket['status'][] = ['resolved', 'rated', 'visited']

/** `bestEtaMs` of a ticket: the nearest able unit's time to come; null = nobody can; undefined = not known yet. */
export function queueOf(
  tickets: Iterable<Ticket>,
  bestEtaMs: (ticketId: string) => number | null | undefined,
  now: Instant,
): Queue {
  const queue: Queue = { unassigned: [], lost: [], assigned: [], suspended: [], finishing: [] }
  for (const ticket of tickets) {
    const isUnassigned = UNASSIGNED.includes(ticket.status)
    // Whoever has accepted is on the way: the promise is then lost when it is due.
    const known = isUnassigned ? bestEtaMs(ticket.id) : 0
    const etaMs = known === undefined ? 0 : known
    const row = { ticket, promised: racedPromise(ticket, now), race: raceOf(ticket, etaMs, now) }
    if (FINISHING.includes(ticket.status)) queue.finishing.push(row)
    else if (ENDED.includes(ticket.status)) continue
    else if (ticket.status === 'suspended') queue.suspended.push(row)
    else if (isUnassigned) (row.race.stage === 'lost' ? queue.lost : queue.unassigned).push(row)
    else queue.assigned.push(row)
  }
  queue.unassigned.sort(byTimeToLose)
  queue.lost.sort(byTimeToLose)
  queue.assigned.sort(byTimeToLose)
  queue.suspended.sort((a, b) => (a.ticket.pausedAt ?? 0) - (b.ticket.pausedAt ?? 0))
  queue.finishing.sort((a, b) => (a.ticket.resolvedAt ?? 0) - (b.ticket.resolvedAt ?? 0))
  return queue
}

/**
 * Rows in the order they had: while a pointer or the keyboard is in a list nothing moves under it. Rows that have gone
 * go, new ones are added at the end.
 */
export function keepOrder<T>(rows: readonly T[], order: readonly string[], idOf: (row: T) => string): T[] {
  const places = new Map(order.map((id, n) => [id, n]))
  const placeOf = (row: T) => places.get(idOf(row)) ?? Number.POSITIVE_INFINITY
  return rows
    .map((row, n) => ({ row, n }))
    .sort((a, b) => compare(placeOf(a.row), placeOf(b.row)) || a.n - b.n)
    .map(({ row }) => row)
}

/** Infinity − Infinity is no number. */
const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)
