import type { Instant } from '#domain/instant.ts'
import { type CalibrationError, type Measured, POLICIES, type Policy, type PolicyRow } from '#domain/policy.ts'
import { simulate, type World } from './simulate.ts'
import { estimate, measure } from './stats.ts'

export interface Compared {
  calibration: CalibrationError
  rows: PolicyRow[]
  /** Seeds that all policies were run through. */
  seeds: number
}

export interface ComparisonAsked {
  seeds: readonly number[]
  policies?: readonly Policy[]
  /** Whether calls of then are judged: those that were learned from should not be. */
  isJudged?(at: Instant): boolean
  /** With what the seeds so far say, after each of them. */
  onProgress?(done: number, all: number, soFar: Compared | null): void
  isStopped?(): boolean
}

/** PY6, PY8: every policy over every seed on the same calls, beside what really happened; stopped, over the seeds that are done. */
export function comparePolicies(world: World, asked: ComparisonAsked): Compared {
  const policies = [...new Set<Policy>(['nearest', ...(asked.policies ?? POLICIES)])]
  const judged = world.calls.map(({ at, actualMs }) => actualMs !== null && (asked.isJudged?.(at) ?? true))
  const actual = measure(
    world.calls.filter((_, call) => judged[call]).map(({ actualMs }) => actualMs),
    world.withinMs,
  )
  const runs = new Map<Policy, Run[]>(policies.map((policy) => [policy, []]))
  const all = policies.length * asked.seeds.length
  let done = 0
  let soFar: Compared | null = null
  for (const [turn, seed] of asked.seeds.entries()) {
    // The first seed is always run through: without it there is nothing to tell.
    if (turn > 0 && asked.isStopped?.()) break
    for (const policy of policies) {
      const { responseMs, moves } = simulate(world, policy, seed)
      const own = measure(
        responseMs.filter((_, call) => judged[call]),
        world.withinMs,
      )
      runs.get(policy)?.push({ ...own, moves })
      if (++done % policies.length === 0) soFar = comparedOf(policies, runs, actual)
      asked.onProgress?.(done, all, soFar)
    }
  }
  return soFar ?? comparedOf(policies, runs, actual)
}

function comparedOf(policies: readonly Policy[], runs: ReadonlyMap<Policy, Run[]>, actual: Measured): Compared {
  const base = runs.get('nearest') as Run[]
  const rows = policies.map((policy) => rowOf(policy, runs.get(policy) as Run[], base))
  return { calibration: errorOf(actual, rows[0] as PolicyRow), rows, seeds: base.length }
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
