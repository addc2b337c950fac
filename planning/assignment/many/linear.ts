import { solveLpOnce } from '#planning/mip/lp.ts'
import { copyPrices, type Proved } from './ascent.ts'
import type { Pairs } from './pairs.ts'
import { type Prices, type Question, Relaxed } from './prices.ts'
import { programmeOf, wholeOf } from './programme.ts'

/** Pairs a job begins with, the cheapest at the prices so far, and how many more each round gives it. */
const FIRST_PAIRS = 10
const MORE_PAIRS = 3
const ROUNDS = 4
/** The linear programme over few pairs and the bound over all agree to this: nothing is left to find. */
const AGREED = 5e-4
const WHOLE_SLACK = 1e-6
/** Of the simplex method behind the interior point's: far more than it ever takes. */
const ITERATIONS = 200_000

export interface LinearLimits {
  /** The pairs the programme is made of; more join as they prove worth it, and stay for the next question. */
  isIn: Uint8Array
  /** 0 = stopped. */
  secondsLeft(): number
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
  let best = from
  for (let round = 0; round < ROUNDS && limits.secondsLeft() > 0; round++) {
    const { prices, objective } = await pricesOf(pairs, question, limits)
    if (prices === null) break
    const bound = relaxed.at(prices)
    if (bound > best.bound) best = { bound, prices: copyPrices(prices) }
    if (limits.isEnough(best.bound) || isSettled(question, best.bound, objective)) break
    join(relaxed, limits.isIn, MORE_PAIRS)
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
  { isIn, secondsLeft }: LinearLimits,
): Promise<{ prices: Prices | null; objective: number }> {
  const { model, rowOf, nobodyRow } = programmeOf(pairs, question, { ...wholeOf(pairs), isIn }, false)
  const limits = { seconds: secondsLeft(), iterations: ITERATIONS }
  const { status, objective, rowDual } = await solveLpOnce(model, { method: 'ipm', ...limits })
  if (status !== 'optimal') return { prices: null, objective }
  const priceOf = (row: number | null | undefined) => Math.max(0, -(rowDual[row ?? -1] ?? 0))
  const capacity = pairs.resources.map((_, r) =>
    Float64Array.from({ length: pairs.agents }, (_, a) => priceOf(rowOf(r, a))),
  )
  return { prices: { capacity, nobody: priceOf(nobodyRow) }, objective }
}
