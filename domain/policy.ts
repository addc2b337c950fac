/** How the unit for a call is chosen, each building on the one before. */
export const POLICIES = ['nearest', 'eta', 'cover', 'reposition'] as const
export type Policy = (typeof POLICIES)[number]

export interface Measured {
  /** Calls that somebody reached. */
  n: number
  withinShare: number
  p50Ms: number
  p90Ms: number
}

/** A mean over seeds with the half width of its 95 % confidence interval; no width of a single one. */
export interface Estimate {
  mean: number
  plusMinus: number | null
}

export interface PolicyRow {
  policy: Policy
  withinShare: Estimate
  p50Ms: Estimate
  p90Ms: Estimate
  /** Against nearest free, seed by seed: the same noise, so that small differences can be told from chance. */
  gain: Estimate
  /** How many times a unit was sent to stand elsewhere, a seed. */
  moves: number
}

/** How far the simulation of what was done is from what happened. */
export interface CalibrationError {
  n: number
  actual: Measured
  simulated: Pick<PolicyRow, 'withinShare' | 'p50Ms' | 'p90Ms'>
  /** Simulated less actual: as a share, and relative to the actual times. */
  errors: { withinShare: number; p50: number; p90: number }
}

export interface PolicyAsked {
  /** How far back the history goes that is replayed. */
  days: number
  withinMin: number
  seeds: number
  policies: Policy[]
  /** Units more, each always on duty; `type` as in the answer's `types`, null = the one that is first on site most often. */
  more: { lng: number; lat: number; type: string | null }[]
  /** Posts the units are to share out among themselves; null = they wait where they waited. */
  posts: { lng: number; lat: number }[] | null
  /** How many units are on duty in each local hour of the day (24); null = as it was. */
  onDuty: number[] | null
}

export interface PolicyAnswer {
  withinMs: number
  calls: number
  units: number
  /** What units of a sort have in common, and which sorts carry the promise. */
  types: { type: string; units: number; isLead: boolean }[]
  /** Mean units of the leading sorts on duty by local hour, as it was. */
  onDuty: number[]
  /** Seeds that were run through. */
  seeds: number
  calibration: CalibrationError | null
  rows: PolicyRow[]
  /** The same with the change; null when none was asked. */
  changed: PolicyRow[] | null
}

/** Fewer calls with somebody on site say nothing about a policy. */
export const FEWEST_CALLS = 50
