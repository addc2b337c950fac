import { NOBODY } from '#planning/assignment/core/model.ts'
import { type MipAnswer, solveMip } from '#planning/mip/mip.ts'
import { ModelBuilder } from '#planning/mip/model.ts'
import type { Pairs } from './pairs.ts'
import type { Question } from './prices.ts'

/** Up to so many pairs (an officer's own area) branch and cut proves the best plan in a moment; above, it would only take time. */
export const EXACT_PAIRS = 600

export interface ExactLimits {
  seconds: number
  /** Every cost is whole. */
  isWhole: boolean
  isStopped(): boolean
}

/** The best plan itself with its proof; null where branch and cut found none in time. */
export async function solveExactly(
  pairs: Pairs,
  question: Question,
  { seconds, isWhole, isStopped }: ExactLimits,
): Promise<{ answer: MipAnswer; agentOf: Int32Array | null }> {
  const { model, columnOf } = programme(pairs, question)
  const answer = await solveMip(model, { seconds, isStopped, isWhole: isWhole || question.kind === 'uncovered' })
  if (!answer.x) return { answer, agentOf: null }
  const agentOf = new Int32Array(pairs.jobs).fill(NOBODY)
  for (let j = 0; j < pairs.jobs; j++) {
    for (let e = pairs.start[j] as number; e < (pairs.start[j + 1] as number); e++)
      if ((answer.x[columnOf(e, j)] as number) > 0.5) agentOf[j] = pairs.agent[e] as number
  }
  return { answer, agentOf }
}

function programme(pairs: Pairs, question: Question) {
  const { jobs, agents, start, agent, resources, fixedCost } = pairs
  const builder = new ModelBuilder()
  const isCost = question.kind === 'cost'
  const below = (most: number) => builder.row(Number.NEGATIVE_INFINITY, most)
  const jobRows = Array.from({ length: jobs }, () => builder.row(1, 1))
  const counted = resources.filter(({ overPrice }) => isCost || !overPrice)
  const rows = counted.map(({ capacity }) => Array.from(capacity, below))
  const nobodyRow = isCost ? below(question.mostUncovered) : null
  const isOpened = (a: number) => isCost && (fixedCost[a] as number) > 0
  const openRows = Array.from(agent, (a) => (isOpened(a) ? below(0) : null))
  for (let j = 0; j < jobs; j++) {
    builder.column({ cost: isCost ? 0 : 1 })
    builder.entry(jobRows[j] as number, 1)
    if (nobodyRow !== null) builder.entry(nobodyRow, 1)
    for (let e = start[j] as number; e < (start[j + 1] as number); e++) {
      const a = agent[e] as number
      builder.column({ cost: isCost ? (pairs.cost[e] as number) : 0 })
      builder.entry(jobRows[j] as number, 1)
      for (const [n, { use }] of counted.entries()) builder.entry(rows[n]?.[a] as number, use[e] as number)
      const open = openRows[e]
      if (open !== null && open !== undefined) builder.entry(open, 1)
    }
  }
  for (let a = 0; a < agents; a++) {
    for (const [n, { overPrice }] of counted.entries()) {
      if (!overPrice) continue
      builder.column({ cost: overPrice[a] as number, upper: Number.POSITIVE_INFINITY, isInteger: false })
      builder.entry(rows[n]?.[a] as number, -1)
    }
    if (!isOpened(a)) continue
    builder.column({ cost: fixedCost[a] as number })
    for (const [e, open] of openRows.entries()) if (open !== null && agent[e] === a) builder.entry(open, -1)
  }
  // Before each job's pairs stands its column of staying with nobody.
  return { model: builder.done(), columnOf: (pair: number, job: number) => pair + job + 1 }
}
