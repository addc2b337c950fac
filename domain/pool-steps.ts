import type { EmergencySettings } from './emergency-settings.ts'
import type { Instant } from './instant.ts'
import { NEXT_POOL, type PoolEntry, type PoolEvent, type PoolOffer, type PoolReason } from './pool.ts'
import { type Refused, refused } from './refusal.ts'
import type { Actor } from './ticket.ts'
import { isBlank } from './ticket-step.ts'

/** Who decides it, why, and when. */
export interface Review {
  actor: Actor
  reason: string | null
  now: Instant
}

type Reviewed<Why extends string = never> = { ok: true; entry: PoolEntry } | Refused<'wrongStage' | Why>

/** PV1: the entry in the status the table names. */
export function stepPool(before: PoolEntry, event: PoolEvent, { actor, reason, now }: Review): Reviewed {
  const status = NEXT_POOL[before.status][event]
  if (status === null) return refused('wrongStage')
  const reviewedBy = event === 'apply' ? before.reviewedBy : actor
  return { ok: true, entry: changed({ ...before, status, statusSince: now, reason, reviewedBy }, now) }
}

/** PV2: good Party-building work and good service quality open the door; a firm without them is taken in for a reason only, a banned one not at all. */
export function admit(
  before: PoolEntry,
  entry: EmergencySettings['entry'],
  review: Review,
): Reviewed<'banned' | 'belowEntry'> {
  if (NEXT_POOL[before.status].admit === null) return refused('wrongStage')
  if (isBanned(before, review.now)) return refused('banned')
  if (!meetsEntry(before, entry) && isBlank(review.reason)) return refused('belowEntry')
  return stepPool(before, 'admit', review)
}

/** PV2: a score that nobody has given is not good. */
export const meetsEntry = (
  { partyBuilding, quality, ratingBand }: Pick<PoolEntry, 'partyBuilding' | 'quality' | 'ratingBand'>,
  least: EmergencySettings['entry'],
): boolean => (partyBuilding ?? 0) >= least.partyBuilding && (quality ?? 0) >= least.quality && ratingBand !== 'fail'

export const isBanned = ({ banUntil }: Pick<PoolEntry, 'banUntil'>, now: Instant): boolean =>
  banUntil !== null && now < banUntil

/**
 * PV3: what a firm says of itself; a firm that was removed says it by applying again. Once it is taken in, who reviews it is no
 * longer its own choice: its office stays in its sub-district, until the city moves it with the pool's file.
 */
export function changeOffer(before: PoolEntry, offer: Partial<PoolOffer & Office>, now: Instant): Reviewed {
  if (before.status === 'removed') return refused('wrongStage')
  const { subdistrictCode = before.subdistrictCode } = offer
  if (before.status !== 'applied' && subdistrictCode !== before.subdistrictCode) return refused('wrongStage')
  return { ok: true, entry: changed({ ...before, ...offer }, now) }
}

/** Where its office is. */
export type Office = Pick<PoolEntry, 'districtCode' | 'subdistrictCode' | 'lng' | 'lat'>

export type Scores = Pick<PoolEntry, 'partyBuilding' | 'quality' | 'ratingBand'>

/** PV4: a failed rating lights the yellow light by itself; only a person clears it (DOMAIN §1: 不及格 → 亮黄灯). */
export function score(before: PoolEntry, scores: Scores, review: Review): PoolEntry {
  const ratedAt = scores.ratingBand === null ? before.ratedAt : review.now
  const rated = changed({ ...before, ...scores, ratedAt, reviewedBy: review.actor }, review.now)
  return scores.ratingBand === 'fail' ? litBy(rated, review, 'failedRating') : rated
}

/** RG3: a confirmed rating of a period, and the yellow light with it where the officer agrees; a fail lights it in any case. */
export function rate(before: PoolEntry, band: PoolEntry['ratingBand'], lit: boolean, review: Review): PoolEntry {
  const rated = score(
    before,
    { partyBuilding: before.partyBuilding, quality: before.quality, ratingBand: band },
    review,
  )
  return lit ? litBy(rated, review, 'confirmedRating') : rated
}

/** A light that burns keeps its beginning. */
const litBy = (entry: PoolEntry, { actor, reason, now }: Review, otherwise: PoolReason): PoolEntry =>
  entry.yellowSince !== null
    ? entry
    : { ...entry, yellowSince: now, yellowReason: reason ?? otherwise, yellowBy: actor }

/** PV4: whoever was rated since the light was lit, and did not fail, may be without it. */
export const isRerated = ({ yellowSince, ratedAt, ratingBand }: PoolEntry): boolean =>
  yellowSince === null || (ratedAt !== null && ratedAt > yellowSince && ratingBand !== null && ratingBand !== 'fail')

/** PV4: lit and cleared for a reason, and cleared only after a new rating; a light that burns keeps its beginning. */
export function light(before: PoolEntry, lit: boolean, { actor, reason, now }: Review): Reviewed<'notRerated'> {
  if (lit === (before.yellowSince !== null)) return refused('wrongStage')
  if (!lit && !isRerated(before)) return refused('notRerated')
  const yellow = lit
    ? { yellowSince: now, yellowReason: reason, yellowBy: actor }
    : { yellowSince: null, yellowReason: null, yellowBy: null }
  return { ok: true, entry: changed({ ...before, ...yellow, reviewedBy: actor }, now) }
}

/** PV5: a ban ends by itself at its moment, or when it is lifted. */
export const ban = (before: PoolEntry, until: Instant | null, { actor, reason, now }: Review): PoolEntry =>
  changed({ ...before, banUntil: until, banReason: until === null ? null : reason, reviewedBy: actor }, now)

const changed = (entry: PoolEntry, now: Instant): PoolEntry => ({
  ...entry,
  version: entry.version + 1,
  updatedAt: now,
})
