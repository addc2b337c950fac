import type { Instant } from './instant.ts'
import type { Ticket } from './ticket.ts'
import { ENDED } from './ticket-states.ts'

/** What makes a console sound until one of them acknowledges; the class decides the tone. */
export const ALARM_KINDS = [
  'emergencyReport',
  'newTicket',
  'arriveWarning',
  'arriveBreach',
  'solveWarning',
  'solveBreach',
  'offersExhausted',
  'ticketReturned',
] as const
export type AlarmKind = (typeof ALARM_KINDS)[number]

export interface Alarm {
  id: string
  tenant: string
  kind: AlarmKind
  ticketId: string | null
  unitId: string | null
  raisedAt: Instant
  /** Set when the engine fired it after its moment (an outage): shown as late. */
  late: boolean
  acknowledgedAt: Instant | null
  acknowledgedBy: string | null
}

type Asked = Pick<
  Ticket,
  'status' | 'triagedAt' | 'placedAt' | 'unitId' | 'onSiteAt' | 'planSubmittedAt' | 'resolvedAt' | 'class'
>

/**
 * TK16: whether somebody has done what the alarm asks for, so that it falls silent by itself. A report of fire, gas, crime
 * or a medical case is never settled by work on the ticket: a person must say that it was seen.
 */
export function isSettled(kind: AlarmKind, ticket: Asked): boolean {
  const ended = ENDED.includes(ticket.status)
  switch (kind) {
    case 'emergencyReport':
      return false
    case 'newTicket':
      return ended || ticket.triagedAt !== null || ticket.placedAt !== null
    case 'arriveWarning':
    case 'arriveBreach':
      return ended || ticket.onSiteAt !== null
    case 'solveWarning':
    case 'solveBreach':
      return ended || (ticket.class === 'major' && ticket.planSubmittedAt !== null)
    case 'offersExhausted':
    case 'ticketReturned':
      return ended || ticket.status === 'offered' || ticket.unitId !== null
  }
}
