import type { Random } from '#domain/random.ts'
import { NOBODY } from '#planning/assignment/core/model.ts'
import type { MipOptions } from '#planning/mip/mip.ts'
import { placeAs } from './begin.ts'
import { solvePart } from './exact.ts'
import type { Pairs } from './pairs.ts'
import type { Part } from './programme.ts'
import { NO_PAIR } from './standing.ts'

/** A programme of more agents than it can close within so many nodes is too large; one that is closed grows. */
const NODES = 15
/** Pairs of a job that are in it, the cheapest first. */
const PAIRS_EACH = 8
const FIRST_AGENTS = 2
const GROWTH = 1.2
const SHRINKAGE = 0.85

/** Large neighbourhoods: some agents, all that they have and all that nobody has, decided anew by a small programme. As many nodes whatever the machine. */
export class Neighbourhoods {
  readonly #pairs: Pairs
  readonly #random: Random
  #agents = FIRST_AGENTS

  constructor(pairs: Pairs, random: Random) {
    this.#pairs = pairs
    this.#random = random
  }

  /** A plan that leaves as many to nobody and costs less than `plan`, moving only what some related agents have; null = not found. */
  async better(plan: Int32Array, candidates: readonly Int32Array[], options: MipOptions): Promise<Int32Array | null> {
    const count = Math.min(this.#pairs.agents, Math.round(this.#agents))
    const part = this.#partOf(plan, candidates, count)
    const bare = part.jobs.filter((job) => plan[job] === NOBODY).length
    const now = costOfPart(this.#pairs, plan, part)
    const question = { kind: 'cost', mostUncovered: bare } as const
    const { answer, agentOf } = await solvePart(this.#pairs, question, part, plan, {
      nodes: NODES,
      cutoff: now,
      restarts: false,
      ...options,
    })
    const isClosed = answer.status === 'optimal' || answer.status === 'infeasible'
    this.#agents = isClosed
      ? Math.min(this.#pairs.agents, this.#agents * GROWTH)
      : Math.max(2, this.#agents * SHRINKAGE)
    return agentOf
  }

  #partOf(plan: Int32Array, candidates: readonly Int32Array[], count: number): Part {
    const agents = this.#related(plan, candidates, count)
    const isChosen = new Set(agents)
    const jobs = [...plan.keys()].filter((job) => plan[job] === NOBODY || isChosen.has(plan[job] as number))
    const isIn = new Uint8Array(this.#pairs.agent.length)
    for (const job of jobs) {
      const own = (candidates[job] as Int32Array).filter((pair) => isChosen.has(this.#pairs.agent[pair] as number))
      for (const pair of own.subarray(0, PAIRS_EACH)) isIn[pair] = 1
      const now = this.#pairs.at[job * this.#pairs.agents + (plan[job] as number)] ?? NO_PAIR
      if (plan[job] !== NOBODY && now !== NO_PAIR) isIn[now] = 1
    }
    return { jobs, agents, isIn }
  }

  /** One at random, and those to whom what they have could go. */
  #related(plan: Int32Array, candidates: readonly Int32Array[], count: number): number[] {
    const { agents, agent } = this.#pairs
    const weight = new Float64Array(agents)
    const chosen = [Math.floor(this.#random() * agents)]
    while (chosen.length < count) {
      const last = chosen[chosen.length - 1] as number
      for (const [job, own] of plan.entries()) {
        if (own !== last) continue
        for (const pair of candidates[job] as Int32Array) {
          const at = agent[pair] as number
          weight[at] = (weight[at] as number) + this.#random()
        }
      }
      for (const own of chosen) weight[own] = Number.NEGATIVE_INFINITY
      chosen.push(weight.indexOf(weight.reduce((most, own) => Math.max(most, own), Number.NEGATIVE_INFINITY)))
    }
    return chosen
  }
}

/** What the part's agents cost with what they have. */
function costOfPart(pairs: Pairs, plan: Int32Array, { jobs }: Part): number {
  const whole = placeAs(pairs, plan)
  const before = whole.cost()
  for (const job of jobs) if (whole.pairOf[job] !== NO_PAIR) whole.drop(job)
  return before - whole.cost()
}
