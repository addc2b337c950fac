import type { Pairs } from './pairs.ts'
import { type Prices, type Question, Relaxed } from './prices.ts'

/** How the prices are moved. Seconds play no part: as many rounds give the same prices. */
export interface Ascent {
  rounds: number
  /** What the bound might reach at most: a plan's cost, or a guess above it. Steps are longer the further it is. */
  target: number
  /** Asked between rounds. */
  isStopped?(): boolean
  /** Enough is proved at this bound. */
  enough?: number
}

export interface Proved {
  bound: number
  prices: Prices
}

/** How much of the last direction is kept: damps the zigzag of plain subgradients (Camerini, Fratta, Maffioli 1975). */
const MEMORY = 0.7
/** Rounds without progress after which the step is shortened, and by what. */
const PATIENCE = 20
const SHORTER = 0.6
const SHORTEST = 2e-3

export const freePrices = ({ resources, agents }: Pairs): Prices => ({
  capacity: resources.map(() => new Float64Array(agents)),
  nobody: 0,
})

export const copyPrices = ({ capacity, nobody }: Prices): Prices => ({
  capacity: capacity.map((price) => price.slice()),
  nobody,
})

/** Raises the bound by moving prices along deflected subgradients with Polyak's step (Held, Wolfe, Crowder 1974). */
export function ascend(pairs: Pairs, question: Question, from: Prices, ascent: Ascent): Proved {
  const relaxed = new Relaxed(pairs, question)
  const scale = pairs.resources.map(({ use }) => 1 / Math.max(1e-9, meanOf(use)))
  const direction = freePrices(pairs)
  let prices = copyPrices(from)
  let best: Proved = { bound: relaxed.at(prices), prices: copyPrices(prices) }
  let step = 1
  let idle = 0
  for (let round = 0; round < ascent.rounds && !ascent.isStopped?.(); round++) {
    if (best.bound >= (ascent.enough ?? Number.POSITIVE_INFINITY) || step < SHORTEST) break
    const length = turn(relaxed, direction, prices, scale)
    if (length === 0) break
    move(
      relaxed,
      prices,
      direction,
      scale,
      (step * Math.max(ascent.target - relaxed.bound, 1e-6 * Math.abs(ascent.target))) / length,
    )
    const bound = relaxed.at(prices)
    idle = bound > best.bound + 1e-5 * Math.abs(best.bound) ? 0 : idle + 1
    if (bound > best.bound) best = { bound, prices: copyPrices(prices) }
    if (idle < PATIENCE) continue
    idle = 0
    step *= SHORTER
    prices = copyPrices(best.prices)
    relaxed.at(prices)
    for (const part of direction.capacity) part.fill(0)
    direction.nobody = 0
  }
  return best
}

/** Turns the direction towards the present subgradient; answers its squared length. */
function turn(relaxed: Relaxed, direction: Prices, prices: Prices, scale: readonly number[]): number {
  let length = 0
  for (const [r, excess] of relaxed.excess.entries()) {
    if (isIdle(relaxed, r)) continue
    const part = direction.capacity[r] as Float64Array
    const price = prices.capacity[r] as Float64Array
    for (let a = 0; a < excess.length; a++) {
      const slope = (excess[a] as number) * (scale[r] as number)
      // A price that is zero already cannot fall: its slack says nothing.
      part[a] = (slope < 0 && price[a] === 0 ? 0 : slope) + MEMORY * (part[a] as number)
      length += (part[a] as number) ** 2
    }
  }
  if (relaxed.question.kind === 'uncovered') return length
  direction.nobody = relaxed.uncovered - relaxed.question.mostUncovered + MEMORY * direction.nobody
  return length + direction.nobody ** 2
}

function move(relaxed: Relaxed, prices: Prices, direction: Prices, scale: readonly number[], step: number): void {
  for (const [r, { overPrice }] of relaxed.pairs.resources.entries()) {
    if (isIdle(relaxed, r)) continue
    const price = prices.capacity[r] as Float64Array
    const part = direction.capacity[r] as Float64Array
    for (let a = 0; a < price.length; a++) {
      const moved = Math.max(0, (price[a] as number) + step * (part[a] as number) * (scale[r] as number))
      price[a] = overPrice ? Math.min(moved, overPrice[a] as number) : moved
    }
  }
  prices.nobody = Math.max(0, prices.nobody + step * direction.nobody)
}

/** Where costs do not count, exceeding a soft capacity costs nothing: its price stays at zero. */
const isIdle = ({ pairs, question }: Relaxed, r: number) =>
  question.kind === 'uncovered' && pairs.resources[r]?.overPrice !== undefined

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
