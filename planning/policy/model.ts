import type { Instant } from '#domain/instant.ts'
import type { TravelMode, UnitKind } from '#domain/units.ts'

/** One unit's part in a recorded call, as an import map or the own history gives it. */
export interface RecordedRun {
  callId: string
  unitId: string
  /** What units of this sort have in common (ENGINE, MEDIC, a kind): only one of the same sort can stand in for it. */
  type: string
  lng: number
  lat: number
  reportedAt: Instant
  sentAt: Instant
  leftAt: Instant | null
  onSiteAt: Instant | null
  endedAt: Instant | null
}

/** Somebody of a type who is to be sent to a call, so long after it was reported. */
export interface Need {
  type: string
  delayMs: number
  /** From on site to free again; of one that was called off, from being sent. */
  busyMs: number
  /** Called off before it was there: it is taken up for a while and never arrives. */
  isCalledOff: boolean
}

export interface SimCall {
  id: string
  at: Instant
  lng: number
  lat: number
  needs: readonly Need[]
  /** What really happened: first on site after the report; null when nobody was. */
  actualMs: number | null
}

export interface SimUnit {
  id: string
  type: string
  /** Where it waits. */
  lng: number
  lat: number
  /** When it is on duty, ascending; null = always. */
  duty: readonly (readonly [from: Instant, to: Instant])[] | null
}

/** How units of a type leave and travel: medians, and how far single ones scatter (the deviation of the logarithm). */
export interface Pace {
  turnoutMs: number
  turnoutSpread: number
  speedKmh: number
  speedSpread: number
  /** How much of the scatter a call's units have in common (traffic, rain, a hidden address): 0 none, 1 all. */
  shared: number
  /** For the five-minute cover, which knows kinds and modes. */
  kind: UnitKind
  mode: TravelMode
}

export type Paces = ReadonlyMap<string, Pace>
