import type { SolveStatus } from '#planning/anytime.ts'

/**
 * Each job to one agent, at the least cost, no agent loaded above what it has: the generalised assignment problem, with several
 * resources, a cost of every agent that is used at all, and (where allowed) jobs that nobody takes.
 */
export interface AssignmentModel {
  agents: number
  jobs: number
  /** Of a job at an agent: `cost[agent * jobs + job]`; Infinity = may not. */
  cost: Float64Array
  resources: readonly Resource[]
  /** Once for every agent that has any job; 0 = free. */
  fixedCost: Float64Array
  /** Then the fewest uncovered jobs come first, and the cost of the others second. */
  mayStayUncovered: boolean
}

export interface Resource {
  /** By agent and job as `cost` is; never negative. */
  use: Float64Array
  /** By agent. */
  capacity: Float64Array
  /** By agent, what each unit above the capacity costs; absent = nothing may be above it. */
  overPrice?: Float64Array
}

export interface AssignmentAnswer {
  status: SolveStatus
  /** The agent of each job, −1 = nobody; null = no plan was found. */
  agentOf: Int32Array | null
  uncovered: number
  /** Without any price of the uncovered. */
  cost: number
  /** Proven: fewer cannot stay uncovered. */
  uncoveredBound: number
  /** Proven for plans that leave at most `uncovered` jobs uncovered. */
  costBound: number
  steps: number
}

export const NOBODY = -1

/** Loads are sums of floats where uses are not whole. */
const LOAD_TOLERANCE = 1e-9

/** What a load may be at most, with the rounding of its sum forgiven. */
export const withTolerance = (capacity: number): number => capacity + LOAD_TOLERANCE * Math.max(1, Math.abs(capacity))

export type Fault = 'uncovered' | 'noSuchAgent' | 'notAllowed' | 'overload'

export type Judged = { ok: true; cost: number; uncovered: number } | { ok: false; why: Fault; at: number }

/** AS1: what a plan costs, or the first thing that is wrong with it. */
export function judge(model: AssignmentModel, agentOf: Int32Array): Judged {
  const { agents, jobs } = model
  const isUsed = new Uint8Array(agents)
  let [cost, uncovered] = [0, 0]
  for (let job = 0; job < jobs; job++) {
    const agent = agentOf[job] ?? NOBODY
    if (agent === NOBODY) {
      if (!model.mayStayUncovered) return { ok: false, why: 'uncovered', at: job }
      uncovered++
      continue
    }
    if (!(agent >= 0 && agent < agents)) return { ok: false, why: 'noSuchAgent', at: job }
    const own = model.cost[agent * jobs + job] as number
    if (own === Number.POSITIVE_INFINITY) return { ok: false, why: 'notAllowed', at: job }
    cost += own
    isUsed[agent] = 1
  }
  for (let agent = 0; agent < agents; agent++) if (isUsed[agent] === 1) cost += model.fixedCost[agent] as number
  for (const resource of model.resources) {
    const over = overCost(model, resource, agentOf)
    if (!over.ok) return over
    cost += over.cost
  }
  return { ok: true, cost, uncovered }
}

function overCost(model: AssignmentModel, resource: Resource, agentOf: Int32Array): Judged {
  const load = loadsOf(model, resource, agentOf)
  let cost = 0
  for (let agent = 0; agent < model.agents; agent++) {
    const capacity = resource.capacity[agent] as number
    const own = load[agent] as number
    if (own <= withTolerance(capacity)) continue
    if (!resource.overPrice) return { ok: false, why: 'overload', at: agent }
    cost += (own - capacity) * (resource.overPrice[agent] as number)
  }
  return { ok: true, cost, uncovered: 0 }
}

/** Of one resource, by agent. */
export function loadsOf({ agents, jobs }: AssignmentModel, { use }: Resource, agentOf: Int32Array): Float64Array {
  const load = new Float64Array(agents)
  for (let job = 0; job < jobs; job++) {
    const agent = agentOf[job] as number
    if (agent !== NOBODY) load[agent] = (load[agent] as number) + (use[agent * jobs + job] as number)
  }
  return load
}

/** Every plan's cost is then a whole number, and a bound may be rounded up to one. */
export function isWhole(model: AssignmentModel): boolean {
  const whole = (list: Float64Array) => list.every((own) => Number.isInteger(own) || own === Number.POSITIVE_INFINITY)
  const wholeOver = ({ use, capacity, overPrice }: Resource) =>
    !overPrice || (whole(use) && whole(capacity) && whole(overPrice))
  return whole(model.cost) && whole(model.fixedCost) && model.resources.every(wholeOver)
}
