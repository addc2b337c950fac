import type { PostsModel } from './model.ts'

/** Each customer's sites from the cheapest on, as many as are kept. */
export interface Nearness {
  width: number
  /** `sites[customer * width + rank]`. */
  sites: Int32Array
}

export function nearnessOf(model: PostsModel, most = 60): Nearness {
  const { sites, customers, cost } = model
  const width = Math.min(sites, most)
  const near = new Int32Array(customers * width)
  const order = new Int32Array(sites)
  for (let customer = 0; customer < customers; customer++) {
    for (let site = 0; site < sites; site++) order[site] = site
    const costOf = (site: number) => cost[site * customers + customer] as number
    order.sort((a, b) => (costOf(a) === costOf(b) ? a - b : costOf(a) < costOf(b) ? -1 : 1))
    near.set(order.subarray(0, width), customer * width)
  }
  return { width, sites: near }
}
