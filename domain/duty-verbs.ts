import type { CoverOffer, DutyShift, DutyShiftEvent, DutyShiftStatus, DutySwap, SwapStatus } from './duty-shift.ts'
import { type Instant, MINUTE_MS } from './instant.ts'
import { type Refused, refused } from './refusal.ts'

/** Somebody who has not begun so long after the start does not come: the supervisor is told. */
export const NO_SHOW_AFTER_MS = 5 * MINUTE_MS
/** Who takes over may be there so long before. */
export const EARLY_MS = 60 * MINUTE_MS
/** Who covers a shift that has begun needs the way there. */
export const COVER_TRAVEL_MS = 30 * MINUTE_MS

export const noShowAlarmAt = (startsAt: Instant): Instant => startsAt + NO_SHOW_AFTER_MS

/** RD4: null = that does not follow from this state. */
export const NEXT_DUTY: Record<DutyShiftStatus, Record<DutyShiftEvent, DutyShiftStatus | null>> = {
  open: { take: 'confirmed', start: null, end: null, miss: null, cover: null, release: 'released' },
  confirmed: { take: null, start: 'started', end: null, miss: 'noShow', cover: null, release: 'released' },
  started: { take: null, start: null, end: 'ended', miss: null, cover: null, release: null },
  ended: { take: null, start: null, end: null, miss: null, cover: null, release: null },
  noShow: { take: null, start: 'started', end: null, miss: null, cover: 'covered', release: null },
  covered: { take: null, start: null, end: null, miss: null, cover: null, release: null },
  released: { take: null, start: null, end: null, miss: null, cover: null, release: null },
}

type Stepped = { ok: true; shift: DutyShift }

function moved(shift: DutyShift, event: DutyShiftEvent, change: Partial<DutyShift>, now: Instant): Stepped | null {
  const status = NEXT_DUTY[shift.status][event]
  return status && { ok: true, shift: { ...shift, ...change, status, updatedAt: now } }
}

/** RD4: begun by the person, not more than an hour early and not after the end; late is late, and still a start. */
export function startShift(
  shift: DutyShift,
  said: { distanceM: number | null; isForThem: boolean },
  now: Instant,
): Stepped | Refused<'notInThisState' | 'tooEarly' | 'tooLate'> {
  if (NEXT_DUTY[shift.status].start === null) return refused('notInThisState')
  if (now < shift.startsAt - EARLY_MS) return refused('tooEarly')
  if (now >= shift.endsAt) return refused('tooLate')
  const begun = {
    startedAt: now,
    startDistanceM: said.distanceM,
    startedFor: said.isForThem,
    nextTimerAt: shift.endsAt,
  }
  return moved(shift, 'start', begun, now) ?? refused('notInThisState')
}

/** RD4: who goes before the end says why; what is worked is what the roster counts, less what was not there. */
export function endShift(
  shift: DutyShift,
  reason: string | null,
  now: Instant,
): Stepped | Refused<'notInThisState' | 'missingReason'> {
  if (shift.status !== 'started' || shift.startedAt === null) return refused('notInThisState')
  if (now < shift.endsAt && reason === null) return refused('missingReason')
  return moved(shift, 'end', { endedAt: now, nextTimerAt: null }, now) ?? refused('notInThisState')
}

/** RD5: five minutes after the start nobody has begun. */
export const missShift = (shift: DutyShift, now: Instant): Stepped | Refused<'notInThisState'> =>
  moved(shift, 'miss', { noShowAt: now, nextTimerAt: null }, now) ?? refused('notInThisState')

/** The gap a shift leaves: open to whoever takes it. */
export const gapOf = (shift: DutyShift, id: string, now: Instant): DutyShift => ({
  ...shift,
  id,
  unitId: null,
  status: 'open',
  coversId: shift.id,
  startedAt: null,
  endedAt: null,
  startDistanceM: null,
  startedFor: false,
  noShowAt: null,
  nextTimerAt: null,
  isCovering: true,
  updatedAt: now,
})

/** RW2: a gap is somebody's: from now on they are waited for as anybody is, the way there allowed for. */
export function takeGap(gap: DutyShift, unitId: string, now: Instant): Stepped | Refused<'notInThisState'> {
  const from = Math.max(gap.startsAt, now + COVER_TRAVEL_MS)
  const change = { unitId, isCovering: false, nextTimerAt: noShowAlarmAt(from) }
  return moved(gap, 'take', change, now) ?? refused('notInThisState')
}

/** RW2: an answer counts while the question stands. */
export function answerCover(
  offer: CoverOffer,
  yes: boolean,
  now: Instant,
): { ok: true; offer: CoverOffer } | Refused<'notOffered' | 'offerExpired'> {
  if (offer.status === 'expired') return refused('offerExpired')
  if (offer.status !== 'offered') return refused('notOffered')
  if (now >= offer.expiresAt) return refused('offerExpired')
  return { ok: true, offer: { ...offer, status: yes ? 'accepted' : 'declined', answeredAt: now } }
}

export const SWAP_EVENTS = ['agree', 'approve', 'decline', 'refuse', 'withdraw', 'expire'] as const
export type SwapEvent = (typeof SWAP_EVENTS)[number]

/** RW3: nothing is swapped without the other's yes; `agree` is final where nobody has to approve. */
export const NEXT_SWAP: Record<SwapStatus, Partial<Record<SwapEvent, SwapStatus>>> = {
  proposed: { agree: 'agreed', decline: 'declined', withdraw: 'withdrawn', expire: 'expired' },
  agreed: { approve: 'done', refuse: 'refused', withdraw: 'withdrawn', expire: 'expired' },
  done: {},
  declined: {},
  refused: {},
  withdrawn: {},
  expired: {},
}

export const stepSwap = (swap: DutySwap, event: SwapEvent): SwapStatus | null => NEXT_SWAP[swap.status][event] ?? null
