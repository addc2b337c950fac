import { solveMip } from '#planning/mip/mip.ts'
import { makeCompact } from '#planning/roster/core/compact.ts'
import type { Roster, RosterModel } from '#planning/roster/core/model.ts'
import { makeProblem } from '#planning/roster/core/problem.ts'

/** The whole programme to HiGHS as it comes. */
export async function solvePlainly(model: RosterModel, seconds: number) {
  const problem = makeProblem(model)
  const compact = makeCompact(problem)
  const { status, bound, x } = await solveMip(compact.model, { seconds, isWhole: true })
  const roster: Roster | null = x ? compact.rosterOf(x) : null
  // The programme leaves out what all wishes cost while nobody works.
  return { status, bound: bound + problem.base, roster }
}
