import { CATEGORY_DEFAULTS } from './categories.ts'
import type { Instant } from './instant.ts'
import { type Refused, refused } from './refusal.ts'
import { POLICY_5341 } from './sla.ts'
import type { Actor, Ticket } from './ticket.ts'
import type { TicketRefusal } from './ticket-refusals.ts'
import { forgetRound } from './ticket-report.ts'
import { type Decided, isBlank, logEntry, step } from './ticket-step.ts'

/** The dispatch of a cancelled ticket is withdrawn in the same transaction (server/dispatch). */
export function cancel(
  ticket: Ticket,
  input: { reason: string },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'cancel'>> {
  const stepped = step(ticket, 'cancel', now)
  if (!stepped.ok) return stepped
  const { reason } = input
  if (isBlank(reason)) return refused('missingReason')
  return {
    ok: true,
    ticket: { ...stepped.ticket, unitId: null, reason },
    entry: logEntry(ticket, 'cancel', actor, now, { reason }),
  }
}

export interface Visit {
  solved: boolean
  satisfied: boolean | null
  note?: string | undefined
  /** Units the caller is signed in as. */
  callerUnitIds: readonly string[]
  /** Who recorded the arrival and the solution in this round. */
  handlers: readonly Actor[]
}

/** TK12 回访: by another than whoever handled the ticket. */
export function visit(
  ticket: Ticket,
  input: Visit,
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'visit'>> {
  const stepped = step(ticket, 'visit', now)
  if (!stepped.ok) return stepped
  const { solved, satisfied, callerUnitIds, handlers } = input
  const isUnit = ticket.unitId !== null && (callerUnitIds.includes(ticket.unitId) || actor.id === ticket.unitId)
  const isHandler = handlers.some(({ kind, id }) => id !== null && kind === actor.kind && id === actor.id)
  if (isUnit || isHandler) return refused('notYours')
  return {
    ok: true,
    ticket: { ...stepped.ticket, visitedAt: now },
    entry: logEntry(ticket, 'visit', actor, now, { detail: { solved, satisfied, note: input.note ?? null } }),
  }
}

/** TK13 评单: once a round. */
export function rate(
  ticket: Ticket,
  input: { rating: number; text?: string | undefined },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'rate'>> {
  if (ticket.rating !== null) return refused('alreadyRated')
  const stepped = step(ticket, 'rate', now)
  if (!stepped.ok) return stepped
  const { rating } = input
  const ratingText = input.text ?? null
  return {
    ok: true,
    ticket: { ...stepped.ticket, rating, ratingText, ratedAt: now, ratedBy: actor },
    entry: logEntry(ticket, 'rate', actor, now, { detail: { rating, text: ratingText } }),
  }
}

export function close(ticket: Ticket, actor: Actor, now: Instant): Decided | Refused<TicketRefusal<'close'>> {
  const stepped = step(ticket, 'close', now)
  if (!stepped.ok) return stepped
  return { ok: true, ticket: { ...stepped.ticket, closedAt: now }, entry: logEntry(ticket, 'close', actor, now) }
}

/**
 * TK14: a reopened ticket begins a new round under the policy of the day: both clocks anew, the order placed again by
 * whoever reopens. The earlier round's moments, verdicts and rating stay in the log.
 */
export function reopen(
  ticket: Ticket,
  input: { reason: string },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'reopen'>> {
  const stepped = step(ticket, 'reopen', now)
  if (!stepped.ok) return stepped
  const { reason } = input
  if (isBlank(reason)) return refused('missingReason')
  const { version: policyVersion } = POLICY_5341
  const round = ticket.round + 1
  const placed = stepped.ticket.status === 'placed' ? { placedAt: now, placedBy: actor } : { triagedAt: null }
  const detail = { round, from: ticket.status, promised: CATEGORY_DEFAULTS[ticket.category].promised }
  return {
    ok: true,
    ticket: { ...forgetRound(stepped.ticket), ...placed, round, policyVersion, reason },
    entry: logEntry(ticket, 'reopen', actor, now, { reason, policyVersion, detail }),
  }
}
