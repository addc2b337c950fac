import type { Placement, PostsModel } from './model.ts'

/**
 * A placement in the hands of the search: posts stand in numbered slots, each with its customers and its load. Loads above the
 * capacity are allowed on the way, at a price a unit.
 */
export interface State {
  model: PostsModel
  /** Costs with a number for "may not": more than any placement that keeps to what is allowed. */
  cost: Float64Array
  forbidden: number
  siteOfSlot: Int32Array
  /** The slot whose post stands at each site, or −1. */
  slotAtSite: Int32Array
  slotOf: Int32Array
  members: number[][]
  /** Where each customer stands in its slot's list. */
  seat: Int32Array
  load: Float64Array
  /** Sum of costs, without overload. */
  total: number
  overload: number
  overloadPrice: number
}

export function emptyState(model: PostsModel, chosen: ArrayLike<number>): State {
  const { cost, forbidden } = finiteCosts(model)
  const siteOfSlot = Int32Array.from(chosen)
  const slotAtSite = new Int32Array(model.sites).fill(-1)
  for (const [slot, site] of siteOfSlot.entries()) slotAtSite[site] = slot
  return {
    model,
    cost,
    forbidden,
    siteOfSlot,
    slotAtSite,
    slotOf: new Int32Array(model.customers).fill(-1),
    members: Array.from(siteOfSlot, () => []),
    seat: new Int32Array(model.customers),
    load: new Float64Array(siteOfSlot.length),
    total: 0,
    overload: 0,
    overloadPrice: 1,
  }
}

function finiteCosts({ cost, customers }: PostsModel): { cost: Float64Array; forbidden: number } {
  let most = 0
  let isAllowedEverywhere = true
  for (const each of cost)
    if (each === Number.POSITIVE_INFINITY) isAllowedEverywhere = false
    else if (each > most) most = each
  const forbidden = (most + 1) * customers
  if (isAllowedEverywhere) return { cost, forbidden }
  return { cost: cost.map((each) => (each === Number.POSITIVE_INFINITY ? forbidden : each)), forbidden }
}

export const costIn = (state: State, slot: number, customer: number): number =>
  state.cost[(state.siteOfSlot[slot] as number) * state.model.customers + customer] as number

/** The slot's overload if it carried this much. */
export function overIf(state: State, slot: number, load: number): number {
  const over = load - (state.model.capacity[state.siteOfSlot[slot] as number] as number)
  return over > 0 ? over : 0
}

export const penalised = (state: State): number => state.total + state.overloadPrice * state.overload

export const isFeasible = (state: State): boolean => state.overload <= 1e-9 && state.total < state.forbidden

export function put(state: State, customer: number, slot: number): void {
  const { load, members, seat, slotOf, model } = state
  const before = load[slot] as number
  const after = before + (model.demand[customer] as number)
  state.overload += overIf(state, slot, after) - overIf(state, slot, before)
  state.total += costIn(state, slot, customer)
  load[slot] = after
  const list = members[slot] as number[]
  seat[customer] = list.length
  list.push(customer)
  slotOf[customer] = slot
}

export function takeOut(state: State, customer: number): void {
  const { load, members, seat, slotOf, model } = state
  const slot = slotOf[customer] as number
  const before = load[slot] as number
  const after = before - (model.demand[customer] as number)
  state.overload += overIf(state, slot, after) - overIf(state, slot, before)
  state.total -= costIn(state, slot, customer)
  load[slot] = after
  const list = members[slot] as number[]
  const last = list.pop() as number
  if (last !== customer) {
    list[seat[customer] as number] = last
    seat[last] = seat[customer] as number
  }
  slotOf[customer] = -1
}

export function move(state: State, customer: number, slot: number): void {
  takeOut(state, customer)
  put(state, customer, slot)
}

/** The slot's post goes to another site and takes its customers along. */
export function relocate(state: State, slot: number, site: number): void {
  const list = [...(state.members[slot] as number[])]
  for (const customer of list) takeOut(state, customer)
  state.slotAtSite[state.siteOfSlot[slot] as number] = -1
  state.siteOfSlot[slot] = site
  state.slotAtSite[site] = slot
  for (const customer of list) put(state, customer, slot)
}

export interface Snapshot {
  siteOfSlot: Int32Array
  slotOf: Int32Array
}

export const snapshot = (state: State): Snapshot => ({
  siteOfSlot: Int32Array.from(state.siteOfSlot),
  slotOf: Int32Array.from(state.slotOf),
})

/** Back to a snapshot. Sums are made anew, so that no error of adding floats builds up. */
export function restore(state: State, { siteOfSlot, slotOf }: Snapshot): void {
  state.slotAtSite.fill(-1)
  state.siteOfSlot.set(siteOfSlot)
  for (const [slot, site] of siteOfSlot.entries()) {
    state.slotAtSite[site] = slot
    ;(state.members[slot] as number[]).length = 0
    state.load[slot] = 0
  }
  state.total = 0
  state.overload = 0
  for (const [customer, slot] of slotOf.entries()) put(state, customer, slot)
}

export function placementOf(state: State): Placement {
  const { siteOfSlot, slotOf } = state
  return {
    chosen: Int32Array.from(siteOfSlot).sort(),
    siteOf: Int32Array.from(slotOf, (slot) => siteOfSlot[slot] as number),
    cost: state.total,
  }
}

export function stateOf(model: PostsModel, placement: Pick<Placement, 'chosen' | 'siteOf'>): State {
  const state = emptyState(model, placement.chosen)
  for (const [customer, site] of placement.siteOf.entries()) put(state, customer, state.slotAtSite[site] as number)
  return state
}
