import type { Nearness } from './nearness.ts'
import { costIn, move, overIf, relocate, type State } from './state.ts'

/** A gain smaller than this is an error of adding floats. */
const LEAST = 1e-7
/** Above this many posts a slot looks only at those its customers are near to. */
const LOOKS_AT_ALL = 40
/** Posts that each customer adds to its slot's neighbours. */
const NEIGHBOURS_EACH = 3

/** Moves one customer, swaps two, sends a post elsewhere, until nothing of it helps; begins at the slots that were touched. */
export function improve(state: State, nearness: Nearness, touched: Iterable<number>): void {
  const queue = new Set(touched)
  for (const slot of queue) {
    queue.delete(slot)
    if (improveSite(state, nearness, slot)) queue.add(slot)
    for (const other of neighbours(state, nearness, slot)) {
      if (!improvePair(state, slot, other)) continue
      queue.add(slot).add(other)
    }
  }
}

function neighbours(state: State, nearness: Nearness, slot: number): Iterable<number> {
  const slots = state.siteOfSlot.length
  const found = new Set<number>()
  if (slots <= LOOKS_AT_ALL) for (let other = 0; other < slots; other++) found.add(other)
  else for (const customer of state.members[slot] as number[]) addNear(state, nearness, customer, found)
  found.delete(slot)
  return found
}

function addNear(state: State, { width, sites }: Nearness, customer: number, found: Set<number>): void {
  let count = 0
  for (let rank = 0; rank < width && count < NEIGHBOURS_EACH; rank++) {
    const other = state.slotAtSite[sites[customer * width + rank] as number] as number
    if (other < 0) continue
    found.add(other)
    count++
  }
}

function improvePair(state: State, a: number, b: number): boolean {
  let isBetter = false
  while (shiftBest(state, a, b) || shiftBest(state, b, a) || swapBest(state, a, b)) isBetter = true
  return isBetter
}

/** What the overload's price changes by when `weight` goes from one slot to the other. */
function overloadChange(state: State, from: number, to: number, weight: number): number {
  const { load, overloadPrice } = state
  const [left, came] = [load[from] as number, load[to] as number]
  const before = overIf(state, from, left) + overIf(state, to, came)
  return overloadPrice * (overIf(state, from, left - weight) + overIf(state, to, came + weight) - before)
}

function shiftBest(state: State, from: number, to: number): boolean {
  const { demand } = state.model
  let [best, bestChange] = [-1, -LEAST]
  for (const customer of state.members[from] as number[]) {
    const own = costIn(state, to, customer) - costIn(state, from, customer)
    if (own >= bestChange && state.overload === 0) continue
    const change = own + overloadChange(state, from, to, demand[customer] as number)
    if (change < bestChange) [best, bestChange] = [customer, change]
  }
  if (best >= 0) move(state, best, to)
  return best >= 0
}

function swapBest(state: State, a: number, b: number): boolean {
  const { demand } = state.model
  // Where nothing is ever full each customer goes where it likes, and two that change places gain nothing.
  if (!isLimited(state, a) && !isLimited(state, b)) return false
  let [bestOne, bestOther, bestChange] = [-1, -1, -LEAST]
  for (const one of state.members[a] as number[]) {
    const oneWay = costIn(state, b, one) - costIn(state, a, one)
    for (const other of state.members[b] as number[]) {
      const own = oneWay + costIn(state, a, other) - costIn(state, b, other)
      if (own >= bestChange && state.overload === 0) continue
      const change = own + overloadChange(state, a, b, (demand[one] as number) - (demand[other] as number))
      if (change < bestChange) [bestOne, bestOther, bestChange] = [one, other, change]
    }
  }
  if (bestOne < 0) return false
  move(state, bestOne, b)
  move(state, bestOther, a)
  return true
}

const isLimited = ({ model, siteOfSlot }: State, slot: number) =>
  model.capacity[siteOfSlot[slot] as number] !== Number.POSITIVE_INFINITY

/** The post goes where its customers together are nearest to. */
function improveSite(state: State, nearness: Nearness, slot: number): boolean {
  const from = state.siteOfSlot[slot] as number
  if (state.model.isStanding[from] === 1) return false
  const list = state.members[slot] as number[]
  const weight = state.load[slot] as number
  const costAtSite = (site: number) => {
    const over = Math.max(0, weight - (state.model.capacity[site] as number))
    let sum = state.overloadPrice * over
    for (const customer of list) sum += state.cost[site * state.model.customers + customer] as number
    return sum
  }
  let [best, bestCost] = [-1, costAtSite(from) - LEAST]
  for (const site of sitesNear(state, nearness, list)) {
    const cost = costAtSite(site)
    if (cost < bestCost) [best, bestCost] = [site, cost]
  }
  if (best >= 0) relocate(state, slot, best)
  return best >= 0
}

/** More sites than this are not tried for one post: those that most of its customers name. */
const MOST_SITES = 80

function sitesNear(state: State, { width, sites }: Nearness, list: readonly number[]): Iterable<number> {
  const found = new Set<number>()
  // Ring by ring, so that what is left out is what no customer has among its nearest.
  for (let rank = 0; rank < width && found.size < MOST_SITES; rank++)
    for (const customer of list) {
      const site = sites[customer * width + rank] as number
      if (state.slotAtSite[site] === -1) found.add(site)
    }
  return found
}
