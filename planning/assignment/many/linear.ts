import { solveLpOnce } from '#planning/mip/lp.ts'
import { ModelBuilder } from '#planning/mip/model.ts'
import { copyPrices, type Proved } from './ascent.ts'
import type { Pairs } from './pairs.ts'
import { type Prices, type Question, Relaxed } from './prices.ts'

/** Pairs a job begins with, the cheapest at the prices so far, and how many more each round gives it. */
const FIRST_PAIRS = 10
const MORE_PAIRS = 3
const ROUNDS = 4
/** The linear programme over few pairs and the bound over all agree to this: nothing is left to find. */
const AGREED = 5e-4
const WHOLE_SLACK = 1e-6

export interface LinearLimits {
  /** The pairs the programme is made of; more join as they prove worth it, and stay for the next question. */
  isIn: Uint8Array
  isStopped?(): boolean
  /** Answers whether a bound is as good as is needed. */
  isEnough(bound: number): boolean
}

/**
 * Prices from the linear programme, where subgradients would creep: over the pairs that matter only, and whatever prices it finds
 * prove their bound over all pairs. Pairs that are cheaper at the new prices join the next round.
 */
export async function linearBound(
  pairs: Pairs,
  question: Question,
  from: Proved,
  limits: LinearLimits,
): Promise<Proved> {
  const relaxed = new Relaxed(pairs, question)
  const { isIn } = limits
  let best = from
  for (let round = 0; round < ROUNDS && !limits.isStopped?.(); round++) {
    const { prices, objective } = await pricesOf(pairs, question, isIn)
    if (prices === null) break
    const bound = relaxed.at(prices)
    if (bound > best.bound) best = { bound, prices: copyPrices(prices) }
    if (limits.isEnough(best.bound) || isSettled(question, best.bound, objective)) break
    join(relaxed, isIn, MORE_PAIRS)
  }
  return best
}

/** The pairs to begin with: the cheapest of each job at the prices so far, costs counted. */
export function firstPairs(pairs: Pairs, prices: Prices): Uint8Array {
  const isIn = new Uint8Array(pairs.agent.length)
  const relaxed = new Relaxed(pairs, { kind: 'cost', mostUncovered: 0 })
  relaxed.at(prices)
  join(relaxed, isIn, FIRST_PAIRS)
  return isIn
}

function isSettled(question: Question, bound: number, objective: number): boolean {
  if (question.kind === 'uncovered') return Math.ceil(bound - WHOLE_SLACK) >= Math.ceil(objective - WHOLE_SLACK)
  return objective - bound <= AGREED * Math.max(1, Math.abs(objective))
}

/** Each job's cheapest pairs at the prices last relaxed with. */
function join({ pairs, priced }: Relaxed, isIn: Uint8Array, count: number): void {
  for (let j = 0; j < pairs.jobs; j++) {
    const own = Array.from(
      { length: (pairs.start[j + 1] as number) - (pairs.start[j] as number) },
      (_, n) => (pairs.start[j] as number) + n,
    )
    own.sort((one, other) => (priced[one] as number) - (priced[other] as number) || one - other)
    for (const pair of own.slice(0, count)) isIn[pair] = 1
  }
}

async function pricesOf(
  pairs: Pairs,
  question: Question,
  isIn: Uint8Array,
): Promise<{ prices: Prices | null; objective: number }> {
  const { model, rowsOf, nobodyRow, counted } = programme(pairs, question, isIn)
  const { status, objective, rowDual } = await solveLpOnce(model, { method: 'ipm' })
  if (status !== 'optimal') return { prices: null, objective }
  const capacity = pairs.resources.map(({ overPrice }, r) => {
    const price = new Float64Array(pairs.agents)
    if (!counted.includes(r)) return price
    return price.map((_, a) =>
      Math.min(Math.max(0, -(rowDual[rowsOf(r, a)] as number)), overPrice?.[a] ?? Number.POSITIVE_INFINITY),
    )
  })
  return {
    prices: { capacity, nobody: nobodyRow === null ? 0 : Math.max(0, -(rowDual[nobodyRow] as number)) },
    objective,
  }
}

function programme(pairs: Pairs, question: Question, isIn: Uint8Array) {
  const builder = new ModelBuilder()
  const isCost = question.kind === 'cost'
  const counted = pairs.resources.flatMap(({ overPrice }, r) => (isCost || !overPrice ? [r] : []))
  const jobRows = Array.from({ length: pairs.jobs }, () => builder.row(1, 1))
  const first = builder.row(Number.NEGATIVE_INFINITY, 0)
  for (let n = 1; n < counted.length * pairs.agents; n++) builder.row(Number.NEGATIVE_INFINITY, 0)
  const rowsOf = (r: number, a: number) => first + counted.indexOf(r) * pairs.agents + a
  const nobodyRow = isCost ? builder.row(Number.NEGATIVE_INFINITY, question.mostUncovered) : null
  const free = { upper: Number.POSITIVE_INFINITY, isInteger: false }
  for (let j = 0; j < pairs.jobs; j++) {
    builder.column({ cost: isCost ? 0 : 1, ...free })
    builder.entry(jobRows[j] as number, 1)
    if (nobodyRow !== null) builder.entry(nobodyRow, 1)
    for (let e = pairs.start[j] as number; e < (pairs.start[j + 1] as number); e++) {
      if (!isIn[e]) continue
      builder.column({ cost: isCost ? (pairs.cost[e] as number) : 0, ...free })
      builder.entry(jobRows[j] as number, 1)
      for (const r of counted) builder.entry(rowsOf(r, pairs.agent[e] as number), pairs.resources[r]?.use[e] as number)
    }
  }
  for (let a = 0; a < pairs.agents; a++) {
    builder.column({ cost: isCost ? (pairs.fixedCost[a] as number) : 0, isInteger: false })
    for (const r of counted) builder.entry(rowsOf(r, a), -(pairs.resources[r]?.capacity[a] as number))
    for (const r of counted) {
      const price = pairs.resources[r]?.overPrice?.[a]
      if (price === undefined) continue
      builder.column({ cost: price, ...free })
      builder.entry(rowsOf(r, a), -1)
    }
  }
  return { model: builder.done(), rowsOf, nobodyRow, counted }
}
