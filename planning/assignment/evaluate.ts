import type { PlanPlace } from '#domain/plan.ts'
import { COST_TERMS, type TermPoints } from '#domain/plan-weights.ts'
import { pairTerms } from './cost-terms.ts'
import { NOBODY, type PlanGrid } from './grid.ts'
import { BALANCE_RULE } from './provider-terms.ts'

/** The provider's number of each community, NOBODY where there is none (or none the grid knows). */
export function providersOf(grid: PlanGrid, places: readonly PlanPlace[]): Int32Array {
  const providerOf = new Int32Array(grid.communities).fill(NOBODY)
  for (const { communityId, providerId } of places) {
    const c = grid.communityAt.get(communityId)
    if (c !== undefined && providerId !== null) providerOf[c] = grid.providerAt.get(providerId) ?? NOBODY
  }
  return providerOf
}

export const placesOf = ({ problem }: PlanGrid, providerOf: Int32Array): PlanPlace[] =>
  problem.communities.map(({ id }, c) => ({
    communityId: id,
    providerId: problem.providers[providerOf[c] ?? NOBODY]?.id ?? null,
  }))

export const noTerms = (): TermPoints => Object.fromEntries(COST_TERMS.map((term) => [term, 0])) as TermPoints

/** PS2: what a plan costs, term by term, reckoned from the rules alone and from nothing the optimiser says. */
export function evaluate(
  grid: PlanGrid,
  providerOf: Int32Array,
): { cost: number; terms: TermPoints; uncovered: number } {
  const terms = noTerms()
  const load = grid.baseLoad.slice()
  const isOpen = new Uint8Array(grid.providers)
  let uncovered = 0
  for (let c = 0; c < grid.communities; c++) {
    const p = providerOf[c] as number
    const [community, provider] = [grid.problem.communities[c], grid.problem.providers[p]]
    if (!community || !provider) {
      uncovered += 1
      continue
    }
    for (const [term, points] of Object.entries(pairTerms(grid.weights, community, provider)))
      terms[term as 'travel'] += points
    load[p] = (load[p] as number) + (grid.share[c * grid.providers + p] as number)
    isOpen[p] = 1
  }
  for (let p = 0; p < grid.providers; p++) {
    terms.balance += balanceOf(grid, p, load[p] as number)
    if (isOpen[p]) terms.opening += grid.opening[p] as number
  }
  return { cost: Object.values(terms).reduce((sum, points) => sum + points, 0), terms, uncovered }
}

/** What a load costs beyond what the provider's load cost before the plan. */
export const balanceOf = ({ weights, baseLoad }: PlanGrid, p: number, load: number): number =>
  BALANCE_RULE.points(weights, load) - BALANCE_RULE.points(weights, baseLoad[p] as number)
