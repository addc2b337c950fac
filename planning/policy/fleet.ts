import type { CoverUnit } from '#domain/cover.ts'
import { haversineM } from '#domain/geo.ts'
import type { Instant } from '#domain/instant.ts'
import { TRAVEL } from '#domain/travel.ts'
import type { Pace, SimUnit } from './model.ts'

/** A unit on its way through the simulation. */
export interface Mover {
  unit: SimUnit
  pace: Pace
  /** Until then it is with a call; in the past: free. */
  busyUntil: Instant
  /** Where it set out from, when, and where it goes to stand. */
  from: Spot
  leftAt: Instant
  stand: Spot
  standsAt: Instant
}

export interface Spot {
  lng: number
  lat: number
}

export function moverOf(unit: SimUnit, pace: Pace): Mover {
  const post = { lng: unit.lng, lat: unit.lat }
  const never = Number.NEGATIVE_INFINITY
  return { unit, pace, busyUntil: never, from: post, leftAt: never, stand: post, standsAt: never }
}

export const isOnDuty = ({ unit: { duty } }: Mover, at: Instant): boolean =>
  duty === null || duty.some(([from, to]) => from <= at && at < to)

export const isFree = (mover: Mover, at: Instant): boolean => mover.busyUntil <= at && isOnDuty(mover, at)

export const metresBetween = (one: Spot, other: Spot): number => haversineM([one.lng, one.lat], [other.lng, other.lat])

/** Without turnout. */
export const rideMs = ({ speedKmh }: Pace, metres: number): number => (metres * TRAVEL.detour * 3_600) / speedKmh

/** On the road it is somewhere on the straight line. */
export function spotAt({ from, leftAt, stand, standsAt }: Mover, at: Instant): Spot {
  if (at >= standsAt) return stand
  const share = (at - leftAt) / (standsAt - leftAt)
  return { lng: from.lng + share * (stand.lng - from.lng), lat: from.lat + share * (stand.lat - from.lat) }
}

/** Whoever is on the road has found shoes and bike already. */
export const turnoutMs = (mover: Mover, at: Instant): number => (at < mover.standsAt ? 0 : mover.pace.turnoutMs)

export function sendTo(mover: Mover, stand: Spot, at: Instant): void {
  const from = spotAt(mover, at)
  mover.from = from
  mover.leftAt = at
  mover.stand = stand
  mover.standsAt = at + rideMs(mover.pace, metresBetween(from, stand))
}

/** For the cover a unit counts where it is going to stand: most of its idle time it is there. */
export function coverUnit({ unit, pace, stand, ...rest }: Mover, at: Instant): CoverUnit {
  const { kind, mode } = pace
  return { id: unit.id, ...stand, kind, mode, skills: [], isFree: isFree({ unit, pace, stand, ...rest }, at) }
}
