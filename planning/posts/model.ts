/**
 * Where to put `posts` posts: choose that many sites, send every customer to one of them, at the least sum of costs, no post
 * taking more than it can. The capacitated p-median; without capacities the p-median.
 */
export interface PostsModel {
  sites: number
  customers: number
  /** Of a customer at a site: `cost[site * customers + customer]`. None is negative; Infinity = may not go there. */
  cost: Float64Array
  /** What each customer brings to its post. */
  demand: Float64Array
  /** What a post at each site can take; Infinity = whatever comes. */
  capacity: Float64Array
  posts: number
  /** 1 = there is a post already and it stays. */
  isStanding: Uint8Array
}

export interface Placement {
  /** The chosen sites, ascending. */
  chosen: Int32Array
  /** The site each customer goes to. */
  siteOf: Int32Array
  cost: number
}

export const costAt = (model: PostsModel, site: number, customer: number): number =>
  model.cost[site * model.customers + customer] as number

/** Sums of whole costs are whole, so a bound on them may be rounded up. */
export const isWhole = (model: PostsModel): boolean =>
  model.cost.every((cost) => Number.isInteger(cost) || cost === Number.POSITIVE_INFINITY)

/** As many sites as there are posts to choose: those that are missing serve nobody, so any will do. */
export function filledUp({ sites, posts }: PostsModel, chosen: Iterable<number>): Int32Array {
  const all = new Set(chosen)
  for (let site = 0; site < sites && all.size < posts; site++) all.add(site)
  return Int32Array.from(all).sort()
}

export type Fault = 'notChosen' | 'notAllowed' | 'tooManyPosts' | 'standingLeft' | 'overload'

/** PO2: what a placement costs when each customer goes where it says, or the first thing that is wrong with it. */
export function judge(
  model: PostsModel,
  placement: Pick<Placement, 'chosen' | 'siteOf'>,
): { ok: true; cost: number } | { ok: false; why: Fault; at: number } {
  const { customers, posts, demand, capacity, isStanding } = model
  const chosen = new Set(placement.chosen)
  if (chosen.size > posts) return { ok: false, why: 'tooManyPosts', at: chosen.size }
  const left = isStanding.findIndex((stands, site) => stands === 1 && !chosen.has(site))
  if (left >= 0) return { ok: false, why: 'standingLeft', at: left }
  const load = new Float64Array(model.sites)
  let cost = 0
  for (let customer = 0; customer < customers; customer++) {
    const site = placement.siteOf[customer] as number
    if (!chosen.has(site)) return { ok: false, why: 'notChosen', at: customer }
    const own = costAt(model, site, customer)
    if (own === Number.POSITIVE_INFINITY) return { ok: false, why: 'notAllowed', at: customer }
    cost += own
    load[site] = (load[site] as number) + (demand[customer] as number)
  }
  const over = load.findIndex((sum, site) => sum > (capacity[site] as number) + LOAD_TOLERANCE)
  return over >= 0 ? { ok: false, why: 'overload', at: over } : { ok: true, cost }
}

/** Loads are sums of floats where demands are not whole. */
export const LOAD_TOLERANCE = 1e-9
