import type { CapacityPrices } from './capacity-prices.ts'
import type { Gap } from './gap.ts'

/**
 * The problem as the prices see it: cost of a plan = bound + Σ reduced cost of its pairs + Σ price × room left at its agents.
 * All three parts are ≥ 0, so a plan near the bound uses only pairs of small reduced cost and leaves little room where room is dear.
 */
export interface Reduced {
  bound: number
  price: Float64Array
  /** By pair; Infinity = not allowed. */
  cost: Float64Array
  /** The pairs of each job that are worth trying, the best first: agents `of[from[job]…from[job + 1]]`. */
  candidates: { from: Int32Array; of: Int32Array }
}

export function reducedBy(gap: Gap, { price, least, bound }: CapacityPrices, most: number): Reduced {
  const { agents, jobs } = gap
  const cost = new Float64Array(agents * jobs)
  for (let agent = 0; agent < agents; agent++) {
    const own = price[agent] as number
    for (let job = 0, at = agent * jobs; job < jobs; job++, at++)
      cost[at] = (gap.cost[at] as number) + own * (gap.use[at] as number) - (least[job] as number)
  }
  return { bound, price, cost, candidates: candidatesOf(gap, cost, most) }
}

/** At most so many agents a job, those of least cost first. */
export function candidatesOf({ agents, jobs }: Gap, cost: Float64Array, most: number): Reduced['candidates'] {
  const from = new Int32Array(jobs + 1)
  const of: number[] = []
  const order = Int32Array.from({ length: agents }, (_, agent) => agent)
  for (let job = 0; job < jobs; job++) {
    const at = (agent: number) => cost[agent * jobs + job] as number
    order.sort((a, b) => at(a) - at(b) || a - b)
    for (let n = 0; n < Math.min(most, agents); n++) {
      const agent = order[n] as number
      if (at(agent) === Number.POSITIVE_INFINITY) break
      of.push(agent)
    }
    from[job + 1] = of.length
  }
  return { from, of: Int32Array.from(of) }
}
