import { NOBODY } from '#planning/assignment/core/model.ts'
import { type MipAnswer, type MipOptions, solveMip } from '#planning/mip/mip.ts'
import type { Pairs } from './pairs.ts'
import type { Question } from './prices.ts'
import { type Part, placedBy, programmeOf, wholeOf } from './programme.ts'

/** Up to so many pairs (an officer's own area) branch and cut proves the best plan in a moment; above, it would only take time. */
export const EXACT_PAIRS = 600
/** Nodes after which the search is left to go on with what was found. */
const NODES = 2_000
/** What a solver's preparations cost more than they save. */
const FEW_PAIRS = 120

/** The best plan itself with its proof, or what was found and proved until the limits. */
export async function solveExactly(
  pairs: Pairs,
  question: Question,
  options: MipOptions,
): Promise<{ answer: MipAnswer; agentOf: Int32Array | null }> {
  const nobody = new Int32Array(pairs.jobs).fill(NOBODY)
  return solvePart(pairs, question, wholeOf(pairs), nobody, { nodes: NODES, ...options })
}

/** The part anew, everybody outside it where they are. */
export async function solvePart(
  pairs: Pairs,
  question: Question,
  part: Part,
  from: Int32Array,
  options: MipOptions,
): Promise<{ answer: MipAnswer; agentOf: Int32Array | null }> {
  const programme = programmeOf(pairs, question, part, true)
  const isSmall = programme.columnOf.size <= FEW_PAIRS
  const answer = await solveMip(programme.model, { isSmall, ...options })
  return { answer, agentOf: answer.x && placedBy(programme, pairs, part, from, answer.x) }
}
