import { ACTIVE_DISPATCH, type Dispatch } from './dispatch.ts'
import type { Instant } from './instant.ts'
import { isStanding } from './offers.ts'
import { type Refused, refused } from './refusal.ts'
import type { EvidenceGrade, TicketStatus } from './ticket.ts'
import type { DutyState } from './units.ts'

/** What becomes of a dispatch once its offer has been accepted: accepted → en_route → on_site → done. */
type Stepped = { ok: true; dispatch: Dispatch } | Refused<'notInThisState'>

/** DP9: the steps in their order; arriving without having said "on my way" is taken, being done before having arrived is not. */
export function depart(dispatch: Dispatch, now: Instant): Stepped {
  if (dispatch.status !== 'accepted') return refused('notInThisState')
  return { ok: true, dispatch: { ...dispatch, status: 'en_route', enRouteAt: now } }
}

export function arrive(dispatch: Dispatch, grade: EvidenceGrade, now: Instant): Stepped {
  if (dispatch.status !== 'accepted' && dispatch.status !== 'en_route') return refused('notInThisState')
  return { ok: true, dispatch: { ...dispatch, status: 'on_site', onSiteAt: now, grade } }
}

/** The proof (TK7) and the class of a plan (TK6) are the ticket's to judge. */
export function finish(dispatch: Dispatch, now: Instant): Stepped {
  if (dispatch.status !== 'on_site') return refused('notInThisState')
  return { ok: true, dispatch: { ...dispatch, status: 'done', endedAt: now } }
}

/** DP12: 退单: only somebody who has the task can give it back. */
export function giveBack(dispatch: Dispatch, now: Instant): Stepped {
  if (!ACTIVE_DISPATCH.includes(dispatch.status)) return refused('notInThisState')
  return { ok: true, dispatch: { ...dispatch, status: 'returned', endedAt: now } }
}

/** DP13: a ticket that ends otherwise takes its standing offers and its task with it. */
export const release = (dispatches: readonly Dispatch[], now: Instant): Dispatch[] =>
  dispatches
    .filter((one) => isStanding(one) || ACTIVE_DISPATCH.includes(one.status))
    .map((one) => ({ ...one, status: 'withdrawn', endedAt: now }))

/** A task holds its unit while it is worked on: not while the ticket waits, nor once its solution plan is in (DP11). */
export const holdsUnit = (dispatch: Dispatch, ticket: TicketStatus): boolean =>
  ACTIVE_DISPATCH.includes(dispatch.status) && ticket !== 'suspended' && ticket !== 'plan_submitted'

/** DP11: busy from its first open task to its last; who went off duty meanwhile stays off duty. */
export function dutyAfter(duty: DutyState, openTasks: number): DutyState {
  if (openTasks > 0) return 'busy'
  return duty === 'busy' ? 'onDuty' : duty
}
