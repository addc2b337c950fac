import type { Instant } from './instant.ts'
import { PRIORITIES, type Ticket } from './ticket.ts'

type Promised = Pick<Ticket, 'arriveDueAt' | 'solveDueAt' | 'onSiteAt'>

/**
 * SL9: how long until the ticket's next promise can no longer be kept: the time left until it is due, less what the best unit
 * still needs to get there. Negative = beyond keeping; null = nothing is running. `bestEtaMs` null = nobody can come at all,
 * and then the promise to come is as good as lost.
 */
export function timeToLoseMs(ticket: Promised, bestEtaMs: number | null, now: Instant): number | null {
  const travelMs = ticket.onSiteAt === null ? bestEtaMs : 0
  const arriveMs = ticket.arriveDueAt === null ? null : leftMs(ticket.arriveDueAt, travelMs, now)
  const solveMs = ticket.solveDueAt === null ? null : leftMs(ticket.solveDueAt, travelMs, now)
  if (arriveMs === null || solveMs === null) return arriveMs ?? solveMs
  return Math.min(arriveMs, solveMs)
}

/** With nobody to send, every minute of what is left is already being lost. */
const leftMs = (dueAt: Instant, travelMs: number | null, now: Instant): number =>
  travelMs === null ? Math.min(0, dueAt - now) : dueAt - now - travelMs

/** For a queue: a ticket with the time it has. Tickets that nothing is promised for come last, then the graver, then the older. */
export interface Queued {
  ticket: Pick<Ticket, 'priority' | 'number'>
  timeToLoseMs: number | null
}

export function byTimeToLose(a: Queued, b: Queued): number {
  const [left, right] = [a.timeToLoseMs ?? Number.POSITIVE_INFINITY, b.timeToLoseMs ?? Number.POSITIVE_INFINITY]
  if (left !== right) return left < right ? -1 : 1
  const graver = PRIORITIES.indexOf(a.ticket.priority) - PRIORITIES.indexOf(b.ticket.priority)
  return graver || a.ticket.number - b.ticket.number
}
