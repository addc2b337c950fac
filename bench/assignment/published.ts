import { readFileSync } from 'node:fs'
import type { AssignmentModel } from '#planning/assignment/core/model.ts'
import { sharedPath } from '#tests/support/shared.ts'

/** A published problem as the bench reads it by itself: what checks a plan must not share the product's reader. */
export interface Published {
  agents: number
  jobs: number
  cost: readonly number[]
  use: readonly number[]
  capacity: readonly number[]
  model: AssignmentModel
}

export function readPublished(text: string): Published {
  const [agents = 0, jobs = 0, ...numbers] = text.trim().split(/\s+/).map(Number)
  const pairs = agents * jobs
  const [cost, use, capacity] = [numbers.slice(0, pairs), numbers.slice(pairs, 2 * pairs), numbers.slice(2 * pairs)]
  const resources = [{ use: Float64Array.from(use), capacity: Float64Array.from(capacity) }]
  const fixedCost = new Float64Array(agents)
  const model = { agents, jobs, cost: Float64Array.from(cost), resources, fixedCost, mayStayUncovered: false }
  return { agents, jobs, cost, use, capacity, model }
}

/** Infinity where a job has no agent or an agent more than its capacity. */
export function costOfPlan({ agents, jobs, cost, use, capacity }: Published, agentOf: Int32Array): number {
  const left = [...capacity]
  let sum = 0
  for (let job = 0; job < jobs; job++) {
    const agent = agentOf[job] ?? -1
    if (!(agent >= 0 && agent < agents)) return Number.POSITIVE_INFINITY
    left[agent] = (left[agent] as number) - (use[agent * jobs + job] as number)
    sum += cost[agent * jobs + job] as number
  }
  return left.every((room) => room >= 0) ? sum : Number.POSITIVE_INFINITY
}

/** The least published cost of each problem. */
export function bestKnown(): Map<string, number> {
  const [head = '', ...rows] = readFileSync(sharedPath('gap/best_known.csv'), 'utf8').trim().split('\n')
  const at = head.split(',').indexOf('target_min')
  return new Map(rows.map((row) => row.split(',')).map((cells) => [cells[0] as string, Number(cells[at])]))
}
