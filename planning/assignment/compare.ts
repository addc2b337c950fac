import type { PlanPlace, PlanProblem } from '#domain/plan.ts'
import type { PlanComparison } from '#domain/plan-explanation.ts'
import { evaluate, providersOf } from './evaluate.ts'
import { gridOf } from './grid.ts'

/** A plan with the problem it answers. */
interface PlacedProblem {
  problem: PlanProblem
  places: readonly PlanPlace[]
}

/** PX8: who gets another provider in plan B than in plan A, what each costs by its own weights, and B by A's. */
export function comparePlans(a: PlacedProblem, b: PlacedProblem): PlanComparison {
  const [ofA, ofB] = [measured(a), measured(b)]
  const { weights } = a.problem
  const isOneRuler = JSON.stringify(weights) === JSON.stringify(b.problem.weights)
  const byA = isOneRuler ? ofB : measured({ ...b, problem: { ...b.problem, weights } })
  return {
    churn: churnOf(a, b),
    costA: ofA.cost,
    costB: ofB.cost,
    termsA: ofA.terms,
    termsB: ofB.terms,
    uncoveredA: ofA.uncovered,
    uncoveredB: ofB.uncovered,
    costBByA: byA.cost,
    termsBByA: byA.terms,
  }
}

function measured({ problem, places }: PlacedProblem) {
  const grid = gridOf(problem)
  return evaluate(grid, providersOf(grid, places))
}

/** A community that only one of the plans knows has nobody in the other. */
function churnOf(a: PlacedProblem, b: PlacedProblem): PlanComparison['churn'] {
  const [inA, inB] = [providerByCommunity(a), providerByCommunity(b)]
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .map((communityId) => ({ communityId, a: inA.get(communityId) ?? null, b: inB.get(communityId) ?? null }))
    .filter((change) => change.a !== change.b)
}

const providerByCommunity = ({ places }: PlacedProblem) =>
  new Map(places.map(({ communityId, providerId }) => [communityId, providerId]))
