import { chance, type Random, wholeBetween } from '#domain/random.ts'
import { improve } from './improve.ts'
import { insertAll, shakeCustomers, shakePosts } from './kick.ts'
import { filledUp, type Placement, type PostsModel } from './model.ts'
import type { Nearness } from './nearness.ts'
import {
  emptyState,
  isFeasible,
  penalised,
  placementOf,
  restore,
  type Snapshot,
  type State,
  snapshot,
  stateOf,
} from './state.ts'

/** A walk over placements from one given or built; each call of `step` is one kick and the way down from it. */
export interface Search {
  best: Placement | null
  step(): void
  /** Another start: a set of sites somebody thinks well of. */
  tryFrom(chosen: ArrayLike<number>): void
  /** A placement found elsewhere; the walk goes on from it when it is the best. */
  adopt(placement: Placement): boolean
}

/** A worse placement is followed when it costs at most this share more. */
const SLACK = 0.004
/** Kicks without a better placement, after which the walk goes back to the best. */
const PATIENCE = 300
const REVIEW_EVERY = 10
const DEARER = 1.3

export function startSearch(model: PostsModel, nearness: Nearness, random: Random, start?: Placement): Search {
  const state = start
    ? stateOf(model, { ...start, chosen: filledUp(model, start.chosen) })
    : spread(model, nearness, random)
  state.overloadPrice = firstOverloadPrice(state)
  settle(state, nearness)
  let here = snapshot(state)
  let hereCost = penalised(state)
  let [fails, feasible, tries] = [0, 0, 0]
  const search: Search = { best: null, step, tryFrom, adopt }
  keepBest()
  return search

  function keepBest(): boolean {
    if (!isFeasible(state) || (search.best && state.total >= search.best.cost - 1e-7)) return false
    search.best = placementOf(state)
    return true
  }

  function accept(): void {
    here = snapshot(state)
    hereCost = penalised(state)
  }

  function step(): void {
    if (fails > PATIENCE) goBack()
    const touched = chance(random, 0.5) ? shakePosts(state, nearness, random) : shakeCustomers(state, nearness, random)
    improve(state, nearness, touched)
    const isBetter = keepBest()
    fails = isBetter ? 0 : fails + 1
    tries++
    if (isFeasible(state)) feasible++
    if (isBetter || penalised(state) <= hereCost + SLACK * Math.abs(hereCost)) accept()
    else restore(state, here)
    if (tries === REVIEW_EVERY) reviewPrice()
  }

  /** The price of overload moves so that some of the placements are feasible and some are not: good ones lie on the edge. */
  function reviewPrice(): void {
    if (feasible === tries) state.overloadPrice /= DEARER
    else if (feasible <= tries / 3) state.overloadPrice *= DEARER
    hereCost = penalised(state)
    feasible = 0
    tries = 0
  }

  function goBack(): void {
    fails = 0
    if (search.best) restore(state, asSnapshot(state, search.best))
    accept()
  }

  function tryFrom(chosen: ArrayLike<number>): void {
    const other = emptyState(model, chosen)
    other.overloadPrice = state.overloadPrice
    insertAll(other, [...other.slotOf.keys()], random)
    improve(other, nearness, other.siteOfSlot.keys())
    if (penalised(other) >= hereCost) return
    restore(state, snapshot(other))
    if (keepBest()) fails = 0
    accept()
  }

  function adopt(placement: Placement): boolean {
    if (search.best && placement.cost >= search.best.cost - 1e-7) return false
    restore(state, asSnapshot(state, placement))
    // As it was found: the way down pays for overload, and may end where the placement is no longer one.
    if (keepBest()) fails = 0
    improve(state, nearness, state.siteOfSlot.keys())
    keepBest()
    accept()
    return true
  }
}

/** Doublings of the overload's price at the start; what is still too full then is left to the walk. */
const DOUBLINGS = 10

function settle(state: State, nearness: Nearness): void {
  improve(state, nearness, state.siteOfSlot.keys())
  const price = state.overloadPrice
  for (let turn = 0; turn < DOUBLINGS && !isFeasible(state); turn++) {
    state.overloadPrice *= 2
    improve(state, nearness, state.siteOfSlot.keys())
  }
  if (isFeasible(state)) state.overloadPrice = price
}

function asSnapshot(state: State, { chosen: used, siteOf }: Placement): Snapshot {
  const chosen = filledUp(state.model, used)
  const slotAtSite = new Int32Array(state.model.sites).fill(-1)
  for (const [slot, site] of chosen.entries()) slotAtSite[site] = slot
  return { siteOfSlot: chosen, slotOf: Int32Array.from(siteOf, (site) => slotAtSite[site] as number) }
}

/** About what a unit of demand costs to serve: more than most moves save. */
function firstOverloadPrice(state: State): number {
  let demand = 0
  for (const each of state.model.demand) demand += each
  return demand > 0 ? Math.max(1e-6, (2 * state.total) / demand) : 1
}

/** Sites far from one another: the first at random, each next one where a random far customer has its nearest. */
function spread(model: PostsModel, nearness: Nearness, random: Random): State {
  const chosen = new Set<number>()
  for (const [site, stands] of model.isStanding.entries()) if (stands === 1) chosen.add(site)
  const nearest = new Float64Array(model.customers).fill(Number.POSITIVE_INFINITY)
  const lookFrom = (site: number) => {
    for (let customer = 0; customer < model.customers; customer++)
      nearest[customer] = Math.min(nearest[customer] as number, model.cost[site * model.customers + customer] as number)
  }
  for (const site of chosen) lookFrom(site)
  while (chosen.size < model.posts) {
    const site = siteForFar(model, nearness, nearest, random)
    const free = chosen.has(site) ? firstFree(model, chosen) : site
    chosen.add(free)
    lookFrom(free)
  }
  const state = emptyState(model, [...chosen])
  insertAll(state, [...state.slotOf.keys()], random)
  return state
}

const DRAWS = 8

function siteForFar(model: PostsModel, nearness: Nearness, nearest: Float64Array, random: Random): number {
  let far = wholeBetween(random, 0, model.customers - 1)
  for (let draw = 1; draw < DRAWS; draw++) {
    const other = wholeBetween(random, 0, model.customers - 1)
    if ((nearest[other] as number) > (nearest[far] as number)) far = other
  }
  return nearness.sites[far * nearness.width] as number
}

function firstFree(model: PostsModel, chosen: ReadonlySet<number>): number {
  for (let site = 0; site < model.sites; site++) if (!chosen.has(site)) return site
  return 0
}
