import type { PlanCommunity, PlanProblem, PlanProvider } from '#domain/plan.ts'
import { BARS, type Bar, type PlanWeights } from '#domain/plan-weights.ts'
import { type Amounts, NOTHING, RESOURCES } from '#domain/services.ts'
import { leftOf, loadShare } from './capacity.ts'
import { pairPoints } from './cost-terms.ts'
import { firstBar, type Pairing } from './eligibility.ts'
import { OPENING_RULE } from './provider-terms.ts'

/** Nobody, where a provider's number is expected. */
export const NOBODY = -1

/** A problem laid out in arrays: communities and providers by number, a pair (c, p) at c × providers + p. */
export interface PlanGrid {
  problem: PlanProblem
  weights: PlanWeights
  communities: number
  providers: number
  communityAt: ReadonlyMap<string, number>
  providerAt: ReadonlyMap<string, number>
  /** 0 = eligible, else the first bar's place in BARS + 1. */
  bar: Uint8Array
  /** What the pair alone costs; kept for barred pairs too, for the remedies. */
  points: Float64Array
  /** Thousandths that the community adds to the provider's load. */
  share: Float64Array
  /** By community, each of RESOURCES. */
  needs: Float64Array[]
  /** By provider: what is left of each of RESOURCES, the load it begins with, what opening it costs. */
  left: Float64Array[]
  baseLoad: Float64Array
  opening: Float64Array
  /** The provider a community is locked to, or NOBODY. */
  lockedTo: Int32Array
}

export function gridOf(problem: PlanProblem): PlanGrid {
  const { communities, providers, weights } = problem
  const communityAt = numbered(communities)
  const providerAt = numbered(providers)
  const left = providers.map((provider) => leftOf(problem, provider))
  const pairs = communities.length * providers.length
  const grid: PlanGrid = {
    problem,
    weights,
    communities: communities.length,
    providers: providers.length,
    communityAt,
    providerAt,
    bar: new Uint8Array(pairs),
    points: new Float64Array(pairs),
    share: new Float64Array(pairs),
    needs: communities.map(({ needs }) => arrayOf(needs)),
    left: left.map(arrayOf),
    baseLoad: Float64Array.from(providers, ({ capacity }, p) =>
      loadShare(takenOf(capacity, left[p] ?? NOTHING), capacity),
    ),
    opening: Float64Array.from(providers, (provider) => OPENING_RULE.points(weights, provider)),
    lockedTo: new Int32Array(communities.length).fill(NOBODY),
  }
  for (const { communityId, providerId } of problem.locks) {
    const c = communityAt.get(communityId)
    if (c !== undefined) grid.lockedTo[c] = providerAt.get(providerId) ?? NOBODY
  }
  layPairs(grid, left)
  return grid
}

function layPairs(grid: PlanGrid, left: readonly Amounts[]): void {
  const { problem, weights } = grid
  const pairingOf = pairingsOf(problem, left)
  let pair = 0
  for (const community of problem.communities) {
    for (const [p, provider] of problem.providers.entries()) {
      const bar = firstBar(pairingOf(community, provider, p))
      grid.bar[pair] = bar === null ? 0 : BARS.indexOf(bar) + 1
      grid.points[pair] = pairPoints(weights, community, provider)
      grid.share[pair] = loadShare(community.needs, provider.capacity)
      pair += 1
    }
  }
}

/** Each pair as the rules see it. */
export function pairingsOf(problem: PlanProblem, left: readonly Amounts[]) {
  const forbidden = new Set(problem.forbids.map(({ communityId, providerId }) => `${communityId} ${providerId}`))
  const waived = new Set(problem.waivers.filter(({ reason }) => reason.trim() !== '').map((one) => one.providerId))
  const known = new Set(problem.providers.map(({ id }) => id))
  const locks = problem.locks.filter(({ providerId }) => known.has(providerId))
  const lockOf = new Map(locks.map(({ communityId, providerId }) => [communityId, providerId]))
  return (community: PlanCommunity, provider: PlanProvider, p: number): Pairing => ({
    community,
    provider,
    asOf: problem.asOf,
    left: left[p] ?? NOTHING,
    isWaived: waived.has(provider.id),
    isForbidden: forbidden.has(`${community.id} ${provider.id}`),
    lockedTo: lockOf.get(community.id) ?? null,
  })
}

const numbered = (rows: readonly { id: string }[]) => new Map(rows.map(({ id }, n) => [id, n]))

const arrayOf = (amounts: Amounts) => Float64Array.from(RESOURCES, (resource) => amounts[resource])

function takenOf(capacity: Amounts, left: Amounts): Amounts {
  const taken = { ...capacity }
  for (const resource of RESOURCES) taken[resource] = capacity[resource] - left[resource]
  return taken
}

export const barAt = ({ bar, providers }: PlanGrid, c: number, p: number): Bar | null =>
  BARS[(bar[c * providers + p] ?? 0) - 1] ?? null

export const isEligible = ({ bar, providers }: PlanGrid, c: number, p: number): boolean => bar[c * providers + p] === 0
