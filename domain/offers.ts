import { ACTIVE_DISPATCH, type DeclineReason, type Dispatch, type OfferMode } from './dispatch.ts'
import { type Instant, SECOND_MS } from './instant.ts'
import { type Refused, refused } from './refusal.ts'
import type { Actor } from './ticket.ts'
import type { Unit } from './units.ts'

/** What a tenant that sets nothing else gives a unit to answer: two refusals still leave most of the five minutes. */
export const DEFAULT_OFFER_MS = 25 * SECOND_MS

/** A call takes longer than a tap: dialling, ringing, asking. */
export const PHONE_OFFER_MS = 90 * SECOND_MS

export interface OfferTerms {
  tenant: string
  ticketId: string
  mode: OfferMode
  ttlMs: number
  by: Actor
  /** The dispatcher has seen that the unit has a task and wants it asked all the same. */
  confirmBusy: boolean
  now: Instant
}

/** A unit that might be asked, with what decides whether it may be. */
export interface Asked {
  unit: Unit
  /** Tasks it is on now, whichever the ticket. */
  openTasks: number
  isReachable: boolean
}

export type OfferBar = 'unitOffDuty' | 'alreadyOffered' | 'alreadyTaken' | 'unitBusy'

const isActive = (dispatch: Dispatch) => ACTIVE_DISPATCH.includes(dispatch.status)
export const isStanding = (dispatch: Dispatch): boolean => dispatch.status === 'offered'

/** DP4: off duty, asked already or on this ticket: never; on another task: only when the dispatcher says so. */
export function offerBarOf(asked: Asked, siblings: readonly Dispatch[], confirmBusy: boolean): OfferBar | null {
  if (siblings.some(isActive)) return 'alreadyTaken'
  if (siblings.some((one) => one.unitId === asked.unit.id && isStanding(one))) return 'alreadyOffered'
  if (asked.unit.duty === 'offDuty') return 'unitOffDuty'
  return (asked.openTasks > 0 || asked.unit.duty === 'busy') && !confirmBusy ? 'unitBusy' : null
}

/** DP6: an offer stands for its time by the clock; one that must be told on the phone for at least as long as a call takes. */
export function makeOffer(
  terms: OfferTerms,
  asked: Asked,
  siblings: readonly Dispatch[],
  id: string,
): { ok: true; dispatch: Dispatch } | Refused<OfferBar> {
  const bar = offerBarOf(asked, siblings, terms.confirmBusy)
  if (bar) return refused(bar)
  const ttlMs = asked.isReachable ? terms.ttlMs : Math.max(terms.ttlMs, PHONE_OFFER_MS)
  const dispatch: Dispatch = {
    id,
    tenant: terms.tenant,
    ticketId: terms.ticketId,
    unitId: asked.unit.id,
    status: 'offered',
    mode: terms.mode,
    via: asked.isReachable ? 'page' : 'phone',
    offeredAt: terms.now,
    offeredBy: terms.by,
    expiresAt: terms.now + ttlMs,
    answeredAt: null,
    answeredBy: null,
    declineReason: null,
    enRouteAt: null,
    onSiteAt: null,
    grade: null,
    endedAt: null,
    imported: false,
  }
  return { ok: true, dispatch }
}

export interface Round {
  ok: true
  offered: Dispatch[]
  /** Still to be asked, in order. */
  waiting: Asked[]
  /** Passed over, and why. */
  skipped: { unitId: string; why: OfferBar }[]
}

/**
 * DP5: sequence asks the first who may be asked and lets the others wait; batch asks all at once. Who cannot be asked is passed
 * over without losing a second; refused only when nobody is left.
 */
export function makeOffers(
  terms: OfferTerms,
  list: readonly Asked[],
  siblings: readonly Dispatch[],
  newId: () => string,
): Round | Refused<OfferBar> {
  const round: Round = { ok: true, offered: [], waiting: [], skipped: [] }
  for (const asked of list) {
    if (terms.mode === 'sequence' && round.offered.length > 0) {
      round.waiting.push(asked)
      continue
    }
    const made = makeOffer(terms, asked, [...siblings, ...round.offered], newId())
    if (made.ok) round.offered.push(made.dispatch)
    else round.skipped.push({ unitId: asked.unit.id, why: made.why })
  }
  const [first] = round.skipped
  return round.offered.length === 0 && first ? refused(first.why) : round
}

