import type { Run } from '#planning/anytime.ts'
import { solveExactly } from './exact.ts'
import { gapOfModel } from './gap.ts'
import type { AssignmentAnswer, AssignmentModel, AssignmentStart } from './model.ts'
import { solveOneResource } from './one-resource.ts'

/**
 * The best plan within the limits and the bound that is proved: the classic problem by prices, chains and small programmes, any other
 * outright. (Large problems with several capacities or jobs that may stay uncovered: `solveMany`.)
 */
export async function solveAssignment(
  model: AssignmentModel,
  run: Run,
  start?: AssignmentStart,
): Promise<AssignmentAnswer> {
  const gap = gapOfModel(model)
  return gap ? solveOneResource(gap, run, start) : solveExactly(model, run)
}
