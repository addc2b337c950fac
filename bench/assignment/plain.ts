import { solveMip } from '#planning/mip/mip.ts'
import { ModelBuilder } from '#planning/mip/model.ts'
import { costOfPlan, type Published } from './published.ts'

/** The whole programme to HiGHS as it comes. */
export async function solvePlainly(problem: Published, seconds: number) {
  const { agents, jobs, cost, use, capacity } = problem
  const build = new ModelBuilder()
  const once = Array.from({ length: jobs }, () => build.row(1, 1))
  for (let agent = 0; agent < agents; agent++) {
    const room = build.row(Number.NEGATIVE_INFINITY, capacity[agent] as number)
    for (let job = 0; job < jobs; job++) {
      build.column({ cost: cost[agent * jobs + job] as number })
      build.entry(once[job] as number, 1)
      build.entry(room, use[agent * jobs + job] as number)
    }
  }
  const { status, bound, x } = await solveMip(build.done(), { seconds, isWhole: true })
  if (!x) return { status, bound, cost: Number.POSITIVE_INFINITY }
  const agentOf = new Int32Array(jobs).fill(-1)
  for (let pair = 0; pair < agents * jobs; pair++)
    if ((x[pair] as number) > 0.5) agentOf[pair % jobs] = Math.floor(pair / jobs)
  return { status, bound, cost: costOfPlan(problem, agentOf) }
}
