import { type Random, wholeBetween } from '#domain/random.ts'
import type { Nearness } from './nearness.ts'
import { costIn, overIf, put, type State, takeOut } from './state.ts'

/** Puts every free customer where it costs least, those first that lose most by waiting (regret). */
export function insertAll(state: State, customers: readonly number[], random: Random): Set<number> {
  if (customers.length > MOST_BY_TURNS) return insertOnce(state, customers, random)
  const touched = new Set<number>()
  const free = [...customers]
  while (free.length > 0) {
    let [pick, slot, most] = [0, 0, Number.NEGATIVE_INFINITY]
    for (const [index, customer] of free.entries()) {
      const { best, regret } = offersFor(state, customer)
      const urgency = regret * (0.9 + 0.2 * random())
      if (urgency > most) [pick, slot, most] = [index, best, urgency]
    }
    const customer = free[pick] as number
    free[pick] = free.at(-1) as number
    free.pop()
    put(state, customer, slot)
    touched.add(slot)
  }
  return touched
}

/** More are put in by the regret they had at first: asking everybody again after each would take their square. */
const MOST_BY_TURNS = 150

function insertOnce(state: State, customers: readonly number[], random: Random): Set<number> {
  const urgency = new Map(
    customers.map((customer) => [customer, offersFor(state, customer).regret * (0.9 + 0.2 * random())]),
  )
  const order = [...customers].sort((a, b) => (urgency.get(b) as number) - (urgency.get(a) as number) || a - b)
  for (const customer of order) put(state, customer, offersFor(state, customer).best)
  return new Set(state.siteOfSlot.keys())
}

function offersFor(state: State, customer: number): { best: number; regret: number } {
  const weight = state.model.demand[customer] as number
  let [best, first, second] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let slot = 0; slot < state.siteOfSlot.length; slot++) {
    const load = state.load[slot] as number
    const over = overIf(state, slot, load + weight) - overIf(state, slot, load)
    const cost = costIn(state, slot, customer) + state.overloadPrice * over
    if (cost < first) [best, first, second] = [slot, cost, first]
    else if (cost < second) second = cost
  }
  return { best, regret: second === Number.POSITIVE_INFINITY ? 0 : second - first }
}

/** The customers around one, itself first: those that have a nearest site in common with it. */
export function around(state: State, nearness: Nearness, centre: number, count: number): number[] {
  const { width, sites } = nearness
  const own = sites[centre * width] as number
  const { cost, customers } = { cost: state.cost, customers: state.model.customers }
  const row = own * customers
  const order = Array.from({ length: customers }, (_, customer) => customer)
  order.sort((a, b) => (cost[row + a] as number) - (cost[row + b] as number) || a - b)
  return order.slice(0, count)
}

/** Frees the customers of a neighbourhood and puts them back in another order. */
export function shakeCustomers(state: State, nearness: Nearness, random: Random): Set<number> {
  const { customers } = state.model
  const most = Math.min(customers, 40, Math.max(4, Math.round(customers / 4)))
  const freed = around(state, nearness, wholeBetween(random, 0, customers - 1), wholeBetween(random, 2, most))
  return reinsert(state, freed, random)
}

/** Closes one post, opens another near a customer, and lets everybody whom it concerns choose again. */
export function shakePosts(state: State, nearness: Nearness, random: Random): Set<number> {
  const { model, siteOfSlot, slotAtSite } = state
  const slot = wholeBetween(random, 0, siteOfSlot.length - 1)
  const from = siteOfSlot[slot] as number
  if (model.isStanding[from] === 1) return shakeCustomers(state, nearness, random)
  const centre = wholeBetween(random, 0, model.customers - 1)
  const rank = wholeBetween(random, 0, Math.min(nearness.width, 6) - 1)
  const site = nearness.sites[centre * nearness.width + rank] as number
  if (slotAtSite[site] !== -1) return shakeCustomers(state, nearness, random)
  const freed = [...(state.members[slot] as number[])]
  for (const customer of freed) takeOut(state, customer)
  slotAtSite[from] = -1
  siteOfSlot[slot] = site
  slotAtSite[site] = slot
  for (let customer = 0; customer < model.customers; customer++) {
    const now = state.slotOf[customer] as number
    if (now < 0 || costIn(state, slot, customer) >= costIn(state, now, customer)) continue
    takeOut(state, customer)
    freed.push(customer)
  }
  return insertAll(state, freed, random).add(slot)
}

function reinsert(state: State, customers: readonly number[], random: Random): Set<number> {
  const touched = new Set<number>()
  for (const customer of customers) {
    touched.add(state.slotOf[customer] as number)
    takeOut(state, customer)
  }
  for (const slot of insertAll(state, customers, random)) touched.add(slot)
  return touched
}
