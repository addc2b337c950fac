import type { Instant } from './instant.ts'

/** Where a fix came from; each source has a stale limit of its own. */
export const FIX_SOURCES = ['device', 'osmand', 'owntracks', 'page', 'simulator'] as const
export type FixSource = (typeof FIX_SOURCES)[number]

/** A reported position, parsed and unit-free: metres, metres per second, degrees. null = the device did not know. */
export interface Fix {
  /** The device's own time: decides the order, never the freshness. */
  at: Instant
  lng: number
  lat: number
  accuracyM: number | null
  speedMps: number | null
  headingDeg: number | null
  altitudeM: number | null
  batteryPct: number | null
  source: FixSource
}

/** A fix with the server's time of arrival, which decides freshness. */
export interface ReceivedFix extends Fix {
  receivedAt: Instant
}
