import { NOBODY } from '#planning/assignment/core/model.ts'
import { type LinearModel, ModelBuilder } from '#planning/mip/model.ts'
import type { Pairs } from './pairs.ts'
import type { Question } from './prices.ts'

/** A part of the problem that is decided by itself: these jobs among these agents, which have no others. */
export interface Part {
  jobs: readonly number[]
  agents: readonly number[]
  /** 1 = the pair may be made; absent = all. */
  isIn?: Uint8Array
}

export interface Programme {
  model: LinearModel
  /** The column of each pair that is in it. */
  columnOf: ReadonlyMap<number, number>
  /** Row of a resource at an agent; absent where the question does not ask for it. */
  rowOf(resource: number, agent: number): number | undefined
  nobodyRow: number | null
}

export const wholeOf = ({ jobs, agents }: Pairs): Part => ({ jobs: upTo(jobs), agents: upTo(agents) })

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

/**
 * The question as a programme: each job once or with nobody, no hard capacity exceeded, soft ones at their price. Capacity comes
 * with the opening of an agent where that costs; among whole numbers each of its pairs asks for it too, which says more.
 */
export function programmeOf(pairs: Pairs, question: Question, part: Part, isInteger: boolean): Programme {
  const builder = new ModelBuilder()
  const isCost = question.kind === 'cost'
  const counted = pairs.resources.flatMap(({ overPrice }, r) => (isCost || !overPrice ? [r] : []))
  const isOpened = (a: number) => isCost && (pairs.fixedCost[a] as number) > 0
  const below = (most: number) => builder.row(Number.NEGATIVE_INFINITY, most)
  const nobodyRow = isCost ? below(question.mostUncovered) : null
  const rows = new Map<number, number[]>()
  for (const a of part.agents)
    rows.set(
      a,
      counted.map((r) => below(isOpened(a) ? 0 : (pairs.resources[r]?.capacity[a] as number))),
    )
  const openRows = new Map<number, number>()
  const columnOf = new Map<number, number>()
  const upper = isInteger ? 1 : Number.POSITIVE_INFINITY
  for (const j of part.jobs) {
    const jobRow = builder.row(1, 1)
    builder.column({ cost: isCost ? 0 : 1, upper, isInteger })
    builder.entry(jobRow, 1)
    if (nobodyRow !== null) builder.entry(nobodyRow, 1)
    for (let e = pairs.start[j] as number; e < (pairs.start[j + 1] as number); e++) {
      const a = pairs.agent[e] as number
      const own = rows.get(a)
      if (!own || part.isIn?.[e] === 0) continue
      columnOf.set(e, builder.column({ cost: isCost ? (pairs.cost[e] as number) : 0, upper, isInteger }))
      builder.entry(jobRow, 1)
      for (const [n, r] of counted.entries()) builder.entry(own[n] as number, pairs.resources[r]?.use[e] as number)
      if (!isInteger || !isOpened(a)) continue
      openRows.set(e, below(0))
      builder.entry(openRows.get(e) as number, 1)
    }
  }
  for (const [a, own] of rows) {
    for (const [n, r] of counted.entries()) {
      const price = pairs.resources[r]?.overPrice?.[a]
      if (price === undefined) continue
      builder.column({ cost: price, upper: Number.POSITIVE_INFINITY, isInteger: false })
      builder.entry(own[n] as number, -1)
    }
    if (!isOpened(a)) continue
    builder.column({ cost: pairs.fixedCost[a] as number, isInteger })
    for (const [n, r] of counted.entries())
      builder.entry(own[n] as number, -(pairs.resources[r]?.capacity[a] as number))
    for (const [e, row] of openRows) if (pairs.agent[e] === a) builder.entry(row, -1)
  }
  const rowOf = (resource: number, a: number) => rows.get(a)?.[counted.indexOf(resource)]
  return { model: builder.done(), columnOf, rowOf, nobodyRow }
}

/** Who has each of the part's jobs in a solution, by job of the whole problem; others stay as they are in `agentOf`. */
export function placedBy({ columnOf }: Programme, pairs: Pairs, part: Part, from: Int32Array, x: Float64Array) {
  const agentOf = from.slice()
  for (const j of part.jobs) {
    agentOf[j] = NOBODY
    for (let e = pairs.start[j] as number; e < (pairs.start[j + 1] as number); e++)
      if ((x[columnOf.get(e) ?? -1] ?? 0) > 0.5) agentOf[j] = pairs.agent[e] as number
  }
  return agentOf
}
