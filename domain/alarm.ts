import type { Action } from './access.ts'
import type { Instant } from './instant.ts'
import type { Ticket } from './ticket.ts'
import { ENDED } from './ticket-states.ts'

/** Alarms of tickets: the dispatch room's. */
export const TICKET_ALARMS = [
  'emergencyReport',
  'newTicket',
  'arriveWarning',
  'arriveBreach',
  'solveWarning',
  'solveBreach',
  'offersExhausted',
  'ticketReturned',
] as const
export type TicketAlarm = (typeof TICKET_ALARMS)[number]

/** Alarms of communities and their providers: the officers', who have days, not minutes. */
export const ENGAGEMENT_ALARMS = [
  'communityAtRisk',
  'communityUnmanaged',
  'refuseUncollected',
  'offerUnanswered',
  'candidatesExhausted',
  'termEnding',
  'termOver',
  'milestoneMissed',
  'handOverOverdue',
  'proofMissed',
  'lotterySourceDue',
  'liftMaintenanceEnding',
] as const
export type EngagementAlarm = (typeof ENGAGEMENT_ALARMS)[number]

/** Alarms of people on duty: the shift supervisors', and the dispatch room's. */
export const DUTY_ALARMS = ['dutyNoShow', 'coverExhausted', 'handOverUnstarted'] as const
export type DutyAlarm = (typeof DUTY_ALARMS)[number]

/** What makes a console sound until one of them acknowledges; the class decides the tone. */
export type AlarmKind = TicketAlarm | EngagementAlarm | DutyAlarm

/** Whose an alarm is: who may acknowledge alarms of its kind sees and hears it, and nobody else does. */
export function acknowledgedBy(kind: AlarmKind): Action {
  if ((TICKET_ALARMS as readonly AlarmKind[]).includes(kind)) return 'alarm.acknowledge'
  return (DUTY_ALARMS as readonly AlarmKind[]).includes(kind) ? 'duty.acknowledge' : 'engagement.acknowledge'
}

export interface Alarm {
  id: string
  tenant: string
  kind: AlarmKind
  ticketId: string | null
  unitId: string | null
  /** Of an alarm about a community or its provider. */
  communityId: string | null
  /** Of an alarm about somebody on duty, or who should be. */
  shiftId?: string | null
  raisedAt: Instant
  /** Set when the engine fired it after its moment (an outage): shown as late. */
  late: boolean
  acknowledgedAt: Instant | null
  acknowledgedBy: string | null
}

/** What a ticket rings for once a desk has taken it up, wherever the ticket came from. */
const OF_WORK: readonly TicketAlarm[] = ['offersExhausted', 'ticketReturned']

/** TK16: history rings for nothing, and a call played again for nothing but what a desk does with it: nobody is waiting for either. */
export const rings = (kind: TicketAlarm, { imported, channel }: Pick<Ticket, 'imported' | 'channel'>): boolean =>
  !imported && (channel !== 'replay' || OF_WORK.includes(kind))

type Asked = Pick<
  Ticket,
  'status' | 'triagedAt' | 'placedAt' | 'unitId' | 'onSiteAt' | 'planSubmittedAt' | 'resolvedAt' | 'class'
>

/**
 * TK16: whether somebody has done what the alarm asks for, so that it falls silent by itself. A report of fire, gas, crime
 * or a medical case is never settled by work on the ticket: a person must say that it was seen.
 */
export function isSettled(kind: TicketAlarm, ticket: Asked): boolean {
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