/** Who answers: the unit itself, or the dispatcher for it, having heard the answer on the phone. */
export interface Answerer {
  actor: Actor
  /** The unit that speaks for itself; null = the dispatcher. */
  unitId: string | null
}

export type AnswerRefusal = 'notYours' | 'notOffered' | 'alreadyTaken' | 'offerExpired'

/** DP2: only its unit answers an offer, or a dispatcher for it; DP1: and only one that still stands by the clock. */
function whyNotAnswered(
  dispatch: Dispatch,
  siblings: readonly Dispatch[],
  by: Answerer,
  now: Instant,
): AnswerRefusal | null {
  if (by.unitId !== null && by.unitId !== dispatch.unitId) return 'notYours'
  if (dispatch.status === 'lost') return 'alreadyTaken'
  if (dispatch.status === 'expired') return 'offerExpired'
  if (dispatch.status !== 'offered') return 'notOffered'
  if (siblings.some((one) => one.id !== dispatch.id && isActive(one))) return 'alreadyTaken'
  return dispatch.expiresAt !== null && dispatch.expiresAt <= now ? 'offerExpired' : null
}

export interface Won {
  ok: true
  dispatch: Dispatch
  /** The other standing offers, lost at the same moment. */
  lost: Dispatch[]
}

/**
 * DP1: one winner; whoever else still has an offer loses it with the same event.
 * DP3: a volunteer whose page is open answers on it: a dispatcher may not say yes for somebody who can speak.
 */
export function acceptOffer(
  dispatch: Dispatch,
  siblings: readonly Dispatch[],
  by: Answerer,
  unit: { isVolunteer: boolean; isReachable: boolean },
  now: Instant,
): Won | Refused<AnswerRefusal | 'volunteerNotOrdered'> {
  const why = whyNotAnswered(dispatch, siblings, by, now)
  if (why) return refused(why)
  if (by.unitId === null && unit.isVolunteer && unit.isReachable) return refused('volunteerNotOrdered')
  return {
    ok: true,
    dispatch: { ...dispatch, status: 'accepted', answeredAt: now, answeredBy: by.actor },
    lost: loseOffers(siblings, dispatch.id, now),
  }
}

const loseOffers = (siblings: readonly Dispatch[], winnerId: string, now: Instant): Dispatch[] =>
  siblings
    .filter((one) => one.id !== winnerId && isStanding(one))
    .map((one) => ({ ...one, status: 'lost', endedAt: now }))

export function declineOffer(
  dispatch: Dispatch,
  by: Answerer,
  reason: DeclineReason,
  now: Instant,
): { ok: true; dispatch: Dispatch } | Refused<AnswerRefusal> {
  const why = whyNotAnswered(dispatch, [], by, now)
  if (why) return refused(why)
  return {
    ok: true,
    dispatch: {
      ...dispatch,
      status: 'declined',
      answeredAt: now,
      answeredBy: by.actor,
      declineReason: reason,
      endedAt: now,
    },
  }
}

/** DP6: refused before its moment, so that a clock set back cannot end an offer early. */
export function expireOffer(
  dispatch: Dispatch,
  now: Instant,
): { ok: true; dispatch: Dispatch } | Refused<'notOffered'> {
  const isDue = isStanding(dispatch) && dispatch.expiresAt !== null && dispatch.expiresAt <= now
  return isDue ? { ok: true, dispatch: { ...dispatch, status: 'expired', endedAt: now } } : refused('notOffered')
}

export function withdrawOffer(
  dispatch: Dispatch,
  now: Instant,
): { ok: true; dispatch: Dispatch } | Refused<'notOffered'> {
  return isStanding(dispatch)
    ? { ok: true, dispatch: { ...dispatch, status: 'withdrawn', endedAt: now } }
    : refused('notOffered')
}
