import type { Pairs } from './pairs.ts'

/** Prices of capacity (by resource, by agent) and of leaving one more job to nobody: whatever they are, they prove a bound. */
export interface Prices {
  capacity: Float64Array[]
  nobody: number
}

/** What is asked: the least cost with at most so many jobs left to nobody; or, without costs, the least number of these. */
export type Question = { kind: 'cost'; mostUncovered: number } | { kind: 'uncovered' }

/**
 * The relaxed problem: capacities are not kept but paid for, so each job goes to the agent that is cheapest at these prices, or
 * to nobody. What that costs, less the price of all capacity there is, is a bound for every set of prices ≥ 0. Exceeding a soft
 * capacity is never worth more than it costs: prices above that (of a model with other weights) count as that, or nothing would
 * be proved.
 */
export class Relaxed {
  readonly pairs: Pairs
  readonly question: Question
  bound = Number.NEGATIVE_INFINITY
  /** The pair each job takes, −1 = nobody. */
  readonly taken: Int32Array
  /** Load less capacity, by resource and agent: the way in which prices must move. */
  readonly excess: Float64Array[]
  uncovered = 0
  /** What each pair costs at the prices. */
  readonly priced: Float64Array
  readonly #use: Float64Array[]
  readonly #membersOf: number[][]
  readonly #unit: Float64Array
  /** The prices as they count. */
  readonly #price: Float64Array[]

  constructor(pairs: Pairs, question: Question) {
    this.pairs = pairs
    this.question = question
    const pairCount = pairs.agent.length
    this.taken = new Int32Array(pairs.jobs)
    this.excess = pairs.resources.map(() => new Float64Array(pairs.agents))
    this.priced = new Float64Array(pairCount)
    this.#use = [...new Set(pairs.resources.map(({ use }) => use))]
    this.#membersOf = this.#use.map((use) =>
      pairs.resources.flatMap((resource, r) => (resource.use === use ? [r] : [])),
    )
    this.#unit = new Float64Array(pairs.agents)
    this.#price = pairs.resources.map(() => new Float64Array(pairs.agents))
  }

  /** Solves the relaxed problem at these prices; answers its bound. */
  at(prices: Prices): number {
    this.#hold(prices)
    this.#priceAll()
    const nobody = this.question.kind === 'cost' ? Math.max(0, prices.nobody) : 1
    const jobs = this.#take(nobody)
    const agents = this.#weigh()
    this.bound = jobs + agents - (this.question.kind === 'cost' ? nobody * this.question.mostUncovered : 0)
    return this.bound
  }

  #hold({ capacity }: Prices): void {
    const isCost = this.question.kind === 'cost'
    for (const [r, { overPrice }] of this.pairs.resources.entries()) {
      const held = this.#price[r] as Float64Array
      const given = capacity[r]
      for (let a = 0; a < held.length; a++) {
        const most = overPrice ? (isCost ? (overPrice[a] as number) : 0) : Number.POSITIVE_INFINITY
        held[a] = Math.min(Math.max(0, given?.[a] ?? 0), most)
      }
    }
  }

  #priceAll(): void {
    const { priced, pairs } = this
    const { agent, cost } = pairs
    if (this.question.kind === 'cost') priced.set(cost)
    else priced.fill(0)
    for (const [u, use] of this.#use.entries()) {
      const unit = this.#unit.fill(0)
      for (const r of this.#membersOf[u] as number[]) {
        const price = this.#price[r] as Float64Array
        for (let a = 0; a < unit.length; a++) unit[a] = (unit[a] as number) + (price[a] as number)
      }
      for (let e = 0; e < priced.length; e++)
        priced[e] = (priced[e] as number) + (unit[agent[e] as number] as number) * (use[e] as number)
    }
  }

  #take(nobody: number): number {
    const { priced, taken, excess, pairs } = this
    const { start, agent, resources } = pairs
    for (const over of excess) over.fill(0)
    let sum = 0
    let uncovered = 0
    for (let j = 0; j < taken.length; j++) {
      let least = nobody
      let pair = -1
      const end = start[j + 1] as number
      for (let e = start[j] as number; e < end; e++) {
        if ((priced[e] as number) < least) {
          least = priced[e] as number
          pair = e
        }
      }
      sum += least
      taken[j] = pair
      if (pair < 0) uncovered += 1
      else {
        const a = agent[pair] as number
        for (let r = 0; r < resources.length; r++) {
          const over = excess[r] as Float64Array
          over[a] = (over[a] as number) + ((resources[r] as { use: Float64Array }).use[pair] as number)
        }
      }
    }
    this.uncovered = uncovered
    return sum
  }

  /** An agent is opened, and its capacity given, where that is worth its price. */
  #weigh(): number {
    const { excess, pairs, question } = this
    const price = this.#price
    let sum = 0
    for (let a = 0; a < pairs.agents; a++) {
      let worth = question.kind === 'cost' ? (pairs.fixedCost[a] as number) : 0
      for (const [r, { capacity }] of pairs.resources.entries()) worth -= (price[r]?.[a] ?? 0) * (capacity[a] as number)
      if (worth >= 0) continue
      sum += worth
      for (const [r, { capacity }] of pairs.resources.entries()) {
        const over = excess[r] as Float64Array
        over[a] = (over[a] as number) - (capacity[a] as number)
      }
    }
    return sum
  }
}
