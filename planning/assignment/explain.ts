import type { PlanPlace, PlanProblem } from '#domain/plan.ts'
import type { CommunityExplanation, PlanExplanation, ProviderLoad } from '#domain/plan-explanation.ts'
import { type Amounts, RESOURCES } from '#domain/services.ts'
import { bindingOf } from './binding.ts'
import { pairTerms } from './cost-terms.ts'
import { balanceOf, evaluate, providersOf } from './evaluate.ts'
import { gridOf, isEligible, type PlanGrid } from './grid.ts'
import { addedBy, ledgerOf, type PlanLedger } from './ledger.ts'
import { uncoveredOf } from './remedies.ts'
import { switchesOf } from './switches.ts'

/** What a plan costs and why, community by community and provider by provider: from the rules and the places alone, whoever made them. */
export function explainPlan(problem: PlanProblem, places: readonly PlanPlace[]): PlanExplanation {
  const grid = gridOf(problem)
  const providerOf = providersOf(grid, places)
  const ledger = ledgerOf(grid, providerOf)
  const { terms, cost } = evaluate(grid, providerOf)
  return {
    terms,
    cost,
    covered: coveredOf(ledger),
    uncovered: uncoveredOf(ledger),
    loads: problem.providers.map((_, p) => loadOf(ledger, p)),
  }
}

/** PX1: each with its own share of every term. */
function coveredOf(ledger: PlanLedger): CommunityExplanation[] {
  const { grid, providerOf } = ledger
  const switches = switchesOf(ledger)
  return grid.problem.communities.flatMap((community, c) => {
    const p = providerOf[c] as number
    const provider = grid.problem.providers[p]
    if (!provider) return []
    const terms = { ...pairTerms(grid.weights, community, provider), ...addedBy(ledger, c, p) }
    return [
      {
        communityId: community.id,
        providerId: provider.id,
        points: Object.values(terms).reduce((sum, points) => sum + points, 0),
        terms,
        eligible: eligibleFor(grid, c),
        nextBest: switches[c] ?? null,
        binding: bindingOf(ledger, c),
      },
    ]
  })
}

function eligibleFor(grid: PlanGrid, c: number): number {
  let count = 0
  for (let p = 0; p < grid.providers; p++) if (isEligible(grid, c, p)) count += 1
  return count
}

/** PX6: running engagements and reserves count as used, as they do for the load. */
function loadOf({ grid, room, load, members }: PlanLedger, p: number): ProviderLoad {
  const { id = '', capacity } = grid.problem.providers[p] ?? {}
  const held = Object.fromEntries(RESOURCES.map((resource) => [resource, capacity?.[resource] ?? 0])) as Amounts
  const used = Object.fromEntries(
    RESOURCES.map((resource, r) => [resource, held[resource] - (room[p]?.[r] ?? 0)]),
  ) as Amounts
  const communities = members[p]?.length ?? 0
  return {
    providerId: id,
    communities,
    used,
    capacity: held,
    loadPercent: (load[p] as number) / 10,
    balancePoints: balanceOf(grid, p, load[p] as number),
    openingPoints: communities > 0 ? (grid.opening[p] as number) : 0,
  }
}
