import type { ReceivedFix } from './fix.ts'
import { bboxContains, EARTH_RADIUS_M, haversineM, radians } from './geo.ts'
import { DAY_MS, type Instant, SECOND_MS } from './instant.ts'
import type { Bbox } from './places.ts'
import type { TravelMode } from './units.ts'

/** Kept for the trail, never drawn: why. */
export const TRAIL_REASONS = ['older', 'jump', 'inaccurate'] as const
export type TrailReason = (typeof TRAIL_REASONS)[number]

/** Not kept at all: why. The first four say the fix is no position, the next four when it was taken, the rest whose it is. */
export const FIX_REFUSALS = [
  'badNumbers',
  'nullIsland',
  'outsideTenant',
  'future',
  'tooOld',
  'repeated',
  'beforeDuty',
  'offDutyFix',
  'noConsent',
  'unknownUnit',
] as const
export type FixRefusal = (typeof FIX_REFUSALS)[number]

export type FixVerdict =
  | { verdict: 'latest' }
  | { verdict: 'trail'; why: TrailReason }
  | { verdict: 'refused'; why: FixRefusal }

export interface JudgeLimits {
  /** A device's clock may be ahead by this much. */
  futureMs: number
  /** Older fixes are of no use to anybody and fall outside the history's open partitions. */
  maxAgeMs: number
  /** Worse than this a fix says which district, not which street. */
  maxAccuracyM: number
  /** What a fix without an accuracy is believed to be good for. */
  unknownAccuracyM: number
  /** An accuracy may excuse at most so much of a jump. */
  allowanceM: number
  /** What nobody exceeds with that mode. People on foot and on e-bikes take buses and taxis. */
  capMps: Readonly<Record<TravelMode, number>>
  /** So many jumps in a row that agree with each other outweigh the fix they jumped from. */
  confirmations: number
}

export const JUDGE_LIMITS: JudgeLimits = {
  futureMs: 300 * SECOND_MS,
  maxAgeMs: 7 * DAY_MS,
  maxAccuracyM: 1_000,
  unknownAccuracyM: 50,
  allowanceM: 500,
  capMps: { foot: 35, ebike: 35, car: 60 },
  confirmations: 3,
}

/** What judging remembers of one unit: its latest honest fix, and the newest jump with how many in a row agree with it. */
export interface Track {
  last: ReceivedFix | null
  doubted: ReceivedFix | null
  agreeing: number
}

export const EMPTY_TRACK: Track = { last: null, doubted: null, agreeing: 0 }

const LATEST: FixVerdict = { verdict: 'latest' }
const trail = (why: TrailReason): FixVerdict => ({ verdict: 'trail', why })
const REFUSALS = Object.fromEntries(FIX_REFUSALS.map((why) => [why, { verdict: 'refused', why }])) as Record<
  FixRefusal,
  FixVerdict
>
export const refusedFix = (why: FixRefusal): FixVerdict => REFUSALS[why]

const OLDER = trail('older')
const JUMP = trail('jump')
const INACCURATE = trail('inaccurate')

/** FL3: a clock that is ahead within the limit counts as the moment of arrival, so that setting it right locks nobody out. */
const orderAt = (fix: ReceivedFix): Instant => Math.min(fix.at, fix.receivedAt)

/** Null Island: what receivers report when they know nothing. */
const NULL_ISLAND_DEG = 0.01

/** FL1, FL2: why a fix is no position of this tenant at any useful time; null = it is one. */
function unfit(fix: ReceivedFix, bounds: Bbox, limits: JudgeLimits): FixRefusal | null {
  const { lng, lat, at } = fix
  if (!(Math.abs(lng) <= 180 && Math.abs(lat) <= 90 && Number.isFinite(at))) return 'badNumbers'
  if (Math.abs(lng) < NULL_ISLAND_DEG && Math.abs(lat) < NULL_ISLAND_DEG) return 'nullIsland'
  if (!bboxContains(bounds, [lng, lat])) return 'outsideTenant'
  if (at - fix.receivedAt > limits.futureMs) return 'future'
  return fix.receivedAt - at > limits.maxAgeMs ? 'tooOld' : null
}

const LONGEST_DEGREE_M = radians(1) * EARTH_RADIUS_M

/** FL5: no unit can have covered the way in the time, even with both accuracies in its favour. */
function isJump(from: ReceivedFix, to: ReceivedFix, mode: TravelMode, limits: JudgeLimits): boolean {
  const seconds = Math.max(1, (orderAt(to) - orderAt(from)) / SECOND_MS)
  const reachM = limits.capMps[mode] * seconds
  // Nearly every fix ends here: no way is longer than its two legs, and legs need no trigonometry.
  if ((Math.abs(to.lng - from.lng) + Math.abs(to.lat - from.lat)) * LONGEST_DEGREE_M <= reachM) return false
  const unsureM = (from.accuracyM ?? limits.unknownAccuracyM) + (to.accuracyM ?? limits.unknownAccuracyM)
  const wayM = haversineM([from.lng, from.lat], [to.lng, to.lat])
  return wayM - Math.min(unsureM, limits.allowanceM) > reachM
}

/** FL4: device time decides the order; equal order times (a batch from a clock that is ahead) fall back on the device's own. */
const isOlder = (fix: ReceivedFix, last: ReceivedFix): boolean => {
  const apart = orderAt(fix) - orderAt(last)
  return apart < 0 || (apart === 0 && fix.at <= last.at)
}

export interface Judged {
  verdict: FixVerdict
  track: Track
}

/**
 * Whether a fix becomes the unit's latest (FL1–FL6): pure, and total over any numbers. The track that comes back is what
 * the next fix is judged by; it is the same object when nothing changed.
 */
export function judge(track: Track, fix: ReceivedFix, mode: TravelMode, bounds: Bbox, limits: JudgeLimits): Judged {
  const why = unfit(fix, bounds, limits)
  if (why) return { verdict: refusedFix(why), track }
  const { last } = track
  if (last && fix.at === last.at && fix.lng === last.lng && fix.lat === last.lat) {
    return { verdict: refusedFix('repeated'), track }
  }
  if (last && isOlder(fix, last)) return { verdict: OLDER, track }
  if (fix.accuracyM !== null && fix.accuracyM > limits.maxAccuracyM) return { verdict: INACCURATE, track }
  if (!last || !isJump(last, fix, mode, limits)) return { verdict: LATEST, track: settled(fix) }
  return doubt(track, fix, mode, limits)
}

const settled = (fix: ReceivedFix): Track => ({ last: fix, doubted: null, agreeing: 0 })

/** FL6: a wrong first fix must not lock a unit out: jumps that agree with each other become the truth. */
function doubt(track: Track, fix: ReceivedFix, mode: TravelMode, limits: JudgeLimits): Judged {
  const { doubted } = track
  if (doubted && isOlder(fix, doubted)) return { verdict: JUMP, track }
  const agreeing = doubted && !isJump(doubted, fix, mode, limits) ? track.agreeing + 1 : 1
  if (agreeing >= limits.confirmations) return { verdict: LATEST, track: settled(fix) }
  return { verdict: JUMP, track: { last: track.last, doubted: fix, agreeing } }
}
