import type { Instant } from './instant.ts'
import { type Refused, refused } from './refusal.ts'
import type { Actor, Ticket } from './ticket.ts'
import type { TicketRefusal } from './ticket-refusals.ts'
import { type Decided, isBlank, logEntry, step } from './ticket-step.ts'

/** 挂单: pauses the solve clock only; the promise to come is never paused (SL4). */
export function suspend(
  ticket: Ticket,
  input: { reason: string },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'suspend'>> {
  const stepped = step(ticket, 'suspend', now)
  if (!stepped.ok) return stepped
  const { reason } = input
  if (isBlank(reason)) return refused('missingReason')
  return {
    ok: true,
    ticket: { ...stepped.ticket, suspendedFrom: ticket.status, reason },
    entry: logEntry(ticket, 'suspend', actor, now, { reason }),
  }
}

export function resume(ticket: Ticket, actor: Actor, now: Instant): Decided | Refused<TicketRefusal<'resume'>> {
  const stepped = step(ticket, 'resume', now)
  if (!stepped.ok) return stepped
  return { ok: true, ticket: stepped.ticket, entry: logEntry(ticket, 'resume', actor, now) }
}

/** 延期, with a reason told to the caller. */
export function extend(
  ticket: Ticket,
  input: { reason: string; byMs: number },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'extend'>> {
  const stepped = step(ticket, 'extend', now)
  if (!stepped.ok) return stepped
  const { reason, byMs } = input
  if (isBlank(reason)) return refused('missingReason')
  return {
    ok: true,
    ticket: { ...stepped.ticket, reason },
    entry: logEntry(ticket, 'extend', actor, now, { reason, detail: { byMs } }),
  }
}
