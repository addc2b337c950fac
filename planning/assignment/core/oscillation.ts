import type { Random } from '#domain/random.ts'
import { Chains } from './chains.ts'
import type { Gap } from './gap.ts'
import type { Reduced } from './reduced.ts'
import { State } from './state.ts'

export interface Plan {
  agentOf: Int32Array
  cost: number
}

/** Agents a chain may pass: deeper ones are found rarely and cost most of the time. */
const DEPTH = 4
/** Jobs looked at in one search for a chain. */
const EFFORT = 1_000
/** What an overload costs more after each descent that left it standing, at most; and less once nothing is overloaded. */
const DEARER = 0.4
const CHEAPER = 0.6
/** Where no plan is found it would grow without end. */
const MOST_PENALTY = 1e8
/** Until a first plan is found. */
const URGENT = 1.5
const LEAST_CHANGE = 1e-6

/**
 * Strategic oscillation: ejection chains lead to a plan that none of them improves; while agents are overloaded there their overload
 * becomes dearer, else all overload becomes cheaper, so that the search crosses the border of what is allowed again and again.
 */
export class Oscillation {
  best: Plan | null = null
  readonly state: State
  readonly #chains: Chains
  readonly #random: Random
  readonly #penalty: Float64Array
  readonly #leastPenalty: number
  readonly #isDirty: Uint8Array
  /** Jobs that may go to each agent. */
  readonly #visitors: { from: Int32Array; of: Int32Array }
  #work = 0

  constructor(gap: Gap, reduced: Reduced, random: Random) {
    const mean = overloadScale(gap, reduced.price)
    this.state = new State(gap)
    this.#random = random
    this.#leastPenalty = mean / 100
    this.#penalty = reduced.price.map((own) => own + mean)
    this.#chains = new Chains(this.state, reduced, this.#penalty, DEPTH)
    this.#isDirty = new Uint8Array(gap.agents).fill(1)
    this.#visitors = visitorsOf(gap, reduced)
  }

  /** Goes on from this plan, whatever it overloads. */
  load(agentOf: Int32Array): void {
    this.state.load(agentOf)
    this.#isDirty.fill(1)
  }

  /** Searches until so many jobs have been looked at; true if a better plan was found. */
  run(work: number, isOver: () => boolean): boolean {
    const before = this.best?.cost ?? Number.POSITIVE_INFINITY
    this.#work = work
    while (this.#work > 0 && !isOver()) {
      this.#descend(isOver)
      if (this.#work > 0) this.#weigh()
    }
    return (this.best?.cost ?? Number.POSITIVE_INFINITY) < before
  }

  #descend(isOver: () => boolean): void {
    const { agents } = this.state.gap
    for (let clean = 0, agent = 0; clean < agents && this.#work > 0; agent = (agent + 1) % agents) {
      clean++
      if (this.#isDirty[agent] === 0) continue
      clean = 0
      this.#isDirty[agent] = 0
      this.#improveAt(agent)
      if (isOver()) return
    }
  }

  #improveAt(agent: number): void {
    const { from, of } = this.#visitors
    if (this.#chains.findOut(agent, -LEAST_CHANGE, EFFORT)) this.#apply()
    this.#work -= this.#chains.spent
    const end = from[agent + 1] as number
    for (let n = from[agent] as number; n < end; n++) {
      const job = of[n] as number
      if (this.state.agentOf[job] === agent) continue
      if (this.#chains.findFrom(job, agent, -LEAST_CHANGE, EFFORT)) this.#apply()
      this.#work -= this.#chains.spent
    }
  }

  #apply(): void {
    const { jobs, agents, length } = this.#chains
    for (let n = 0; n < length; n++) {
      this.#isDirty[this.state.agentOf[jobs[n] as number] as number] = 1
      this.#isDirty[agents[n] as number] = 1
    }
    this.#chains.apply()
  }

  /** At a plan that no chain improves. */
  #weigh(): void {
    const { agents } = this.state.gap
    const penalty = this.#penalty
    let isOver = false
    for (let agent = 0; agent < agents; agent++) {
      if ((this.state.room[agent] as number) >= 0) continue
      isOver = true
      const dearer = (penalty[agent] as number) * (1 + (this.best ? DEARER : URGENT) * this.#random())
      penalty[agent] = Math.min(dearer, MOST_PENALTY * this.#leastPenalty)
      this.#isDirty[agent] = 1
    }
    if (isOver) return
    this.#keep()
    for (let agent = 0; agent < agents; agent++)
      penalty[agent] = Math.max(this.#leastPenalty, (penalty[agent] as number) * (1 - CHEAPER * this.#random()))
    this.#isDirty.fill(1)
  }

  #keep(): void {
    const cost = this.state.cost()
    if (cost < (this.best?.cost ?? Number.POSITIVE_INFINITY)) this.best = { agentOf: this.state.plan(), cost }
  }
}

/** What a unit of overload costs at first: the mean price of the capacities or, where they are hardly short, a share of what a unit of use costs. */
function overloadScale({ agents, cost, use }: Gap, price: Float64Array): number {
  const mean = price.reduce((sum, own) => sum + own, 0) / agents
  let [costs, uses] = [0, 0]
  for (let pair = 0; pair < cost.length; pair++) {
    if (cost[pair] === Number.POSITIVE_INFINITY) continue
    costs += Math.abs(cost[pair] as number)
    uses += use[pair] as number
  }
  return Math.max(mean, costs / Math.max(1, uses) / 20, 1e-6)
}

function visitorsOf({ agents, jobs }: Gap, { candidates }: Reduced) {
  const lists: number[][] = Array.from({ length: agents }, () => [])
  for (let job = 0; job < jobs; job++)
    for (let n = candidates.from[job] as number; n < (candidates.from[job + 1] as number); n++)
      lists[candidates.of[n] as number]?.push(job)
  const from = new Int32Array(agents + 1)
  for (const [agent, list] of lists.entries()) from[agent + 1] = (from[agent] as number) + list.length
  return { from, of: Int32Array.from(lists.flat()) }
}
