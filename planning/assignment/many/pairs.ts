import type { AssignmentModel, Resource } from '#planning/assignment/core/model.ts'

/**
 * The general problem of this folder: each job to one agent or to nobody, several capacities per agent, some of which may be
 * exceeded at a price, and a cost for opening an agent. Pairs that may be made are listed job by job.
 */
export interface Pairs {
  jobs: number
  agents: number
  /** Pairs of job j are those from start[j] to start[j + 1]. */
  start: Int32Array
  agent: Int32Array
  cost: Float64Array
  /** Hard ones first. */
  resources: PairResource[]
  /** What an agent costs that takes any job at all. */
  fixedCost: Float64Array
  /** The pair of job j and agent a at j × agents + a, or −1. */
  at: Int32Array
}

export interface PairResource {
  /** By pair. */
  use: Float64Array
  /** By agent. */
  capacity: Float64Array
  /** Points per unit above the capacity, by agent; absent = never above it. */
  overPrice?: Float64Array
}

/** The pairs of a model, job by job. Capacity of agents that may take nothing is dropped: it would only blur the prices. */
export function pairsOf(model: AssignmentModel): Pairs {
  const { agents, jobs, cost } = model
  const start = new Int32Array(jobs + 1)
  const list: number[] = []
  const isUseful = new Uint8Array(agents)
  const at = new Int32Array(jobs * agents).fill(-1)
  for (let job = 0; job < jobs; job++) {
    for (let agent = 0; agent < agents; agent++) {
      const cell = agent * jobs + job
      if (cost[cell] === Number.POSITIVE_INFINITY) continue
      at[job * agents + agent] = list.length
      isUseful[agent] = 1
      list.push(cell)
    }
    start[job + 1] = list.length
  }
  const picked = new Map<Float64Array, Float64Array>()
  const pickedOf = (use: Float64Array) => {
    const known = picked.get(use) ?? Float64Array.from(list, (cell) => use[cell] as number)
    picked.set(use, known)
    return known
  }
  const resourceOf = ({ use, capacity, overPrice }: Resource): PairResource => ({
    use: pickedOf(use),
    capacity: capacity.map((own, agent) => (isUseful[agent] ? own : 0)),
    ...(overPrice && { overPrice }),
  })
  const hard = model.resources.filter(({ overPrice }) => !overPrice)
  const soft = model.resources.filter(({ overPrice }) => overPrice)
  return {
    jobs,
    agents,
    start,
    agent: Int32Array.from(list, (cell) => Math.floor(cell / jobs)),
    cost: Float64Array.from(list, (cell) => cost[cell] as number),
    resources: [...hard, ...soft].map(resourceOf),
    fixedCost: model.fixedCost,
    at,
  }
}
