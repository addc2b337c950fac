import type { Ticket, TicketStatus } from '#domain/ticket.ts'
import { next } from '#domain/ticket-states.ts'

/** What the neighbourhood does with a ticket: place the order, follow it, call back. */
export const SHELVES = ['awaiting', 'running', 'callBack'] as const
export type Shelf = (typeof SHELVES)[number]

/** Solved and not yet called back; a rating does not replace the call. */
const TO_CALL_BACK: readonly TicketStatus[] = ['resolved', 'rated']

type Placeable = Pick<Ticket, 'status' | 'suspendedFrom'>

export const mayPlace = (ticket: Placeable): boolean => next(ticket.status, 'place', ticket.suspendedFrom) !== null
export const mayVisit = (ticket: Placeable): boolean => next(ticket.status, 'visit', ticket.suspendedFrom) !== null

/** null = of no concern any more. */
export function shelfOf(ticket: Placeable): Shelf | null {
  if (mayPlace(ticket)) return 'awaiting'
  if (TO_CALL_BACK.includes(ticket.status)) return 'callBack'
  return ['visited', 'closed', 'cancelled', 'not_admitted'].includes(ticket.status) ? null : 'running'
}

/** Each shelf in the order it should be worked on: whoever has waited longest first. */
export function shelved(tickets: Iterable<Ticket>): Record<Shelf, Ticket[]> {
  const shelves: Record<Shelf, Ticket[]> = { awaiting: [], running: [], callBack: [] }
  for (const ticket of tickets) {
    const shelf = shelfOf(ticket)
    if (shelf) shelves[shelf].push(ticket)
  }
  shelves.awaiting.sort((a, b) => a.reportedAt - b.reportedAt)
  shelves.running.sort((a, b) => (a.solveDueAt ?? a.reportedAt) - (b.solveDueAt ?? b.reportedAt))
  shelves.callBack.sort((a, b) => (a.resolvedAt ?? 0) - (b.resolvedAt ?? 0))
  return shelves
}
