import type { FixSource, ReceivedFix } from './fix.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from './instant.ts'
import type { DutyState } from './units.ts'

/** How long after its arrival a fix still counts as live: phones that sleep are given longer than a page or a radio. */
export const STALE_AFTER_MS: Readonly<Record<FixSource, number>> = {
  page: 60 * SECOND_MS,
  osmand: 120 * SECOND_MS,
  owntracks: 120 * SECOND_MS,
  device: 60 * SECOND_MS,
  simulator: 60 * SECOND_MS,
}

/** A device's clock may be behind by this much before its fixes count as kept back rather than live. */
export const CLOCK_ALLOWANCE_MS = 10 * MINUTE_MS

/** fresh: drawn as live; stale: drawn as last seen; ghost: on duty without a fix, drawn hollow at its post; absent: not drawn. */
export const FRESHNESS = ['fresh', 'stale', 'ghost', 'absent'] as const
export type Freshness = (typeof FRESHNESS)[number]

/**
 * FL7: the moment a fix was fresh: the server's time of arrival, so that a device's clock cannot make it younger; a fix
 * kept back in a tunnel and sent late is not made live by its arrival.
 */
export const heardAt = (fix: ReceivedFix): Instant => Math.min(fix.receivedAt, fix.at + CLOCK_ALLOWANCE_MS)

export const isStale = (heard: Instant, source: FixSource, now: Instant, limits = STALE_AFTER_MS): boolean =>
  now - heard > limits[source]

/** FL8: what a unit is drawn as. */
export function freshnessOf(
  fix: ReceivedFix | null,
  duty: DutyState,
  now: Instant,
  limits: Readonly<Record<FixSource, number>> = STALE_AFTER_MS,
): Freshness {
  if (!fix) return duty === 'offDuty' ? 'absent' : 'ghost'
  return isStale(heardAt(fix), fix.source, now, limits) ? 'stale' : 'fresh'
}
