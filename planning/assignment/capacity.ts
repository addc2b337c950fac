import type { PlanProblem, PlanProvider } from '#domain/plan.ts'
import { type Amounts, RESOURCES } from '#domain/services.ts'

/** What a provider may still give: its capacity without running engagements and what is reserved. Never below zero. */
export function leftOf(problem: PlanProblem, provider: PlanProvider): Amounts {
  const left = { ...provider.capacity }
  for (const resource of RESOURCES) {
    left[resource] = Math.max(
      0,
      provider.capacity[resource] - provider.committed[resource] - reservedOf(problem, provider.id, resource),
    )
  }
  return left
}

const reservedOf = ({ reserves }: PlanProblem, providerId: string, resource: keyof Amounts): number =>
  reserves.reduce((sum, reserve) => sum + (reserve.providerId === providerId ? reserve.amounts[resource] : 0), 0)

/** Thousandths of a provider's resources that these amounts are, on the mean over those it has at all; whole. */
export function loadShare(amounts: Amounts, capacity: Amounts): number {
  const held = RESOURCES.filter((resource) => capacity[resource] > 0)
  if (held.length === 0) return 0
  const sum = held.reduce((total, resource) => total + amounts[resource] / capacity[resource], 0)
  return Math.round((1_000 * sum) / held.length)
}
