import { filledUp, type Placement, type PostsModel } from './model.ts'

/**
 * Where sites are the customers themselves and standing at one's own costs nothing, a chosen site with room serves itself: nothing gets
 * dearer, and every chosen post is one that somebody goes to.
 */
export function homeward(model: PostsModel, placement: Placement): Placement {
  if (model.sites !== model.customers) return placement
  const { customers, demand, capacity } = model
  const chosen = filledUp(model, placement.chosen)
  const siteOf = Int32Array.from(placement.siteOf)
  const load = new Float64Array(model.sites)
  for (const [customer, site] of siteOf.entries()) load[site] = (load[site] as number) + (demand[customer] as number)
  let cost = placement.cost
  for (const site of chosen) {
    const from = siteOf[site] as number
    const weight = demand[site] as number
    const isFree = model.cost[site * customers + site] === 0
    if (from === site || !isFree || (load[site] as number) + weight > (capacity[site] as number)) continue
    cost -= model.cost[from * customers + site] as number
    load[from] = (load[from] as number) - weight
    load[site] = (load[site] as number) + weight
    siteOf[site] = site
  }
  return { chosen, siteOf, cost }
}
