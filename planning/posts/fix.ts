import { safeBound } from '#planning/mip/bound.ts'
import { knapsacksOf } from './knapsack.ts'
import type { PostsModel } from './model.ts'
import { closeSite, type Relaxed, type Restriction } from './relax.ts'

/** What may still change: sites that may hold a post, and pairs of site and customer. */
export interface Left {
  sites: number
  pairs: number
}

/**
 * Takes out whatever no placement cheaper than `upper` can contain: a site, or a customer at a site, with which the bound reaches
 * `upper`. What is left out can only hold placements that are no better than the one known.
 */
export function fixByBound(
  model: PostsModel,
  restriction: Restriction,
  relaxed: Relaxed,
  upper: number,
  isWhole: boolean,
): Left {
  const { sites, customers } = model
  const { isClosed, isOpen, isOut } = restriction
  const isChosen = new Uint8Array(sites)
  for (const site of relaxed.chosen) isChosen[site] = 1
  const { weakest, strongest } = edges(restriction, relaxed, isChosen)
  const reaches = (bound: number) => safeBound(bound, isWhole) >= upper
  const knapsacks = knapsacksOf(model, isOut)
  const each = new Float64Array(customers)
  const left = { sites: 0, pairs: 0 }
  for (let site = 0; site < sites; site++) {
    if (isClosed[site] === 1) continue
    const gain = relaxed.gains[site] as number
    const entry = isChosen[site] === 1 ? 0 : weakest - gain
    if (isOpen[site] === 0 && isChosen[site] === 0 && reaches(relaxed.bound + entry)) {
      closeSite(restriction, site)
      continue
    }
    if (isOpen[site] === 0 && isChosen[site] === 1 && reaches(relaxed.bound + gain - strongest)) isOpen[site] = 1
    left.sites++
    knapsacks.gainsWithEach(site, relaxed.prices, each)
    for (let customer = 0; customer < customers; customer++) {
      if (isOut[site * customers + customer] === 1) continue
      if (reaches(relaxed.bound + entry + gain - (each[customer] as number))) isOut[site * customers + customer] = 1
      else left.pairs++
    }
  }
  return left
}

/** The least gain among the chosen that could give way, and the largest among those that could come in. */
function edges({ isClosed, isOpen }: Restriction, { gains }: Relaxed, isChosen: Uint8Array) {
  let [weakest, strongest] = [Number.POSITIVE_INFINITY, 0]
  for (const [site, gain] of gains.entries()) {
    if (isChosen[site] === 1 && isOpen[site] === 0) weakest = Math.min(weakest, gain)
    if (isChosen[site] === 0 && isClosed[site] === 0) strongest = Math.max(strongest, gain)
  }
  return { weakest, strongest }
}
