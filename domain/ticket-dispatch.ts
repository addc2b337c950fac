import type { DeclineReason, OfferMode } from './dispatch.ts'
import type { Instant } from './instant.ts'
import { type Refused, refused } from './refusal.ts'
import type { Actor, EvidenceGrade, SolutionPlan, Ticket, TicketEvent } from './ticket.ts'
import type { TicketRefusal } from './ticket-refusals.ts'
import { type Decided, isBlank, logEntry, step } from './ticket-step.ts'

/** The ticket's side of a dispatch: status, moments, log row. The dispatch rows themselves are kept by server/dispatch. */
interface ForDispatch {
  dispatchId: string
  unitId: string
}

export interface OfferInput extends ForDispatch {
  mode: OfferMode
  via: 'page' | 'phone'
  expiresAt: Instant | null
}

/** A batch is one call for each unit, each on the ticket the one before answered. */
export function offer(
  ticket: Ticket,
  input: OfferInput,
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'offer'>> {
  const stepped = step(ticket, 'offer', now)
  if (!stepped.ok) return stepped
  const { dispatchId, unitId, mode, via, expiresAt } = input
  return {
    ok: true,
    ticket: stepped.ticket,
    entry: logEntry(ticket, 'offer', actor, now, { dispatchId, detail: { unitId, mode, via, expiresAt } }),
  }
}

const TAKEN: readonly Ticket['status'][] = ['accepted', 'en_route', 'on_site', 'plan_submitted']

/** TK4: only a ticket on offer can be accepted; that one unit wins is the database's constraint (P3). `firmId` is the unit's. */
export function accept(
  ticket: Ticket,
  input: ForDispatch & { firmId: string | null; byPhone?: boolean },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'accept'>> {
  const stepped = step(ticket, 'accept', now)
  if (!stepped.ok) return refused(TAKEN.includes(ticket.status) ? 'alreadyTaken' : 'notOffered')
  const { dispatchId, unitId, byPhone = false } = input
  const firmId = input.firmId ?? ticket.firmId
  return {
    ok: true,
    ticket: { ...stepped.ticket, unitId, firmId, acceptedAt: now, acceptedBy: actor, enRouteAt: null },
    entry: logEntry(ticket, 'accept', actor, now, { dispatchId, detail: { unitId, byPhone } }),
  }
}

/** `stillStanding`: offers of this ticket that still stand after this one has fallen; only the last one's fall brings the ticket back to placed. */
interface Fallen extends ForDispatch {
  stillStanding: number
}

export function decline(
  ticket: Ticket,
  input: Fallen & { reason: DeclineReason; byPhone?: boolean },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'decline'>> {
  if (TAKEN.includes(ticket.status)) return refused('alreadyTaken')
  const { dispatchId, unitId, stillStanding, reason, byPhone = false } = input
  const fallen = fall(ticket, 'decline', stillStanding, now)
  if (!fallen.ok) return fallen
  const entry = logEntry(ticket, 'decline', actor, now, {
    dispatchId,
    reason,
    detail: { unitId, byPhone, stillStanding },
  })
  return { ok: true, ticket: fallen.ticket, entry }
}

export function expire(
  ticket: Ticket,
  input: Fallen & { late?: boolean },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'expire'>> {
  const { dispatchId, unitId, stillStanding, late = false } = input
  const fallen = fall(ticket, 'expire', stillStanding, now)
  if (!fallen.ok) return fallen
  const entry = logEntry(ticket, 'expire', actor, now, { dispatchId, detail: { unitId, stillStanding, late } })
  return { ok: true, ticket: fallen.ticket, entry }
}

/** Taken back by the control room: the same fall as an expiry, told apart in the log. */
export function withdrawOffer(
  ticket: Ticket,
  input: Fallen,
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'offerWithdrawn'>> {
  const { dispatchId, unitId, stillStanding } = input
  const fallen = fall(ticket, 'expire', stillStanding, now)
  if (!fallen.ok) return fallen
  const entry = logEntry(ticket, 'offerWithdrawn', actor, now, { dispatchId, detail: { unitId, stillStanding } })
  return { ok: true, ticket: fallen.ticket, entry }
}

/** Another unit was faster: a fact of the log, no step of the ticket. */
export const loseOffer = (ticket: Ticket, input: ForDispatch, actor: Actor, now: Instant): Decided => ({
  ok: true,
  ticket,
  entry: logEntry(ticket, 'offerLost', actor, now, {
    dispatchId: input.dispatchId,
    detail: { unitId: input.unitId },
  }),
})

export function depart(
  ticket: Ticket,
  input: ForDispatch & { byPhone?: boolean },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'depart'>> {
  const stepped = ofThisUnit(ticket, input, 'depart', now)
  if (!stepped.ok) return stepped
  const { dispatchId, unitId, byPhone = false } = input
  return {
    ok: true,
    ticket: { ...stepped.ticket, enRouteAt: now },
    entry: logEntry(ticket, 'depart', actor, now, { dispatchId, detail: { unitId, byPhone } }),
  }
}

/** TK5: the first arrival of a round is the one that counts; a second unit's is kept in the log and on its own dispatch. */
export function arrive(
  ticket: Ticket,
  input: ForDispatch & { grade: EvidenceGrade; byPhone?: boolean; evidence?: Record<string, unknown> },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'arrive'>> {
  const stepped = ofThisUnit(ticket, input, 'arrive', now)
  if (!stepped.ok) return stepped
  const { dispatchId, unitId, grade, byPhone = false, evidence = {} } = input
  const first = ticket.onSiteAt === null
  return {
    ok: true,
    ticket: first ? { ...stepped.ticket, onSiteAt: now, arrivalGrade: grade } : stepped.ticket,
    entry: logEntry(ticket, 'arrive', actor, now, { dispatchId, grade, detail: { ...evidence, unitId, byPhone } }),
  }
}

/** TK6: only a major case is answered by a plan; it may be handed in again, the first one stops the clock. */
export function submitPlan(
  ticket: Ticket,
  input: ForDispatch & { plan: SolutionPlan; byPhone?: boolean },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'submitPlan'>> {
  const stepped = ofThisUnit(ticket, input, 'submitPlan', now)
  if (!stepped.ok) return stepped
  if (ticket.class === null) return refused('classUnknown')
  if (ticket.class !== 'major') return refused('notMajor')
  const { dispatchId, unitId, plan, byPhone = false } = input
  if (isBlank(plan.owner) || isBlank(plan.steps)) return refused('missingProof')
  return {
    ok: true,
    ticket: { ...stepped.ticket, solutionPlan: plan, planSubmittedAt: ticket.planSubmittedAt ?? now },
    entry: logEntry(ticket, 'submitPlan', actor, now, { dispatchId, detail: { unitId, byPhone, plan } }),
  }
}

/** TK7: nothing is resolved without a photo or a note. */
export function resolve(
  ticket: Ticket,
  input: ForDispatch & { note?: string | undefined; photoId?: string | undefined; byPhone?: boolean },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'resolve'>> {
  const stepped = ofThisUnit(ticket, input, 'resolve', now)
  if (!stepped.ok) return stepped
  const { dispatchId, unitId, note, photoId, byPhone = false } = input
  if (isBlank(note) && isBlank(photoId)) return refused('missingProof')
  const resolution = isBlank(note) ? null : (note ?? null)
  return {
    ok: true,
    ticket: { ...stepped.ticket, resolvedAt: now, resolution },
    entry: logEntry(ticket, 'resolve', actor, now, {
      dispatchId,
      detail: { unitId, byPhone, note: resolution, photoId: photoId ?? null },
    }),
  }
}

/** 退单. The arrival, if there was one, stays: the promise to come was kept. */
export function returnTask(
  ticket: Ticket,
  input: ForDispatch & { reason: string },
  actor: Actor,
  now: Instant,
): Decided | Refused<TicketRefusal<'return'>> {
  const stepped = ofThisUnit(ticket, input, 'return', now)
  if (!stepped.ok) return stepped
  const { dispatchId, unitId, reason } = input
  if (isBlank(reason)) return refused('missingReason')
  return {
    ok: true,
    ticket: { ...stepped.ticket, unitId: null, acceptedAt: null, acceptedBy: null, enRouteAt: null, reason },
    entry: logEntry(ticket, 'return', actor, now, { dispatchId, reason, detail: { unitId } }),
  }
}

function fall(
  ticket: Ticket,
  event: 'decline' | 'expire',
  stillStanding: number,
  now: Instant,
): { ok: true; ticket: Ticket } | Refused<'notOffered'> {
  const stepped = step(ticket, event, now)
  if (!stepped.ok) return refused('notOffered')
  return stillStanding > 0 ? { ok: true, ticket: { ...ticket, updatedAt: now } } : stepped
}

function ofThisUnit(
  ticket: Ticket,
  input: ForDispatch,
  event: TicketEvent,
  now: Instant,
): { ok: true; ticket: Ticket } | Refused<'notInThisState' | 'notYours'> {
  const stepped = step(ticket, event, now)
  if (!stepped.ok) return stepped
  return ticket.unitId === input.unitId ? stepped : refused('notYours')
}
