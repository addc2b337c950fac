import { solveMip } from '#planning/mip/mip.ts'
import { makeCompact } from './compact.ts'
import type { Roster } from './model.ts'
import type { Pace } from './pace.ts'
import type { Problem } from './problem.ts'

export interface WholeAnswer {
  /** Cheaper than the cutoff; null where none was found. */
  roster: Roster | null
  /** No roster costs less; infinite where it is proved that none costs less than the cutoff. */
  bound: number
}

/** The whole problem given to branch and bound at once: for what costs less than `cutoff`. */
export async function solveWhole(
  problem: Problem,
  pace: Pace,
  { cutoff, nodes, seed }: { cutoff: number; nodes?: number; seed: number },
): Promise<WholeAnswer> {
  const compact = makeCompact(problem)
  const answer = await solveMip(compact.model, {
    seconds: pace.secondsLeft,
    ...(nodes !== undefined && { nodes }),
    seed,
    isWhole: problem.isWhole,
    cutoff: cutoff - problem.base,
    isStopped: () => pace.isOver,
  })
  if (answer.status === 'infeasible') return { roster: null, bound: Number.POSITIVE_INFINITY }
  return { roster: answer.x && compact.rosterOf(answer.x), bound: answer.bound + problem.base }
}
