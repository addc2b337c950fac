import type { Instant } from './instant.ts'
import { type Refused, refused } from './refusal.ts'
import type { Actor, LogEntry, LogKind, Ticket, TicketEvent } from './ticket.ts'
import { next } from './ticket-states.ts'

/** A log row as a verb makes it; the ticket and the number in it are given when it is kept. */
export type NewLogEntry = Omit<LogEntry, 'ticketId' | 'n'>

/** What a verb answers when it may be done: the ticket after it and the row to be kept. The clock columns are recomputed from the log afterwards. */
export interface Decided {
  ok: true
  ticket: Ticket
  entry: NewLogEntry
}

type Particulars = Partial<Pick<NewLogEntry, 'reason' | 'class' | 'dispatchId' | 'grade' | 'detail' | 'policyVersion'>>

export const logEntry = (
  ticket: Pick<Ticket, 'policyVersion'>,
  kind: LogKind,
  actor: Actor,
  now: Instant,
  particulars: Particulars = {},
): NewLogEntry => ({
  kind,
  at: now,
  actor,
  reason: null,
  class: null,
  policyVersion: ticket.policyVersion,
  dispatchId: null,
  grade: null,
  detail: null,
  ...particulars,
})

/** TK1: the ticket in the status the table names for the event, or the table's refusal. */
export function step(
  ticket: Ticket,
  event: TicketEvent,
  now: Instant,
): { ok: true; ticket: Ticket } | Refused<'notInThisState'> {
  const status = next(ticket.status, event, ticket.suspendedFrom)
  if (!status) return refused('notInThisState')
  const suspendedFrom = status === 'suspended' ? ticket.suspendedFrom : null
  return { ok: true, ticket: { ...ticket, status, suspendedFrom, updatedAt: now } }
}

/** A reason that says nothing is no reason. */
export const isBlank = (text: string | null | undefined): boolean => (text ?? '').trim() === ''
