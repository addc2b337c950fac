import type { Gap } from './gap.ts'
import { Knapsack } from './knapsack.ts'

/**
 * The Lagrangian of the jobs: with a price paid for each job every agent packs its own knapsack.
 * L(price) = Σ price − Σ best packing of (price − cost), never below the linear programme at its prices, often well above.
 */
export interface JobPrices {
  price: Float64Array
  bound: number
}

/** Longer knapsack tables cost more than their bound is worth. */
const MOST_CAPACITY = 20_000
/** Loads × jobs: what one table may hold at most. */
const MOST_CELLS = 16_000_000

export function canPack({ jobs, capacity, isWholeUse }: Gap): boolean {
  const most = capacity.reduce((largest, own) => Math.max(largest, own), 0)
  return isWholeUse && most <= MOST_CAPACITY && jobs * (most + 1) <= MOST_CELLS
}

const PATIENCE = 15
const MEMORY = 0.6

/** A walk upwards that can be left and gone on with: each round moves the prices towards the jobs packed too often or not at all. */
export class JobPriceAscent {
  best: JobPrices
  readonly #gap: Gap
  readonly #price: Float64Array
  readonly #direction: Float64Array
  /** How often each job is packed at the current prices. */
  readonly packed: Int32Array
  /** By pair: packed at the current prices. */
  readonly #knapsack: Knapsack
  readonly #profit: Float64Array
  #pace = 0.5
  #idle = 0

  constructor(gap: Gap, price: Float64Array) {
    this.#gap = gap
    this.#price = price.slice()
    this.#direction = new Float64Array(gap.jobs)
    this.packed = new Int32Array(gap.jobs)
    this.#profit = new Float64Array(gap.jobs)
    this.#knapsack = new Knapsack(gap.jobs)
    this.best = { price: price.slice(), bound: this.#pack() }
  }

  get isDone(): boolean {
    return this.#pace < 1e-3
  }

  /** `target`: what the best plan costs; the bound moves towards it. */
  round(target: number): void {
    const { jobs } = this.#gap
    let norm = 0
    for (let job = 0; job < jobs; job++) {
      const turned = (this.#direction[job] as number) * MEMORY + 1 - (this.packed[job] as number)
      this.#direction[job] = turned
      norm += turned * turned
    }
    if (norm === 0) {
      this.#pace = 0
      return
    }
    const step = (this.#pace * Math.max(1e-3, target - this.best.bound)) / norm
    for (let job = 0; job < jobs; job++)
      this.#price[job] = (this.#price[job] as number) + step * (this.#direction[job] as number)
    const bound = this.#pack()
    if (bound > this.best.bound + 1e-9) {
      this.best = { price: this.#price.slice(), bound }
      this.#idle = 0
    } else if (++this.#idle >= PATIENCE) this.#shorten()
  }

  #shorten(): void {
    this.#pace /= 1.5
    this.#idle = 0
    this.#price.set(this.best.price)
    this.#direction.fill(0)
    this.#pack()
  }

  #pack(): number {
    const { agents, jobs, cost, use, capacity } = this.#gap
    const [price, profit] = [this.#price, this.#profit]
    let bound = 0
    for (let job = 0; job < jobs; job++) bound += price[job] as number
    this.packed.fill(0)
    for (let agent = 0; agent < agents; agent++) {
      const row = agent * jobs
      for (let job = 0; job < jobs; job++) profit[job] = (price[job] as number) - (cost[row + job] as number)
      bound -= this.#knapsack.solve(profit, use.subarray(row, row + jobs), capacity[agent] as number)
      const { chosen, count } = this.#knapsack
      for (let n = 0; n < count; n++)
        this.packed[chosen[n] as number] = (this.packed[chosen[n] as number] as number) + 1
    }
    return bound
  }
}
