import type { Run } from '#planning/anytime.ts'
import type { AssignmentAnswer, AssignmentModel, AssignmentStart } from './model.ts'

export async function solveAssignment(
  _model: AssignmentModel,
  _run: Run,
  _start?: AssignmentStart,
): Promise<AssignmentAnswer> {
  throw new Error('being written')
}
