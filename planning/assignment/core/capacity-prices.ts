import type { Gap } from './gap.ts'

/**
 * The Lagrangian of the capacities: with a price on every agent's capacity each job goes where cost + price × use is least.
 * L(price) = Σ least − Σ price × capacity is below every plan; its best value is that of the linear programme.
 */
export interface CapacityPrices {
  /** By agent, ≥ 0. */
  price: Float64Array
  /** L(price): a bound. */
  bound: number
  /** By job: the least of cost + price × use. */
  least: Float64Array
  /** By job: where that is. */
  at: Int32Array
}

const ROUNDS = 400
/** Without a better bound for so many rounds the step is halved. */
const PATIENCE = 12
/** The direction keeps this share of the one before: it zigzags less. */
const MEMORY = 0.5

/** Subgradient ascent (Held and Karp 1971, Polyak's step towards `target`, a cost that a plan may have). */
export function capacityPrices(gap: Gap, target: number | null, start?: Float64Array): CapacityPrices {
  const price = start?.slice() ?? new Float64Array(gap.agents)
  const direction = new Float64Array(gap.agents)
  let best = priced(gap, price)
  let current = best
  let [pace, idle] = [1, 0]
  for (let round = 0; round < ROUNDS && pace > 1e-3; round++) {
    const norm = turn(gap, current, direction)
    if (norm < 1e-12) break
    const goal = target ?? best.bound + Math.max(1, Math.abs(best.bound) * 0.02)
    const step = (pace * Math.max(goal - current.bound, 1e-6)) / norm
    for (let agent = 0; agent < gap.agents; agent++)
      price[agent] = Math.max(0, (price[agent] as number) + step * (direction[agent] as number))
    current = priced(gap, price)
    if (current.bound > best.bound + 1e-9) {
      best = current
      idle = 0
    } else if (++idle >= PATIENCE) {
      pace /= 2
      idle = 0
      price.set(best.price)
      current = best
      direction.fill(0)
    }
  }
  return best
}

/** Turns the direction towards the new subgradient (load − capacity) and answers its squared length. */
function turn(gap: Gap, { at }: CapacityPrices, direction: Float64Array): number {
  for (let agent = 0; agent < gap.agents; agent++)
    direction[agent] = (direction[agent] as number) * MEMORY - (gap.capacity[agent] as number)
  for (let job = 0; job < gap.jobs; job++) {
    const agent = at[job] as number
    direction[agent] = (direction[agent] as number) + (gap.use[agent * gap.jobs + job] as number)
  }
  let norm = 0
  for (let agent = 0; agent < gap.agents; agent++) norm += (direction[agent] as number) ** 2
  return norm
}

/** L at given prices. */
export function priced(gap: Gap, price: Float64Array): CapacityPrices {
  const { agents, jobs, cost, use, capacity } = gap
  const least = new Float64Array(jobs).fill(Number.POSITIVE_INFINITY)
  const at = new Int32Array(jobs)
  let bound = 0
  for (let agent = 0; agent < agents; agent++) {
    const own = price[agent] as number
    const row = agent * jobs
    bound -= own * (capacity[agent] as number)
    for (let job = 0; job < jobs; job++) {
      const sum = (cost[row + job] as number) + own * (use[row + job] as number)
      if (sum < (least[job] as number)) {
        least[job] = sum
        at[job] = agent
      }
    }
  }
  for (let job = 0; job < jobs; job++) bound += least[job] as number
  return { price: price.slice(), bound, least, at }
}
