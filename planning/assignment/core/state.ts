import type { Gap } from './gap.ts'
import { NOBODY } from './model.ts'

/** A plan that is changed job by job: who has what, and the room each agent has left. Jobs nobody has are in the row after the last agent. */
export class State {
  readonly gap: Gap
  readonly agentOf: Int32Array
  readonly room: Float64Array
  readonly count: Int32Array
  /** Jobs of each agent: `member[agent * jobs + n]`, n below its count. */
  readonly member: Int32Array
  readonly #place: Int32Array

  constructor(gap: Gap) {
    this.gap = gap
    this.agentOf = new Int32Array(gap.jobs).fill(gap.agents)
    this.room = new Float64Array(gap.agents + 1)
    this.room.set(gap.capacity)
    this.room[gap.agents] = Number.POSITIVE_INFINITY
    this.count = new Int32Array(gap.agents + 1)
    this.count[gap.agents] = gap.jobs
    this.member = new Int32Array((gap.agents + 1) * gap.jobs)
    this.#place = Int32Array.from({ length: gap.jobs }, (_, job) => job)
    this.member.set(this.#place, gap.agents * gap.jobs)
  }

  get uncovered(): number {
    return this.count[this.gap.agents] as number
  }

  use(agent: number, job: number): number {
    return agent === this.gap.agents ? 0 : (this.gap.use[agent * this.gap.jobs + job] as number)
  }

  fits(agent: number, job: number): boolean {
    return this.use(agent, job) <= (this.room[agent] as number)
  }

  move(job: number, to: number): void {
    const { jobs } = this.gap
    const from = this.agentOf[job] as number
    const last = (this.count[from] as number) - 1
    const moved = this.member[from * jobs + last] as number
    const hole = this.#place[job] as number
    this.member[from * jobs + hole] = moved
    this.#place[moved] = hole
    this.count[from] = last
    this.room[from] = (this.room[from] as number) + this.use(from, job)
    const end = this.count[to] as number
    this.member[to * jobs + end] = job
    this.#place[job] = end
    this.count[to] = end + 1
    this.agentOf[job] = to
    this.room[to] = (this.room[to] as number) - this.use(to, job)
  }

  load(agentOf: Int32Array): void {
    for (let job = 0; job < agentOf.length; job++) {
      const to = agentOf[job] === NOBODY ? this.gap.agents : (agentOf[job] as number)
      if (this.agentOf[job] !== to) this.move(job, to)
    }
  }

  /** Of the covered jobs. */
  cost(): number {
    const { agents, jobs, cost } = this.gap
    let sum = 0
    for (let job = 0; job < jobs; job++) {
      const agent = this.agentOf[job] as number
      if (agent < agents) sum += cost[agent * jobs + job] as number
    }
    return sum
  }

  plan(): Int32Array {
    return this.agentOf.map((agent) => (agent === this.gap.agents ? NOBODY : agent))
  }
}
