import { costAt, type PostsModel } from './model.ts'

/**
 * What one post would serve at the given prices: the customers whose price is above their cost there, as many as it can take, for
 * the largest sum of price − cost. Whole demands are solved exactly; others (or a very large capacity) by their linear relaxation,
 * which can only be larger, so a bound built on it still holds.
 */
export interface Knapsacks {
  /** The largest gain of a post at this site, at least 0. */
  gain(site: number, prices: Float64Array): number
  /** Adds to `served` what the post would serve (1, or a part of one by the relaxation). */
  serve(site: number, prices: Float64Array, served: Float64Array): void
  /** The gain when one customer must be among the served, into `into` by customer; −Infinity where it may not go there. */
  gainsWithEach(site: number, prices: Float64Array, into: Float64Array): void
}

/** More cells in a table are slower than what exactness gains. */
const MOST_CAPACITY = 20_000
/** Of a table with a row for each customer: 32 MB of sums, 4 MB of marks. */
const MOST_CELLS = 4_000_000

interface Bag {
  /** Customers with a gain at the site just looked at. */
  items: Int32Array
  size: number
  weight: number
}

export function knapsacksOf(model: PostsModel, isOut: Uint8Array): Knapsacks {
  const { customers, demand, capacity } = model
  const isExact = demand.every(Number.isInteger)
  const bag: Bag = { items: new Int32Array(customers), size: 0, weight: 0 }
  const gains = new Float64Array(customers)
  const fill = (site: number, prices: Float64Array) => {
    bag.size = 0
    bag.weight = 0
    const row = site * customers
    const most = capacity[site] as number
    for (let customer = 0; customer < customers; customer++) {
      const gain = (prices[customer] as number) - (model.cost[row + customer] as number)
      if (gain <= 0 || isOut[row + customer] === 1 || (demand[customer] as number) > most) continue
      gains[customer] = gain
      bag.items[bag.size++] = customer
      bag.weight += demand[customer] as number
    }
    return most
  }
  const roomOf = (most: number) => (isExact && most <= MOST_CAPACITY ? Math.floor(most) : -1)
  const tableRoomOf = (most: number) => {
    const room = roomOf(most)
    return (bag.size + 1) * (room + 1) <= MOST_CELLS ? room : -1
  }
  const sum = () => {
    let total = 0
    for (let i = 0; i < bag.size; i++) total += gains[bag.items[i] as number] as number
    return total
  }
  return {
    gain(site, prices) {
      const most = fill(site, prices)
      if (bag.weight <= most) return sum()
      const room = roomOf(most)
      return room < 0 ? fractional(bag, gains, demand, most, null) : best(bag, gains, demand, room)
    },
    serve(site, prices, served) {
      const most = fill(site, prices)
      const room = tableRoomOf(most)
      if (bag.weight <= most) for (let i = 0; i < bag.size; i++) add(served, bag.items[i] as number, 1)
      else if (room < 0) fractional(bag, gains, demand, most, served)
      else pick(bag, gains, demand, room, served)
    },
    gainsWithEach(site, prices, into) {
      const most = fill(site, prices)
      const room = tableRoomOf(most)
      if (room < 0) loosely(model, site, prices, bag, gains, into)
      else withEach({ model, site, prices, isOut }, bag, gains, room, into)
      for (let customer = 0; customer < customers; customer++)
        if (isOut[site * customers + customer] === 1 || (demand[customer] as number) > most)
          into[customer] = Number.NEGATIVE_INFINITY
    },
  }
}

const add = (served: Float64Array, customer: number, part: number) => {
  served[customer] = (served[customer] as number) + part
}

let table = new Float64Array(0)
let taken = new Uint8Array(0)

const cleared = (length: number): Float64Array => {
  if (table.length < length) table = new Float64Array(length)
  else table.fill(0, 0, length)
  return table
}

function best(bag: Bag, gains: Float64Array, demand: Float64Array, room: number): number {
  const cells = cleared(room + 1)
  for (let i = 0; i < bag.size; i++) {
    const customer = bag.items[i] as number
    addItem(cells, demand[customer] as number, gains[customer] as number, room)
  }
  return cells[room] as number
}

