import type { CoveringModel } from './model.ts'

/**
 * The relaxation of "a covered place has a post in reach": at a price for each place, its weight less the price counts for itself and the
 * prices within reach count for each site; the best sites' sums on top of that are an upper bound, for every number of posts at once.
 */
export interface Priced {
  prices: Float64Array
  /** What each site is worth at those prices. */
  worth: Float64Array
  /** Sites from the worthiest on, those that stand in front. */
  order: Int32Array
  /** Without any post. */
  base: number
}

export function pricedAt(model: CoveringModel, prices: Float64Array): Priced {
  const { weight, reaches, isStanding } = model
  const worth = Float64Array.from(reaches, (places) => {
    let sum = 0
    for (const place of places) sum += prices[place] as number
    return sum
  })
  let base = 0
  for (let place = 0; place < weight.length; place++) base += (weight[place] as number) - (prices[place] as number)
  const order = Int32Array.from({ length: worth.length }, (_, site) => site).sort(
    (a, b) =>
      (isStanding[b] as number) - (isStanding[a] as number) || (worth[b] as number) - (worth[a] as number) || a - b,
  )
  return { prices, worth, order, base }
}

export const boundOf = ({ worth, order, base }: Priced, posts: number): number => {
  let bound = base
  for (let i = 0; i < Math.min(posts, order.length); i++) bound += worth[order[i] as number] as number
  return bound
}

/** Lowers every number of posts' bound to what these prices prove; `bounds[n]` is for n posts. */
export function lowerBounds({ worth, order, base }: Priced, bounds: Float64Array): void {
  let bound = base
  for (let posts = 0; posts < bounds.length; posts++) {
    if (bound < (bounds[posts] as number)) bounds[posts] = bound
    if (posts < order.length) bound += worth[order[posts] as number] as number
  }
}

export interface CoveringWalk {
  posts: number
  /** The weight of a known choice. */
  covered: number
  rounds: number
  bounds: Float64Array
  isStopped(): boolean
  onRound?(): void
}

const PATIENCE = 15
const SMALLEST_STEP = 0.002
const MEMORY = 0.4

/** Looks for the prices at which the bound for so many posts is least; answers the best. */
export function walkDown(model: CoveringModel, start: Float64Array, walk: CoveringWalk): Priced {
  const prices = Float64Array.from(start)
  const direction = new Float64Array(prices.length)
  let now = pricedAt(model, prices)
  let best = { ...now, prices: Float64Array.from(prices) }
  let least = boundOf(now, walk.posts)
  let [scale, fails] = [1, 0]
  lowerBounds(now, walk.bounds)
  for (let round = 0; round < walk.rounds && scale > SMALLEST_STEP && !walk.isStopped(); round++) {
    walk.onRound?.()
    const ahead = boundOf(now, walk.posts) - walk.covered
    const length = directionOf(model, now, walk.posts, direction)
    if (length === 0 || ahead <= 0) break
    step(model, prices, direction, (scale * Math.max(ahead, 1e-4 * walk.covered)) / length)
    now = pricedAt(model, prices)
    lowerBounds(now, walk.bounds)
    const bound = boundOf(now, walk.posts)
    if (bound < least - 1e-9 * Math.abs(least)) {
      least = bound
      best = { ...now, prices: Float64Array.from(prices) }
      fails = 0
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

/** How often a place is reached by the worthiest sites, less 1: a price falls where that is too often and rises where it is never. */
function directionOf({ weight, reaches }: CoveringModel, now: Priced, posts: number, direction: Float64Array): number {
  const times = new Float64Array(weight.length)
  for (const site of now.order.subarray(0, posts))
    for (const place of reaches[site] as Int32Array) times[place] = (times[place] as number) + 1
  let length = 0
  for (let place = 0; place < times.length; place++) {
    const isAtWeight = (now.prices[place] as number) >= (weight[place] as number)
    const excess = (times[place] as number) - (isAtWeight ? Math.min(1, times[place] as number) : 1)
    const along = MEMORY * (direction[place] as number) + excess
    direction[place] = along
    length += along * along
  }
  return length
}

function step({ weight }: CoveringModel, prices: Float64Array, direction: Float64Array, size: number): void {
  for (let place = 0; place < prices.length; place++) {
    const price = (prices[place] as number) - size * (direction[place] as number)
    prices[place] = Math.min(weight[place] as number, Math.max(0, price))
  }
}
