import type { Random } from '#domain/random.ts'
import { improve } from './moves.ts'
import type { Prices } from './prices.ts'
import { NO_PAIR, type Standing } from './standing.ts'

/** An overload's weight grows so much a round while no plan was feasible, and afterwards; all shrink after a feasible one. */
const GROWTH = 1.2
const GENTLE_GROWTH = 1.05
const RELIEF = 0.85
/** The least a unit of overload weighs: this share of a mean pair's cost for a mean use; and the most, so many times the least. */
const LEAST_WEIGHT = 0.05
const MOST_OVER_LEAST = 1e6
/** Improvements between two looks at the clock. */
const LOOK_EVERY = 64

/**
 * Local search that may overload agents at a weight: down to where no job has a better step, then the weights of what is
 * overloaded grow, and down again. After a feasible plan all weights shrink, so that it moves on to another.
 */
export class Search {
  readonly standing: Standing
  readonly #random: Random
  readonly #queue: number[] = []
  readonly #isQueued: Uint8Array
  readonly #least: Float64Array
  readonly #isStopped: () => boolean
  /** A feasible plan has been seen since the number of uncovered last changed. */
  hasBeenFeasible = false

  constructor(standing: Standing, random: Random, isStopped: () => boolean) {
    const { pairs } = standing
    this.standing = standing
    this.#random = random
    this.#isStopped = isStopped
    this.#isQueued = new Uint8Array(pairs.jobs)
    const meanCost = meanOf(pairs.cost)
    this.#least = Float64Array.from(
      pairs.resources,
      ({ use }) => (LEAST_WEIGHT * Math.max(1, meanCost)) / Math.max(1e-9, meanOf(use)),
    )
  }

  /** Weights as the prices say what capacity is worth, or a multiple of it; every job is looked at anew. */
  weigh(prices: Prices, factor = 1): void {
    const { standing } = this
    for (let a = 0; a < standing.pairs.agents; a++) {
      for (let r = 0; r < standing.hard; r++)
        standing.weight[a * standing.resources + r] =
          factor * Math.max(prices.capacity[r]?.[a] ?? 0, this.#least[r] as number)
    }
    this.lookAtAll()
  }

  /** From here on: only who stands elsewhere is moved. */
  goTo(agentOf: Int32Array): void {
    const { standing } = this
    const { at, agents } = standing.pairs
    for (const [job, agent] of agentOf.entries()) {
      const pair = agent < 0 ? NO_PAIR : (at[job * agents + agent] as number)
      if (pair === standing.pairOf[job]) continue
      if (standing.pairOf[job] !== NO_PAIR) standing.drop(job)
      if (pair !== NO_PAIR) standing.take(pair, job)
    }
    this.lookAtAll()
  }

  lookAtAll(): void {
    for (let a = 0; a < this.standing.pairs.agents; a++) this.#lookAt(a)
    for (const job of this.standing.uncovered) this.#enqueue(job)
  }

  /** One round; answers whether the plan it came down to keeps every capacity. */
  round(): boolean {
    this.#settle()
    const { standing } = this
    const over: number[] = []
    for (let a = 0; a < standing.pairs.agents; a++) if (standing.isOver(a)) over.push(a)
    if (over.length === 0) this.hasBeenFeasible = true
    else for (const agent of over) this.#grow(agent)
    return over.length === 0
  }

  /** After a feasible plan was kept: away from it. */
  relax(): void {
    const { standing } = this
    for (let a = 0; a < standing.pairs.agents; a++) {
      for (let r = 0; r < standing.hard; r++) {
        const at = a * standing.resources + r
        standing.weight[at] = Math.max((standing.weight[at] as number) * RELIEF, this.#least[r] as number)
      }
    }
    this.lookAtAll()
  }

  /** As many left to nobody, if that can be. */
  bringTo(uncovered: number): void {
    while (this.standing.uncovered.length > uncovered && this.#coverOne());
    while (this.standing.uncovered.length < uncovered) this.leaveOne()
  }

  /** One more job is left to nobody: the one whose going relieves most. */
  leaveOne(): void {
    const { standing } = this
    let best = Number.POSITIVE_INFINITY
    let leaving = -1
    for (let job = 0; job < standing.pairs.jobs; job++) {
      const pair = standing.pairOf[job] as number
      if (pair === NO_PAIR) continue
      const change = standing.change(standing.agentOf(job), NO_PAIR, pair) - (standing.pairs.cost[pair] as number)
      if (change >= best) continue
      best = change
      leaving = job
    }
    if (leaving >= 0) standing.drop(leaving)
    this.hasBeenFeasible = false
    this.lookAtAll()
  }

  /** One fewer is left to nobody: the one that comes in at the least cost, overload included. False = none of them can. */
  #coverOne(): boolean {
    const { standing } = this
    const { start, agent, cost } = standing.pairs
    let best = Number.POSITIVE_INFINITY
    let [job, pair] = [-1, NO_PAIR]
    for (const own of standing.uncovered) {
      for (let e = start[own] as number; e < (start[own + 1] as number); e++) {
        const change = standing.change(agent[e] as number, e, NO_PAIR) + (cost[e] as number)
        if (change >= best) continue
        best = change
        job = own
        pair = e
      }
    }
    if (job < 0) return false
    standing.take(pair, job)
    this.hasBeenFeasible = false
    this.lookAtAll()
    return true
  }

  #settle(): void {
    const queue = this.#queue
    for (let steps = 1; queue.length > 0; steps++) {
      if (steps % LOOK_EVERY === 0 && this.#isStopped()) return
      const at = Math.floor(this.#random() * queue.length)
      const job = queue[at] as number
      queue[at] = queue[queue.length - 1] as number
      queue.pop()
      this.#isQueued[job] = 0
      for (const agent of improve(this.standing, job) ?? []) this.#lookAt(agent)
    }
  }

  #grow(agent: number): void {
    const { standing } = this
    for (let r = 0; r < standing.hard; r++) {
      const at = agent * standing.resources + r
      if ((standing.room[at] as number) >= 0) continue
      const grown = (standing.weight[at] as number) * (this.hasBeenFeasible ? GENTLE_GROWTH : GROWTH)
      standing.weight[at] = Math.min(grown, MOST_OVER_LEAST * (this.#least[r] as number))
    }
    this.#lookAt(agent)
  }

  #lookAt(agent: number): void {
    for (const job of this.standing.jobsOf[agent] as number[]) this.#enqueue(job)
  }

  #enqueue(job: number): void {
    if (this.#isQueued[job]) return
    this.#isQueued[job] = 1
    this.#queue.push(job)
  }
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
