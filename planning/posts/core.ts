import { type LinearModel, ModelBuilder } from '#planning/mip/model.ts'
import { costAt, type Placement, type PostsModel } from './model.ts'
import type { Restriction } from './relax.ts'

/** What is left after fixing, as a mixed-integer programme: a column for each site and for each pair. */
export interface Core {
  model: LinearModel
  /** Columns 0 … sites.length − 1 are the sites, those after them the pairs in order. */
  sites: Int32Array
  pairSite: Int32Array
  pairCustomer: Int32Array
}

/**
 * Every customer once, loads within the capacity, no customer without its post, as many posts as asked. Costs are
 * scaled; only what then costs `most` or less counts: the programme is infeasible exactly when nothing so cheap is left.
 */
export function coreOf(model: PostsModel, { isClosed, isOpen, isOut }: Restriction, most: number, scale: number): Core {
  const { customers, posts, demand, capacity } = model
  const sites = Int32Array.from({ length: model.sites }, (_, site) => site).filter((site) => isClosed[site] === 0)
  const pairs = [...sites].flatMap((site) => allowedAt(isOut, site, customers).map((customer) => ({ site, customer })))
  const build = new ModelBuilder()
  const once = Array.from({ length: customers }, () => build.row(1, 1))
  const room = new Map([...sites].map((site) => [site, build.row(Number.NEGATIVE_INFINITY, 0)]))
  const count = build.row(0, posts)
  const cut = build.row(Number.NEGATIVE_INFINITY, most)
  const links = pairs.map(() => build.row(Number.NEGATIVE_INFINITY, 0))
  const linksOf = new Map([...sites].map((site) => [site, [] as number[]]))
  for (const [index, { site }] of pairs.entries()) linksOf.get(site)?.push(links[index] as number)
  for (const site of sites) {
    build.column({ cost: 0, lower: isOpen[site] as number })
    const holds = capacity[site] as number
    if (Number.isFinite(holds)) build.entry(room.get(site) as number, -holds)
    build.entry(count, 1)
    for (const row of linksOf.get(site) ?? []) build.entry(row, -1)
  }
  for (const [index, { site, customer }] of pairs.entries()) {
    const cost = scale * costAt(model, site, customer)
    build.column({ cost })
    build.entry(once[customer] as number, 1)
    if (Number.isFinite(capacity[site])) build.entry(room.get(site) as number, demand[customer] as number)
    build.entry(cut, cost)
    build.entry(links[index] as number, 1)
  }
  return {
    model: build.done(),
    sites,
    pairSite: Int32Array.from(pairs, ({ site }) => site),
    pairCustomer: Int32Array.from(pairs, ({ customer }) => customer),
  }
}

function allowedAt(isOut: Uint8Array, site: number, customers: number): number[] {
  const allowed: number[] = []
  for (let customer = 0; customer < customers; customer++)
    if (isOut[site * customers + customer] === 0) allowed.push(customer)
  return allowed
}

/** The placement that a solution of the core stands for. */
export function readCore(model: PostsModel, core: Core, x: Float64Array): Placement {
  const siteOf = new Int32Array(model.customers).fill(-1)
  let cost = 0
  for (let pair = 0; pair < core.pairSite.length; pair++) {
    if ((x[core.sites.length + pair] as number) < 0.5) continue
    const [site, customer] = [core.pairSite[pair] as number, core.pairCustomer[pair] as number]
    siteOf[customer] = site
    cost += costAt(model, site, customer)
  }
  return { chosen: core.sites.filter((_, index) => (x[index] as number) > 0.5), siteOf, cost }
}
