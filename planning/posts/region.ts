import { type Random, wholeBetween } from '#domain/random.ts'
import type { Placement, PostsModel } from './model.ts'
import type { Nearness } from './nearness.ts'

/** A part of the problem that can be solved on its own: some posts with all their customers, everybody else left where they are. */
export interface Region {
  model: PostsModel
  sites: Int32Array
  customers: Int32Array
  /** The posts that are up for choice, as sites of the whole. */
  posts: readonly number[]
  /** What the region's customers cost now. */
  cost: number
}

/** As many customers and sites as a small branch and cut can decide. */
const MOST_CUSTOMERS = 70
const MOST_SITES = 60
const MOST_POSTS = 6

/** The posts nearest to a customer drawn at random, with their customers and the sites around. */
export function drawRegion(model: PostsModel, placement: Placement, nearness: Nearness, random: Random): Region {
  const centre = wholeBetween(random, 0, model.customers - 1)
  const most = wholeBetween(random, 3, MOST_POSTS)
  const cost = (site: number) => model.cost[site * model.customers + centre] as number
  const byCost = [...placement.chosen].sort((a, b) => (cost(a) === cost(b) ? a - b : cost(a) < cost(b) ? -1 : 1))
  const members = new Map(byCost.map((site) => [site, [] as number[]]))
  for (const [customer, site] of placement.siteOf.entries()) members.get(site)?.push(customer)
  const posts: number[] = []
  const customers: number[] = []
  for (const site of byCost) {
    const own = members.get(site) ?? []
    if (posts.length >= most || (posts.length >= 2 && customers.length + own.length > MOST_CUSTOMERS)) break
    posts.push(site)
    customers.push(...own)
  }
  customers.sort((a, b) => a - b)
  return regionOf(model, placement, posts, customers, sitesFor(placement, posts, customers, nearness))
}

function sitesFor(placement: Placement, posts: readonly number[], customers: readonly number[], near: Nearness) {
  const isTaken = new Set(placement.chosen)
  const sites = new Set(posts)
  for (let rank = 0; rank < near.width; rank++)
    for (const customer of customers) {
      if (sites.size >= MOST_SITES) return sites
      const site = near.sites[customer * near.width + rank] as number
      if (!isTaken.has(site)) sites.add(site)
    }
  return sites
}

function regionOf(
  model: PostsModel,
  placement: Placement,
  posts: readonly number[],
  customers: readonly number[],
  allowed: ReadonlySet<number>,
): Region {
  const sites = Int32Array.from(allowed).sort()
  const part = Int32Array.from(customers)
  const cost = new Float64Array(sites.length * part.length)
  for (const [row, site] of sites.entries())
    for (const [column, customer] of part.entries())
      cost[row * part.length + column] = model.cost[site * model.customers + customer] as number
  let now = 0
  for (const customer of part)
    now += model.cost[(placement.siteOf[customer] as number) * model.customers + customer] as number
  return {
    model: {
      sites: sites.length,
      customers: part.length,
      cost,
      demand: Float64Array.from(part, (customer) => model.demand[customer] as number),
      capacity: Float64Array.from(sites, (site) => model.capacity[site] as number),
      posts: posts.length,
      isStanding: Uint8Array.from(sites, (site) => model.isStanding[site] as number),
    },
    sites,
    customers: part,
    posts,
    cost: now,
  }
}

/** The whole placement with the region's part in place of what was there. */
export function withRegion(placement: Placement, region: Region, part: Placement): Placement {
  const chosen = new Set(placement.chosen)
  const siteOf = Int32Array.from(placement.siteOf)
  for (const site of region.posts) chosen.delete(site)
  for (const site of part.chosen) chosen.add(region.sites[site] as number)
  for (const [index, customer] of region.customers.entries())
    siteOf[customer] = region.sites[part.siteOf[index] as number] as number
  return { chosen: Int32Array.from(chosen).sort(), siteOf, cost: placement.cost - region.cost + part.cost }
}
