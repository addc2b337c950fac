import type { DeclineReason, Dispatch } from '#domain/dispatch.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import type { Ticket, TicketClass } from '#domain/ticket.ts'
import type { Fate, Temper } from './fate.ts'

/** One thing the simulated control room, resident or unit does next. Which route says it is written in acts.ts. */
export type Act =
  | { act: 'triage'; class: TicketClass }
  | { act: 'place' }
  | { act: 'offer' }
  | { act: 'rate'; rating: number }
  | { act: 'visit' }
  | { act: 'close' }
  | { act: 'accept' }
  | { act: 'decline'; reason: DeclineReason }
  | { act: 'depart' }
  | { act: 'arrive' }
  | { act: 'plan'; dueAt: Instant }
  | { act: 'resolve' }

const dueBy = (since: Instant | null, afterMs: number, now: Instant) => since !== null && now - since >= afterMs

/** What the simulated control room does about a ticket of the simulator's own, as the ticket stands; null = wait. */
export function deskAct(ticket: Ticket, fate: Fate, now: Instant): Act | null {
  switch (ticket.status) {
    case 'reported':
      return dueBy(ticket.reportedAt, fate.triageAfterMs, now) ? { act: 'triage', class: fate.class } : null
    case 'triaged':
      return dueBy(ticket.triagedAt, fate.placeAfterMs, now) ? { act: 'place' } : null
    case 'placed':
    case 'returned':
      // After a refusal the room asks the next one at its own pace again.
      return dueBy(ticket.updatedAt, fate.offerAfterMs, now) ? { act: 'offer' } : null
    case 'resolved':
    case 'rated':
    case 'visited':
      return afterwards(ticket, fate, now)
    default:
      return null
  }
}

function afterwards(ticket: Ticket, fate: Fate, now: Instant): Act | null {
  if (ticket.rating === null && fate.rateAfterMs !== null && dueBy(ticket.resolvedAt, fate.rateAfterMs, now))
    return { act: 'rate', rating: fate.rating }
  if (ticket.status === 'visited') return dueBy(ticket.visitedAt, fate.closeAfterMs, now) ? { act: 'close' } : null
  return dueBy(ticket.resolvedAt, fate.visitAfterMs, now) ? { act: 'visit' } : null
}

export interface Errand {
  dispatch: Dispatch
  ticket: Ticket
  /** Since when the unit stands at the site; null = it does not. */
  atSiteSince: Instant | null
}

/** What a simulated unit says about a dispatch that reaches it by phone; null = nothing yet. */
export function unitAct(
  { dispatch, ticket, atSiteSince }: Errand,
  temper: Temper,
  fate: Fate,
  now: Instant,
): Act | null {
  switch (dispatch.status) {
    case 'offered':
      return answer(dispatch, temper, now)
    case 'accepted':
      return dueBy(dispatch.answeredAt, temper.departAfterMs, now) ? { act: 'depart' } : null
    case 'en_route':
      return dueBy(atSiteSince, temper.arriveAfterMs, now) ? { act: 'arrive' } : null
    case 'on_site':
      return finish(dispatch, ticket, fate, now)
    default:
      return null
  }
}

function answer(dispatch: Dispatch, temper: Temper, now: Instant): Act | null {
  if (temper.answer === null || !dueBy(dispatch.offeredAt, temper.answerAfterMs, now)) return null
  return temper.answer === 'accept' ? { act: 'accept' } : { act: 'decline', reason: temper.answer.decline }
}

function finish(dispatch: Dispatch, ticket: Ticket, fate: Fate, now: Instant): Act | null {
  const needsPlan = ticket.class === 'major' && ticket.status === 'on_site'
  if (needsPlan)
    return dueBy(dispatch.onSiteAt, fate.planAfterMs, now) ? { act: 'plan', dueAt: now + 3 * DAY_MS } : null
  return dueBy(dispatch.onSiteAt, fate.workMs, now) ? { act: 'resolve' } : null
}
