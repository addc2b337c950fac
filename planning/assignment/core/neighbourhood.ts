import type { Random } from '#domain/random.ts'
import { type MipAnswer, type MipOptions, solveMip } from '#planning/mip/mip.ts'
import { ModelBuilder } from '#planning/mip/model.ts'
import { type Gap, stepOf } from './gap.ts'
import type { Plan } from './oscillation.ts'

/** By pair: 1 = may be in a better plan. */
type Core = Uint8Array

/** What a solver's preparations cost more than they save. */
export const FEW_PAIRS = 120

/** Some agents whose jobs share many pairs of the core: one at random, and those its jobs could go to. */
export function relatedAgents(gap: Gap, core: Core, plan: Plan, count: number, random: Random): number[] {
  const { agents, jobs } = gap
  const order = Array.from({ length: agents }, (_, agent) => agent)
  if (count >= agents) return order
  const weight = new Float64Array(agents)
  const chosen = [Math.floor(random() * agents)]
  while (chosen.length < count) {
    const last = chosen.at(-1) as number
    for (let job = 0; job < jobs; job++) {
      if (plan.agentOf[job] !== last) continue
      for (let agent = 0; agent < agents; agent++)
        if (core[agent * jobs + job] === 1) weight[agent] = (weight[agent] as number) + random()
    }
    for (const agent of chosen) weight[agent] = Number.NEGATIVE_INFINITY
    chosen.push(weight.indexOf(Math.max(...weight)))
  }
  return chosen
}

type Tried = { answer: MipAnswer; plan: Plan | null; pairs: number }

/** The best plan below `plan` in which only the jobs of these agents move among them, by pairs of the core. */
export async function reassign(
  gap: Gap,
  core: Core,
  plan: Plan,
  agents: readonly number[],
  options: MipOptions,
): Promise<Tried> {
  const build = new ModelBuilder()
  const isFree = new Uint8Array(gap.agents)
  const rowOf = new Int32Array(gap.agents)
  for (const agent of agents) {
    isFree[agent] = 1
    rowOf[agent] = build.row(Number.NEGATIVE_INFINITY, gap.capacity[agent] as number)
  }
  const pairs: number[] = []
  let now = 0
  for (let job = 0; job < gap.jobs; job++) {
    const own = plan.agentOf[job] as number
    if (isFree[own] !== 1) continue
    now += gap.cost[own * gap.jobs + job] as number
    const row = build.row(1, 1)
    for (const agent of agents) {
      const pair = agent * gap.jobs + job
      if (core[pair] !== 1 && agent !== own) continue
      build.column({ cost: gap.cost[pair] as number })
      build.entry(rowOf[agent] as number, gap.use[pair] as number)
      build.entry(row, 1)
      pairs.push(pair)
    }
  }
  const start = Float64Array.from(pairs, (pair) =>
    plan.agentOf[pair % gap.jobs] === Math.floor(pair / gap.jobs) ? 1 : 0,
  )
  const isSmall = pairs.length <= FEW_PAIRS
  const answer = await solveMip(build.done(), { isWhole: gap.isWhole, restarts: false, isSmall, ...options, start })
  const isBetter = answer.objective !== null && answer.objective < now - stepOf(gap) / 2
  return { answer, plan: isBetter && answer.x ? replaced(gap, plan, pairs, answer.x) : null, pairs: pairs.length }
}

function replaced(gap: Gap, { agentOf }: Plan, pairs: readonly number[], x: Float64Array): Plan {
  const next = agentOf.slice()
  for (const [n, pair] of pairs.entries())
    if ((x[n] as number) > 0.5) next[pair % gap.jobs] = Math.floor(pair / gap.jobs)
  return { agentOf: next, cost: costOf(gap, next) }
}

function costOf(gap: Gap, agentOf: Int32Array): number {
  let cost = 0
  for (let job = 0; job < gap.jobs; job++) cost += gap.cost[(agentOf[job] as number) * gap.jobs + job] as number
  return cost
}

/** Any plan at all, or the proof that there is none: the whole problem without anything known of it. */
export async function anyPlan(gap: Gap, options: MipOptions): Promise<Tried> {
  const build = new ModelBuilder()
  for (let agent = 0; agent < gap.agents; agent++) build.row(Number.NEGATIVE_INFINITY, gap.capacity[agent] as number)
  const pairs: number[] = []
  for (let job = 0; job < gap.jobs; job++) {
    const row = build.row(1, 1)
    for (let agent = 0; agent < gap.agents; agent++) {
      const pair = agent * gap.jobs + job
      if (gap.cost[pair] === Number.POSITIVE_INFINITY) continue
      build.column({ cost: gap.cost[pair] as number })
      build.entry(agent, gap.use[pair] as number)
      build.entry(row, 1)
      pairs.push(pair)
    }
  }
  const answer = await solveMip(build.done(), { isWhole: gap.isWhole, isSmall: pairs.length <= FEW_PAIRS, ...options })
  const empty = { agentOf: new Int32Array(gap.jobs), cost: 0 }
  return { answer, plan: answer.x && replaced(gap, empty, pairs, answer.x), pairs: pairs.length }
}
