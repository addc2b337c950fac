import type { Run } from '#planning/anytime.ts'
import { solveMany } from '#planning/assignment/many/solve.ts'
import { gapOfModel } from './gap.ts'
import type { AssignmentAnswer, AssignmentModel } from './model.ts'
import { solveOneResource } from './one-resource.ts'

/** The best plan within the limits and the bound that is proved: the classic problem in its own way, any other as plans of communities are made. */
export async function solveAssignment(model: AssignmentModel, run: Run): Promise<AssignmentAnswer> {
  const gap = gapOfModel(model)
  if (gap) return solveOneResource(gap, run)
  const { onProgress, ...rest } = run
  return solveMany(model, {
    ...rest,
    onProgress: ({ seconds, steps, cost, costBound, phase }) =>
      onProgress?.({ seconds, steps, objective: cost, bound: costBound, phase }),
  })
}
