import type { Instant } from '#domain/instant.ts'
import { POLICIES, type Policy } from './choose.ts'
import { simulate, type World } from './simulate.ts'
import { type Estimate, estimate, type Measured, measure } from './stats.ts'

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

export interface Compared {
  calibration: CalibrationError
  rows: PolicyRow[]
}

export interface ComparisonAsked {
  seeds: readonly number[]
  policies?: readonly Policy[]
  /** Whether calls of then are judged: those that were learned from should not be. */
  isJudged?(at: Instant): boolean
  onProgress?(done: number, all: number): void
}

/** PY6: every policy over every seed on the same calls, beside what really happened. */
export function comparePolicies(world: World, asked: ComparisonAsked): Compared {
  const policies = [...new Set<Policy>(['nearest', ...(asked.policies ?? POLICIES)])]
  const judged = world.calls.map(({ at, actualMs }) => actualMs !== null && (asked.isJudged?.(at) ?? true))
  const runs = new Map<Policy, Run[]>()
  let done = 0
  for (const policy of policies)
    for (const seed of asked.seeds) {
      const { responseMs, moves } = simulate(world, policy, seed)
      const own = measure(
        responseMs.filter((_, call) => judged[call]),
        world.withinMs,
      )
      runs.set(policy, [...(runs.get(policy) ?? []), { ...own, moves }])
      asked.onProgress?.(++done, policies.length * asked.seeds.length)
    }
  const base = runs.get('nearest') as Run[]
  const rows = policies.map((policy) => rowOf(policy, runs.get(policy) as Run[], base))
  const actual = measure(
    world.calls.filter((_, call) => judged[call]).map(({ actualMs }) => actualMs),
    world.withinMs,
  )
  return { calibration: errorOf(actual, rows[0] as PolicyRow), rows }
}

type Run = Measured & { moves: number }

const rowOf = (policy: Policy, runs: readonly Run[], base: readonly Run[]): PolicyRow => ({
  policy,
  withinShare: estimate(runs.map(({ withinShare }) => withinShare)),
  p50Ms: estimate(runs.map(({ p50Ms }) => p50Ms)),
  p90Ms: estimate(runs.map(({ p90Ms }) => p90Ms)),
  gain: estimate(runs.map(({ withinShare }, index) => withinShare - (base[index] as Run).withinShare)),
  moves: runs.reduce((sum, { moves }) => sum + moves, 0) / runs.length,
})

const errorOf = (actual: Measured, { withinShare, p50Ms, p90Ms }: PolicyRow): CalibrationError => ({
  n: actual.n,
  actual,
  simulated: { withinShare, p50Ms, p90Ms },
  errors: {
    withinShare: withinShare.mean - actual.withinShare,
    p50: (p50Ms.mean - actual.p50Ms) / Math.max(1, actual.p50Ms),
    p90: (p90Ms.mean - actual.p90Ms) / Math.max(1, actual.p90Ms),
  },
})
