/** How far a planner has come, told while it works. */
export interface Progress {
  seconds: number
  steps: number
  /** Of the best plan so far; null while there is none. */
  objective: number | null
  /** Proven: no plan is below it. */
  bound: number
  phase: string
}

export interface Limits {
  seconds: number
  /** What decides the answer: as many steps with the same seed give the same plan. Seconds only decide where it stops. */
  steps?: number
}

/** What a planner is given of the world: a clock to stop by (never to decide by), a seed, its limits, and somebody who may stop it. */
export interface Run {
  /** Milliseconds of any clock that never goes back. */
  now(): number
  seed: number
  limits: Limits
  onProgress?(progress: Progress): void
  isStopped?(): boolean
}

export type SolveStatus = 'optimal' | 'feasible' | 'infeasible' | 'unknown'

/** How far above the proven bound a plan is, as a fraction of its objective. */
export const gapOf = (objective: number, bound: number): number =>
  Math.max(0, (objective - bound) / Math.max(1, Math.abs(objective)))
