import type { PlanProvider } from '#domain/plan.ts'
import type { PlanWeights } from '#domain/plan-weights.ts'
import type { CostRule } from './cost-terms.ts'

/**
 * Costs that lie in what a provider takes on in all. The load is counted in thousandths of its resources (capacity.ts).
 *
 * Balance is not linear, and yet nothing is approximated: it *is* defined as a sum of pieces `slope × max(0, load − from)` with
 * slopes ≥ 0. Each piece is a soft resource of the model: a capacity `from` that may be exceeded at the price `slope`. In a linear
 * program that is one column of excess, in the Lagrangian a multiplier between 0 and the slope (for max(0, x) × s is the
 * greatest of m × x over 0 ≤ m ≤ s), so every bound of either holds for the curve itself.
 */
export const BALANCE_RULE: CostRule<[loadThousandths: number]> = {
  id: 'PC8',
  sentence: "Each percent of a provider's load beyond the given shares costs, the more the fuller it is.",
  points: ({ balance }, load) =>
    balance.reduce((sum, piece) => sum + slopeOf(piece) * Math.max(0, load - startOf(piece)), 0),
}

export const OPENING_RULE: CostRule<[PlanProvider]> = {
  id: 'PC9',
  sentence: 'Beginning with a provider that serves nobody yet costs what opening it costs.',
  points: ({ opening }, provider) =>
    provider.isServing ? 0 : Math.round((opening.perThousandYuan * provider.openingCost) / 1_000),
}

type Piece = PlanWeights['balance'][number]

/** Thousandths of load where a piece begins. */
export const startOf = ({ fromPercent }: Piece): number => Math.round(fromPercent * 10)
/** Points per thousandth. */
export const slopeOf = ({ perPercent }: Piece): number => Math.round(perPercent / 10)
