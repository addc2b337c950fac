import type { Pairs } from './pairs.ts'

export const NO_PAIR = -1

/** Who has which job now, with the room left: changed job by job, asked millions of times. Loads may stand above capacities, at a weight. */
export class Standing {
  readonly pairs: Pairs
  /** The pair each job stands in, or NO_PAIR. */
  readonly pairOf: Int32Array
  /** Room left, by agent × resources + resource; below zero = overloaded. */
  readonly room: Float64Array
  /** Points a unit of overload counts: the price of a soft resource, a moving weight of a hard one. Laid out as `room`. */
  readonly weight: Float64Array
  readonly jobsOf: number[][]
  readonly uncovered: number[] = []
  readonly resources: number
  readonly hard: number
  /** Pairs worth a look, by job; all of them until `look` narrows it. */
  candidates: Int32Array[]
  readonly #use: Float64Array
  readonly #placeOf: Int32Array

  constructor(pairs: Pairs) {
    const { agents, jobs, resources } = pairs
    this.pairs = pairs
    this.resources = resources.length
    this.hard = resources.filter(({ overPrice }) => !overPrice).length
    this.pairOf = new Int32Array(jobs).fill(NO_PAIR)
    this.room = new Float64Array(agents * resources.length)
    this.weight = new Float64Array(agents * resources.length)
    this.#use = new Float64Array(pairs.agent.length * resources.length)
    this.#placeOf = new Int32Array(jobs)
    this.jobsOf = Array.from({ length: agents }, () => [])
    for (const [r, { use, capacity, overPrice }] of resources.entries()) {
      for (let a = 0; a < agents; a++) {
        this.room[a * this.resources + r] = capacity[a] as number
        this.weight[a * this.resources + r] = overPrice?.[a] ?? 0
      }
      for (let e = 0; e < use.length; e++) this.#use[e * this.resources + r] = use[e] as number
    }
    for (let j = 0; j < jobs; j++) this.#append(this.uncovered, j)
    this.candidates = Array.from({ length: jobs }, (_, job) => pairsOfJob(pairs, job))
  }

  /** From now on only each job's cheapest pairs at these prices are looked at as places to go to. */
  look(priced: Float64Array, count: number): void {
    this.candidates = this.candidates.map((_, job) =>
      pairsOfJob(this.pairs, job)
        .sort((one, other) => (priced[one] as number) - (priced[other] as number) || one - other)
        .slice(0, count),
    )
  }

  agentOf(job: number): number {
    const pair = this.pairOf[job] as number
    return pair === NO_PAIR ? NO_PAIR : (this.pairs.agent[pair] as number)
  }

  take(pair: number, job: number): void {
    const agent = this.pairs.agent[pair] as number
    this.#remove(this.uncovered, job)
    this.#append(this.jobsOf[agent] as number[], job)
    this.#load(agent, pair, -1)
    this.pairOf[job] = pair
  }

  drop(job: number): void {
    const pair = this.pairOf[job] as number
    const agent = this.pairs.agent[pair] as number
    this.#remove(this.jobsOf[agent] as number[], job)
    this.#append(this.uncovered, job)
    this.#load(agent, pair, 1)
    this.pairOf[job] = NO_PAIR
  }

  /** What it changes at an agent, weights included, when one pair comes and another goes (NO_PAIR = none); costs of pairs apart. */
  change(agent: number, comes: number, goes: number): number {
    const { room, weight, resources } = this
    const use = this.#use
    const at = agent * resources
    let points = 0
    for (let r = 0; r < resources; r++) {
      const before = room[at + r] as number
      let after = before
      if (comes >= 0) after -= use[comes * resources + r] as number
      if (goes >= 0) after += use[goes * resources + r] as number
      if (after < 0 || before < 0)
        points += (weight[at + r] as number) * ((after < 0 ? -after : 0) - (before < 0 ? -before : 0))
    }
    const held = (this.jobsOf[agent] as number[]).length
    if (held === 0 && comes >= 0 && goes < 0) points += this.pairs.fixedCost[agent] as number
    if (held === 1 && comes < 0 && goes >= 0) points -= this.pairs.fixedCost[agent] as number
    return points
  }

  /** Whether the agent's hard capacities hold when one pair comes and another goes. */
  fits(agent: number, comes: number, goes = NO_PAIR): boolean {
    const { room, resources, hard } = this
    const use = this.#use
    for (let r = 0; r < hard; r++) {
      const freed = goes >= 0 ? (use[goes * resources + r] as number) : 0
      if ((room[agent * resources + r] as number) + freed < (use[comes * resources + r] as number)) return false
    }
    return true
  }

  isOver(agent: number): boolean {
    for (let r = 0; r < this.hard; r++) if ((this.room[agent * this.resources + r] as number) < 0) return true
    return false
  }

  /** The true cost: pairs, soft overloads and openings; hard overloads cost nothing here. */
  cost(): number {
    const { pairs, room, weight, resources, hard } = this
    let cost = 0
    for (const pair of this.pairOf) if (pair !== NO_PAIR) cost += pairs.cost[pair] as number
    for (let a = 0; a < pairs.agents; a++) {
      if ((this.jobsOf[a] as number[]).length > 0) cost += pairs.fixedCost[a] as number
      for (let r = hard; r < resources; r++)
        cost += Math.max(0, -(room[a * resources + r] as number)) * (weight[a * resources + r] as number)
    }
    return cost
  }

  #load(agent: number, pair: number, sign: number): void {
    const { room, resources } = this
    for (let r = 0; r < resources; r++)
      room[agent * resources + r] =
        (room[agent * resources + r] as number) + sign * (this.#use[pair * resources + r] as number)
  }

  #append(list: number[], job: number): void {
    this.#placeOf[job] = list.push(job) - 1
  }

  #remove(list: number[], job: number): void {
    const last = list.pop() as number
    if (last === job) return
    list[this.#placeOf[job] as number] = last
    this.#placeOf[last] = this.#placeOf[job] as number
  }
}

const pairsOfJob = ({ start }: Pairs, job: number): Int32Array => {
  const first = start[job] as number
  return Int32Array.from({ length: (start[job + 1] as number) - first }, (_, n) => first + n)
}
