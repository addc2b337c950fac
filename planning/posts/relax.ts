import { safeBound } from '#planning/mip/bound.ts'
import { type Knapsacks, knapsacksOf } from './knapsack.ts'
import type { PostsModel } from './model.ts'

/**
 * Lagrangian relaxation: "every customer goes to exactly one post" is given a price each. What is left falls apart into one knapsack
 * a site, and the `posts` best of them are the answer; its value is a lower bound at any prices. A subgradient walk looks for the
 * prices where it is largest.
 */
export interface Restriction {
  /** 1 = this customer shall not go to this site (by site * customers + customer). */
  isOut: Uint8Array
  /** 1 = no post here. */
  isClosed: Uint8Array
  /** 1 = a post here. */
  isOpen: Uint8Array
}

export interface Relaxed {
  bound: number
  prices: Float64Array
  /** What a post at each site gains at those prices; 0 where none may be. */
  gains: Float64Array
  /** The sites that were best. */
  chosen: Int32Array
}

export interface Walk {
  /** The cost of a known placement: it sets the length of a step, and a bound that reaches it is enough. Infinity without one. */
  upper: number
  rounds: number
  /** Every cost is whole, so a bound may be rounded up. */
  isWhole: boolean
  isStopped(): boolean
  /** A bound above all before it, with the sites that made it. */
  onBetter?(relaxed: Relaxed): void
  onRound?(chosen: Int32Array): void
}

export const unrestricted = (model: PostsModel): Restriction => ({
  isOut: Uint8Array.from(model.cost, (cost) => (cost === Number.POSITIVE_INFINITY ? 1 : 0)),
  isClosed: new Uint8Array(model.sites),
  isOpen: Uint8Array.from(model.isStanding),
})

/** No post here, and nobody goes here. */
export function closeSite({ isClosed, isOut }: Restriction, site: number): void {
  const customers = isOut.length / isClosed.length
  isClosed[site] = 1
  isOut.fill(1, site * customers, (site + 1) * customers)
}

/** Each customer's price at first: its cost at the site that a share of the posts would reach. */
export function firstPrices(model: PostsModel): Float64Array {
  const { sites, customers, posts } = model
  const rank = Math.min(sites - 1, Math.max(1, Math.round(sites / posts / 2)))
  const column = new Float64Array(sites)
  return Float64Array.from({ length: customers }, (_, customer) => {
    for (let site = 0; site < sites; site++) column[site] = model.cost[site * customers + customer] as number
    column.sort()
    const price = column[rank] as number
    return Number.isFinite(price) ? price : (column[0] as number)
  })
}

/** Rounds without a better bound before the step is halved. */
const PATIENCE = 12
/** A share of the last direction is kept: it damps the zigzag between two sets of posts. */
const MEMORY = 0.3
const SMALLEST_STEP = 0.001
/** Shares of the cost: without a placement to aim at, and at least. */
const GUESSED_GAP = 0.1
const LEAST_GAP = 1e-3

export function relax(model: PostsModel, restriction: Restriction, start: Float64Array, walk: Walk): Relaxed {
  const knapsacks = knapsacksOf(model, restriction.isOut)
  const prices = Float64Array.from(start)
  const direction = new Float64Array(model.customers)
  let best: Relaxed = { ...priced(model, restriction, knapsacks, prices), prices: Float64Array.from(prices) }
  let now = best
  let [scale, fails] = [1, 0]
  for (let round = 0; round < walk.rounds && scale > SMALLEST_STEP && !walk.isStopped(); round++) {
    walk.onRound?.(now.chosen)
    const length = stepAlong(model, knapsacks, now, direction)
    if (length === 0) break
    const step = (scale * aheadOf(now.bound, walk.upper)) / length
    for (let j = 0; j < prices.length; j++) prices[j] = (prices[j] as number) + step * (direction[j] as number)
    now = { ...priced(model, restriction, knapsacks, prices), prices }
    if (now.bound > best.bound + 1e-9 * Math.abs(best.bound)) {
      best = { ...now, prices: Float64Array.from(prices) }
      fails = 0
      walk.onBetter?.(best)
      if (safeBound(best.bound, walk.isWhole) >= walk.upper) break
    } else if (++fails >= PATIENCE) {
      scale /= 2
      fails = 0
      prices.set(best.prices)
      now = { ...best, prices }
      direction.fill(0)
    }
  }
  return best
}

/** How far the bound may still have to go. */
function aheadOf(bound: number, upper: number): number {
  if (!Number.isFinite(upper)) return Math.max(GUESSED_GAP * Math.abs(bound), 1)
  return Math.max(upper - bound, LEAST_GAP * Math.abs(upper), 1e-6)
}

/** The subgradient (1 − how often each customer is served) worked into the direction; answers its squared length. */
function stepAlong(model: PostsModel, knapsacks: Knapsacks, { prices, chosen }: Relaxed, direction: Float64Array) {
  const served = new Float64Array(model.customers)
  for (const site of chosen) knapsacks.serve(site, prices, served)
  let length = 0
  for (let j = 0; j < direction.length; j++) {
    const along = MEMORY * (direction[j] as number) + 1 - (served[j] as number)
    direction[j] = along
    length += along * along
  }
  return length
}

function priced(
  model: PostsModel,
  { isClosed, isOpen }: Restriction,
  knapsacks: Knapsacks,
  prices: Float64Array,
): Omit<Relaxed, 'prices'> {
  const { sites, posts } = model
  const gains = Float64Array.from({ length: sites }, (_, site) =>
    isClosed[site] === 1 ? 0 : knapsacks.gain(site, prices),
  )
  const order = Array.from({ length: sites }, (_, site) => site).filter((site) => isClosed[site] !== 1)
  const chosen = Int32Array.from(
    order.sort(
      (a, b) => (isOpen[b] as number) - (isOpen[a] as number) || (gains[b] as number) - (gains[a] as number) || a - b,
    ),
  ).subarray(0, posts)
  let bound = 0
  for (const price of prices) bound += price
  for (const site of chosen) bound -= gains[site] as number
  return { bound, gains, chosen }
}
