import type { Reduced } from './reduced.ts'
import type { State } from './state.ts'

/**
 * Ejection chains in a plan that may overload agents, at a penalty: a job comes to an agent, which gives up another one, which moves on …,
 * until one goes where the first came from or simply stays where it comes. Every agent takes part at most once, so what a chain changes
 * is a sum over its agents:
 *
 *   at k, j comes and l goes:   reduced(k, j) − reduced(k, l) + worth(k, room after) − worth(k, room before)
 *
 * where room left is worth its price and overload its penalty. Lin and Kernighan's rule prunes: some rotation of every improving cycle has
 * only negative partial sums, so the search begins at an agent and goes on only while the sum is negative.
 */
export class Chains {
  /** The best chain found: `jobs[n]` moves to `agents[n]`. */
  readonly jobs: Int32Array
  readonly agents: Int32Array
  length = 0
  change = 0
  readonly #state: State
  readonly #reduced: Reduced
  readonly #penalty: Float64Array
  readonly #isPassed: Uint8Array
  readonly #pathJobs: Int32Array
  readonly #pathAgents: Int32Array
  readonly #depth: number
  #first = NONE
  #from = NONE
  #left = 0
  #effort = 0
  #ceiling = 0

  constructor(state: State, reduced: Reduced, penalty: Float64Array, depth: number) {
    this.#state = state
    this.#reduced = reduced
    this.#penalty = penalty
    this.#depth = depth
    this.#isPassed = new Uint8Array(state.gap.agents)
    this.jobs = new Int32Array(depth + 1)
    this.agents = new Int32Array(depth + 1)
    this.#pathJobs = new Int32Array(depth + 1)
    this.#pathAgents = new Int32Array(depth + 1)
  }

  worth(agent: number, room: number): number {
    return room >= 0 ? (this.#reduced.price[agent] as number) * room : -(this.#penalty[agent] as number) * room
  }

  /** The best chain that begins with this job coming to this agent and changes the sum by less than `below`. */
  findFrom(job: number, agent: number, below: number, effort: number): boolean {
    this.#begin(below, effort)
    this.#first = job
    this.#from = this.#state.agentOf[job] as number
    this.#isPassed[this.#from] = 1
    this.#enter(job, agent, 0, 0)
    this.#isPassed[this.#from] = 0
    return this.length > 0
  }

  /** The best chain that begins with a job leaving this agent for good. */
  findOut(agent: number, below: number, effort: number): boolean {
    const { jobs, use } = this.#state.gap
    this.#begin(below, effort)
    this.#first = NONE
    this.#from = NONE
    this.#isPassed[agent] = 1
    const room = this.#state.room[agent] as number
    const before = this.worth(agent, room)
    const row = agent * jobs
    for (let n = 0; n < (this.#state.count[agent] as number); n++) {
      const job = this.#state.member[row + n] as number
      const sum =
        this.worth(agent, room + (use[row + job] as number)) - before - (this.#reduced.cost[row + job] as number)
      if (sum < this.#ceiling && sum < this.change) this.#extend(job, sum, 0)
    }
    this.#isPassed[agent] = 0
    return this.length > 0
  }

  /** Jobs looked at in the last search. */
  get spent(): number {
    return this.#effort - this.#left + 1
  }

  apply(): void {
    for (let n = 0; n < this.length; n++) this.#state.move(this.jobs[n] as number, this.agents[n] as number)
  }

  #begin(below: number, effort: number): void {
    this.length = 0
    this.change = below
    this.#ceiling = Math.max(0, below)
    this.#left = effort
    this.#effort = effort
  }

  /** `job` has lost its place; `sum` is what the agents passed so far have changed. */
  #extend(job: number, sum: number, depth: number): void {
    const { from, of } = this.#reduced.candidates
    const end = from[job + 1] as number
    for (let n = from[job] as number; n < end && this.#left > 0; n++) {
      const agent = of[n] as number
      if (agent === this.#from) this.#close(job, sum, depth)
      else if (this.#isPassed[agent] === 0) this.#enter(job, agent, sum, depth)
    }
  }

  #enter(job: number, agent: number, sum: number, depth: number): void {
    const { jobs, use } = this.#state.gap
    const { cost } = this.#reduced
    const row = agent * jobs
    const room = (this.#state.room[agent] as number) - (use[row + job] as number)
    const base = sum + (cost[row + job] as number) - this.worth(agent, this.#state.room[agent] as number)
    this.#pathJobs[depth] = job
    this.#pathAgents[depth] = agent
    this.#end(base + this.worth(agent, room), depth)
    if (depth + 1 >= this.#depth) return
    this.#isPassed[agent] = 1
    const count = this.#state.count[agent] as number
    this.#left -= count
    const [price, penalty] = [this.#reduced.price[agent] as number, -(this.#penalty[agent] as number)]
    for (let n = 0; n < count; n++) {
      const out = this.#state.member[row + n] as number
      const left = room + (use[row + out] as number)
      const next = base - (cost[row + out] as number) + (left >= 0 ? price : penalty) * left
      if (next < this.#ceiling && next < this.change) this.#extend(out, next, depth + 1)
    }
    this.#isPassed[agent] = 0
  }

  /** The chain could end here, the last job staying beside the others; the first agent then has its room back. */
  #end(sum: number, depth: number): void {
    const change = this.#from === NONE ? sum : sum + this.#leaving()
    if (change < this.change) this.#keep(change, depth + 1)
  }

  #leaving(): number {
    const at = this.#from * this.#state.gap.jobs + this.#first
    const room = this.#state.room[this.#from] as number
    const after = room + (this.#state.gap.use[at] as number)
    return this.worth(this.#from, after) - this.worth(this.#from, room) - (this.#reduced.cost[at] as number)
  }

  /** The job takes the place that the first one left. */
  #close(job: number, sum: number, depth: number): void {
    const { jobs, use } = this.#state.gap
    const { cost } = this.#reduced
    const agent = this.#from
    const [left, came] = [agent * jobs + this.#first, agent * jobs + job]
    const room = this.#state.room[agent] as number
    const after = room + (use[left] as number) - (use[came] as number)
    const change =
      sum + (cost[came] as number) - (cost[left] as number) + this.worth(agent, after) - this.worth(agent, room)
    if (change >= this.change) return
    this.#pathJobs[depth] = job
    this.#pathAgents[depth] = agent
    this.#keep(change, depth + 1)
  }

  #keep(change: number, length: number): void {
    this.change = change
    this.length = length
    for (let n = 0; n < length; n++) {
      this.jobs[n] = this.#pathJobs[n] as number
      this.agents[n] = this.#pathAgents[n] as number
    }
  }
}

const NONE = -1
