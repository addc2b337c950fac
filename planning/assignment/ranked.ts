import type { PlanProblem } from '#domain/plan.ts'
import { gridOf, isEligible } from './grid.ts'
import { pointsOf } from './ledger.ts'

/** PX7: for each community, those that may take it, cheapest for it first, at most so many: who is asked next when one declines. */
export function rankedProviders(problem: PlanProblem, most: number): Map<string, string[]> {
  const grid = gridOf(problem)
  return new Map(
    problem.communities.map(({ id }, c) => [
      id,
      problem.providers
        .map((provider, p) => ({ providerId: provider.id, p }))
        .filter(({ p }) => isEligible(grid, c, p))
        .sort((one, other) => pointsOf(grid, c, one.p) - pointsOf(grid, c, other.p))
        .slice(0, most)
        .map(({ providerId }) => providerId),
    ]),
  )
}
