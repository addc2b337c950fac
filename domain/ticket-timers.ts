import type { TicketAlarm } from './alarm.ts'
import { type Instant, SECOND_MS } from './instant.ts'
import { type ClockEntry, clocks } from './sla.ts'
import type { Actor, SlaTimer, Ticket } from './ticket.ts'
import { logEntry, type NewLogEntry } from './ticket-step.ts'

/** A timer that fires later than this after its moment was missed (an outage), and says so. */
export const LATE_AFTER_MS = SECOND_MS

export const ENGINE: Actor = { kind: 'engine', id: null }

export interface Fired {
  timer: SlaTimer
  late: boolean
  entry: NewLogEntry
  alarms: TicketAlarm[]
}

/** SL10: every timer due by now, in the order of their moments, each exactly once; decided from the log, not from the columns. */
export function fireTimers(ticket: Ticket, log: readonly ClockEntry[], now: Instant): Fired[] {
  const fired: Fired[] = []
  let soFar = log
  for (let due = dueBy(soFar, now); due; due = dueBy(soFar, now)) {
    const { timer, at } = due
    const late = now - at > LATE_AFTER_MS
    const entry = logEntry(ticket, timer, ENGINE, now, { detail: { dueAt: at, late } })
    fired.push({ timer, late, entry, alarms: isStillAsked(soFar, timer) ? [timer] : [] })
    soFar = [...soFar, entry]
  }
  return fired
}

function dueBy(log: readonly ClockEntry[], now: Instant): { timer: SlaTimer; at: Instant } | null {
  const read = clocks(log)
  if (!read?.nextTimer || read.nextTimerAt === null || read.nextTimerAt > now) return null
  return { timer: read.nextTimer, at: read.nextTimerAt }
}

/** A breach told after the unit has come or the case is solved asks nothing of anybody: it is kept, and rings no console. */
function isStillAsked(log: readonly ClockEntry[], timer: SlaTimer): boolean {
  const read = clocks(log)
  const stoppedAt = timer.startsWith('arrive') ? read?.arriveStoppedAt : read?.solveStoppedAt
  return stoppedAt === null
}
