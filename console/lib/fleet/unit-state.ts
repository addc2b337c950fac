import { isStale } from '#domain/freshness.ts'
import type { Instant } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import type { SeenUnit } from '#wire/fleet-frame.ts'

/** What a unit is drawn as; each has a shape of its own, so that no state hangs on colour alone. */
export const UNIT_STATES = ['available', 'byPhone', 'onTask', 'stale', 'ghost', 'offDuty'] as const
export type UnitState = (typeof UNIT_STATES)[number]

export interface UnitFacts {
  isOnTask: boolean
  /** Its page is connected: an offer reaches it without a call. */
  isReachable: boolean
}

/** DK5: the doubt comes first: a unit without a fix or with an old one is never drawn as live, whatever else is true of it. */
export function unitState(
  unit: Pick<Unit, 'duty' | 'tracked'>,
  seen: Pick<SeenUnit, 'heardAt' | 'source'> | null,
  { isOnTask, isReachable }: UnitFacts,
  now: Instant,
): UnitState {
  if (unit.duty === 'offDuty' && !isOnTask) return 'offDuty'
  // Without consent there is no position to show, even one that this page still remembers.
  if (!seen || !unit.tracked) return 'ghost'
  if (isStale(seen.heardAt, seen.source, now)) return 'stale'
  if (isOnTask || unit.duty === 'busy') return 'onTask'
  return isReachable ? 'available' : 'byPhone'
}

/** For a reader who may not watch positions: what duty and tasks alone say. Nothing is a ghost to whoever may not look. */
export const stateUnseen = (unit: Pick<Unit, 'duty'>, isOnTask: boolean): UnitState =>
  isOnTask || unit.duty === 'busy' ? 'onTask' : unit.duty === 'offDuty' ? 'offDuty' : 'byPhone'
