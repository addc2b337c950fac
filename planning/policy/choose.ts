import type { Cover, CoverPlace } from '#domain/cover.ts'
import type { Instant } from '#domain/instant.ts'
import type { Policy } from '#domain/policy.ts'
import { type Mover, metresBetween, rideMs, type Spot, spotAt, turnoutMs } from './fleet.ts'

export interface Choosing {
  policy: Policy
  at: Instant
  to: Spot
  /** Until which moment the promise is kept. */
  dueAt: Instant
  /** Who is free, for the policies that look at it. */
  cover: Cover | null
  /** What the whole of the demand left bare would cost in later delays, spread over the calls to come. */
  lossMs: number
}

/**
 * PY3: nearest = as the crow flies; eta = soonest there by turnout (none on the road) and speed; cover and reposition = soonest, but for what
 * the unit alone covers a delay is reckoned; nobody who keeps the promise is passed over for one who does not.
 */
export function choose(movers: readonly Mover[], asked: Choosing): Mover | null {
  let [best, least] = [null as Mover | null, Number.POSITIVE_INFINITY]
  for (const mover of movers) {
    const cost = costOf(mover, asked)
    if (cost < least) [best, least] = [mover, cost]
  }
  return best
}

/** More than any delay within a day: late ones stand behind all that are in time. */
const LATE = 1e9

function costOf(mover: Mover, { policy, at, to, dueAt, cover, lossMs }: Choosing): number {
  const metres = metresBetween(spotAt(mover, at), to)
  if (policy === 'nearest') return metres
  const eta = turnoutMs(mover, at) + rideMs(mover.pace, metres)
  if (policy === 'eta' || !cover) return eta
  return eta + lossMs * soleShare(cover, mover.unit.id) + (at + eta > dueAt ? LATE : 0)
}

/** The share of the demand that only this unit covers. */
export function soleShare(cover: Cover, id: string): number {
  let sum = 0
  for (const place of cover.reachedBy(id))
    if (cover.countAt(place) === 1) sum += (cover.places[place] as CoverPlace).households
  return sum
}