function addItem(cells: Float64Array, weight: number, gain: number, room: number): void {
  for (let used = room; used >= weight; used--) {
    const other = (cells[used - weight] as number) + gain
    if (other > (cells[used] as number)) cells[used] = other
  }
}

function pick(bag: Bag, gains: Float64Array, demand: Float64Array, room: number, served: Float64Array): void {
  const width = room + 1
  if (taken.length < bag.size * width) taken = new Uint8Array(bag.size * width)
  else taken.fill(0, 0, bag.size * width)
  const cells = cleared(width)
  for (let i = 0; i < bag.size; i++) {
    const customer = bag.items[i] as number
    const [weight, gain] = [demand[customer] as number, gains[customer] as number]
    for (let used = room; used >= weight; used--) {
      const other = (cells[used - weight] as number) + gain
      if (other <= (cells[used] as number)) continue
      cells[used] = other
      taken[i * width + used] = 1
    }
  }
  let left = room
  for (let i = bag.size - 1; i >= 0; i--) {
    if (taken[i * width + left] === 0) continue
    const customer = bag.items[i] as number
    add(served, customer, 1)
    left -= demand[customer] as number
  }
}

/** Dantzig's bound: the best gain a unit of demand first, the last one in part. */
function fractional(
  bag: Bag,
  gains: Float64Array,
  demand: Float64Array,
  most: number,
  served: Float64Array | null,
): number {
  const worth = (customer: number) => (gains[customer] as number) / Math.max(demand[customer] as number, 1e-12)
  const order = bag.items.subarray(0, bag.size).sort((a, b) => worth(b) - worth(a) || a - b)
  let [left, total] = [most, 0]
  for (const customer of order) {
    const weight = demand[customer] as number
    const part = weight <= left ? 1 : left / weight
    if (part <= 0) break
    total += part * (gains[customer] as number)
    left -= part * weight
    if (served) add(served, customer, part)
  }
  return total
}

/** Without a table: nothing is pushed out by the customer that must come, which can only say too much. */
function loosely(
  model: PostsModel,
  site: number,
  prices: Float64Array,
  bag: Bag,
  gains: Float64Array,
  into: Float64Array,
): void {
  const most = model.capacity[site] as number
  let all = 0
  if (bag.weight <= most) for (let i = 0; i < bag.size; i++) all += gains[bag.items[i] as number] as number
  else all = fractional(bag, gains, model.demand, most, null)
  for (let customer = 0; customer < model.customers; customer++)
    into[customer] = all + Math.min(0, (prices[customer] as number) - costAt(model, site, customer))
}

interface Asked {
  model: PostsModel
  site: number
  prices: Float64Array
  isOut: Uint8Array
}

/** Exactly, by the tables of all items before each and of all after it. */
function withEach(asked: Asked, bag: Bag, gains: Float64Array, room: number, into: Float64Array): void {
  const { model, site, prices } = asked
  const { demand } = model
  const width = room + 1
  const before = new Float64Array((bag.size + 1) * width)
  for (let i = 0; i < bag.size; i++) {
    const customer = bag.items[i] as number
    before.copyWithin((i + 1) * width, i * width, (i + 1) * width)
    addItem(
      before.subarray((i + 1) * width, (i + 2) * width),
      demand[customer] as number,
      gains[customer] as number,
      room,
    )
  }
  const all = before.subarray(bag.size * width)
  for (let customer = 0; customer < model.customers; customer++) {
    const own = (prices[customer] as number) - costAt(model, site, customer)
    into[customer] = own + (all[Math.max(0, room - (demand[customer] as number))] as number)
  }
  const after = cleared(width)
  for (let i = bag.size - 1; i >= 0; i--) {
    const customer = bag.items[i] as number
    const [weight, gain] = [demand[customer] as number, gains[customer] as number]
    let most = 0
    for (let used = room - weight; used >= 0; used--) {
      const sum = (before[i * width + used] as number) + (after[room - weight - used] as number)
      if (sum > most) most = sum
    }
    into[customer] = gain + most
    addItem(after, weight, gain, room)
  }
}
