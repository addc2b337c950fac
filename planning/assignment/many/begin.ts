import type { Pairs } from './pairs.ts'
import { type Prices, Relaxed } from './prices.ts'
import { NO_PAIR, Standing } from './standing.ts'

/** Every job where it is cheapest at the prices, save so many of those that are dearest there: overloads are for the search to mend. */
export function placeByPrices(pairs: Pairs, prices: Prices, uncovered: number): Standing {
  const standing = new Standing(pairs)
  const relaxed = new Relaxed(pairs, { kind: 'cost', mostUncovered: uncovered })
  relaxed.at({ ...prices, nobody: Number.MAX_VALUE })
  const priceOf = (job: number) => {
    const pair = relaxed.taken[job] as number
    return pair < 0 ? Number.POSITIVE_INFINITY : (relaxed.priced[pair] as number)
  }
  const jobs = Array.from({ length: pairs.jobs }, (_, job) => job).sort(
    (one, other) => priceOf(one) - priceOf(other) || one - other,
  )
  for (const job of jobs.slice(0, Math.max(0, pairs.jobs - uncovered))) {
    const pair = relaxed.taken[job] as number
    if (pair >= 0) standing.take(pair, job)
  }
  return standing
}

/** A plan to begin with, as far as its pairs may be made. */
export function placeAs(pairs: Pairs, agentOf: Int32Array): Standing {
  const standing = new Standing(pairs)
  for (let job = 0; job < pairs.jobs; job++) {
    const agent = agentOf[job] ?? -1
    const pair = agent < 0 ? NO_PAIR : (pairs.at[job * pairs.agents + agent] ?? NO_PAIR)
    if (pair !== NO_PAIR) standing.take(pair, job)
  }
  return standing
}

/** A feasible plan out of an overloaded one: the dearest job of each overloaded agent goes until all fits, and whoever then fits elsewhere goes there. */
export function shed(from: Standing): Standing {
  const { pairs } = from
  const standing = new Standing(pairs)
  for (let job = 0; job < pairs.jobs; job++) {
    const pair = from.pairOf[job] as number
    if (pair !== NO_PAIR) standing.take(pair, job)
  }
  standing.weight.set(from.weight)
  for (let agent = 0; agent < pairs.agents; agent++) {
    while (standing.isOver(agent)) standing.drop(mostRelieving(standing, agent))
  }
  for (const job of [...standing.uncovered]) {
    const pair = cheapestFitting(standing, job)
    if (pair !== NO_PAIR) standing.take(pair, job)
  }
  return standing
}

function mostRelieving(standing: Standing, agent: number): number {
  let best = Number.POSITIVE_INFINITY
  let leaving = -1
  for (const job of standing.jobsOf[agent] as number[]) {
    const change = standing.change(agent, NO_PAIR, standing.pairOf[job] as number)
    if (change >= best) continue
    best = change
    leaving = job
  }
  return leaving
}

function cheapestFitting(standing: Standing, job: number): number {
  const { start, agent, cost } = standing.pairs
  let best = Number.POSITIVE_INFINITY
  let chosen = NO_PAIR
  for (let pair = start[job] as number; pair < (start[job + 1] as number); pair++) {
    const to = agent[pair] as number
    if (!standing.fits(to, pair)) continue
    const change = standing.change(to, pair, NO_PAIR) + (cost[pair] as number)
    if (change >= best) continue
    best = change
    chosen = pair
  }
  return chosen
}

/** Somebody must be left out where more of a resource is needed in all than there is in all: at least so many, the greediest first. */
export function leastLeftOut({ jobs, start, resources }: Pairs): number {
  const counts = resources.map(({ use, capacity, overPrice }) => {
    if (overPrice) return 0
    const needs = Array.from({ length: jobs }, (_, job) =>
      use.subarray(start[job], start[job + 1]).reduce((least, own) => Math.min(least, own), Number.POSITIVE_INFINITY),
    )
    const known = needs.filter(Number.isFinite).sort((one, other) => other - one)
    let over = known.reduce((sum, need) => sum + need, 0) - capacity.reduce((sum, amount) => sum + amount, 0)
    let count = 0
    for (; over > 1e-6 && count < known.length; count++) over -= known[count] as number
    return count
  })
  return Math.max(0, ...counts)
}

/** Above any pair: what a job left to nobody is priced at to begin with. */
export const dearest = ({ cost }: Pairs): number => 3 * cost.reduce((most, own) => Math.max(most, own), 1)
