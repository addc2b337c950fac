import { type AssignmentModel, isWhole } from './model.ts'

/** The classic problem inside the model: one resource that nothing may exceed, no cost of an agent as such, every job covered. */
export interface Gap {
  agents: number
  jobs: number
  /** By agent and job, `agent * jobs + job`; Infinity also where the job alone is more than the agent has. */
  cost: Float64Array
  use: Float64Array
  capacity: Float64Array
  /** Costs are whole: a plan that is better is better by 1. */
  isWhole: boolean
  /** Uses are whole: knapsacks can be solved exactly by their loads. */
  isWholeUse: boolean
}

/** The model as the classic problem; null where it is more than that. */
export function gapOfModel(model: AssignmentModel): Gap | null {
  const [resource, ...others] = model.resources
  const isFree = model.fixedCost.every((own) => own === 0)
  if (!resource || others.length > 0 || resource.overPrice || !isFree || model.mayStayUncovered) return null
  const { agents, jobs } = model
  const { use, capacity } = resource
  const cost = model.cost.slice()
  for (let at = 0; at < cost.length; at++)
    if ((use[at] as number) > (capacity[Math.floor(at / jobs)] as number)) cost[at] = Number.POSITIVE_INFINITY
  const isWholeUse = use.every(Number.isInteger)
  const rounded = isWholeUse ? capacity.map(Math.floor) : capacity
  return { agents, jobs, cost, use, capacity: rounded, isWhole: isWhole(model), isWholeUse }
}

/** The least a better plan must cost less. */
export const stepOf = (gap: Gap): number => (gap.isWhole ? 1 : 1e-6)

/** A bound in floating point, made safe: sums of some thousand terms are off by far less than this. */
export function safe(gap: Gap, bound: number): number {
  if (!Number.isFinite(bound)) return bound
  const lowered = bound - 1e-7 - 1e-11 * Math.abs(bound)
  return gap.isWhole ? Math.ceil(lowered) : lowered
}

/** Every job where it costs most. */
export function dearestPlan({ agents, jobs, cost }: Gap): number {
  let sum = 0
  for (let job = 0; job < jobs; job++) {
    let most = Number.NEGATIVE_INFINITY
    for (let agent = 0; agent < agents; agent++) {
      const own = cost[agent * jobs + job] as number
      if (own > most && own < Number.POSITIVE_INFINITY) most = own
    }
    sum += most
  }
  return sum
}
