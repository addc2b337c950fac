import type { Instant } from './instant.ts'

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
