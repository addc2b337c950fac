import { SECOND_MS } from './instant.ts'
import type { TravelMode, UnitKind } from './units.ts'

/** What the estimate assumes; a city may set its own. */
export interface TravelModel {
  /** From "I accept" to moving off: found shoes, tools, bike. The nearest unit that is not ready to leave is not the fastest. */
  turnoutMs: Readonly<Record<UnitKind, number>>
  /** Door to door, stops at lights and gates included. */
  speedKmh: Readonly<Record<TravelMode, number>>
  /** Way by street ÷ straight line. */
  detour: number
}

export const TRAVEL: TravelModel = {
  turnoutMs: { housekeeper: 30 * SECOND_MS, crew: 60 * SECOND_MS, volunteer: 90 * SECOND_MS },
  speedKmh: { foot: 4.5, ebike: 18, car: 25 },
  detour: 1.3,
}

/** A way found by a router; `durationMs` is a car's. */
export interface RoutedWay {
  distanceM: number
  durationMs: number
}

const MS_PER_KM_AT_1_KMH = 3_600_000

const rideMs = (wayM: number, mode: TravelMode, model: TravelModel) =>
  ((wayM / 1000) * MS_PER_KM_AT_1_KMH) / model.speedKmh[mode]

/** RK1: turnout of the kind + straight line × detour ÷ speed of the mode, in whole milliseconds. */
export function estimatedEtaMs(
  straightM: number,
  kind: UnitKind,
  mode: TravelMode,
  model: TravelModel = TRAVEL,
): number {
  return Math.round(model.turnoutMs[kind] + rideMs(straightM * model.detour, mode, model))
}

/**
 * RK2: turnout + the routed way. A router knows cars: only a car takes its duration, feet and bikes take its length at
 * their own speed, and the detour is in the way already.
 */
export function routedEtaMs(way: RoutedWay, kind: UnitKind, mode: TravelMode, model: TravelModel = TRAVEL): number {
  const ride = mode === 'car' ? way.durationMs : rideMs(way.distanceM, mode, model)
  return Math.round(model.turnoutMs[kind] + ride)
}
