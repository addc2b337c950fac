import type { Outcome } from '#cli/outcome.ts'
import type { SolveOptions } from '#cli/solve/options.ts'
import { runSolve, type Solvable } from '#cli/solve/solve.ts'
import type { AssignmentModel } from '#planning/assignment/core/model.ts'
import { readOrlib } from '#planning/assignment/core/orlib.ts'
import { solveAssignment } from '#planning/assignment/core/solve.ts'

export const solveAssignmentFile = (file: string, options: SolveOptions): Promise<Outcome> =>
  runSolve(assignment, file, options)

const assignment: Solvable<AssignmentModel, Int32Array> = {
  read: readOrlib,
  async solve(model, run) {
    const { status, agentOf, cost, costBound } = await solveAssignment(model, run)
    return { status, objective: agentOf && cost, bound: costBound, plan: agentOf }
  },
  write: (agentOf) => `${agentOf.join(' ')}\n`,
}
