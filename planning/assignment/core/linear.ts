import { type LpSession, openLp } from '#planning/mip/lp.ts'
import { type Columns, ModelBuilder } from '#planning/mip/model.ts'
import { type CapacityPrices, priced } from './capacity-prices.ts'
import type { Gap } from './gap.ts'

/** The linear relaxation, solved on the few pairs that matter: pairs are added until none would lower it. */
export interface Relaxed {
  prices: CapacityPrices
  /** Pairs (agent * jobs + job) with a share above 0, and their shares. */
  pairs: Int32Array
  shares: Float64Array
}

const FIRST_PER_JOB = 5
const ROUNDS = 12
/** Of the simplex method, in one round: no problem that fits into memory needs as many. */
const ITERATIONS = 200_000
/** A share the solver means by 0. */
const NO_SHARE = 1e-7

export async function relax(gap: Gap, start: CapacityPrices, secondsLeft: () => number): Promise<Relaxed | null> {
  const isIn = new Uint8Array(gap.cost.length)
  let pairs = firstPairs(gap, start, isIn)
  const all: number[] = [...pairs]
  const session = await openLp(restricted(gap, pairs))
  try {
    let best: Relaxed | null = null
    for (let round = 0; round < ROUNDS && secondsLeft() > 0; round++) {
      const answer = session.solve({ seconds: secondsLeft(), iterations: ITERATIONS })
      if (answer.status !== 'optimal') return best
      const price = Float64Array.from({ length: gap.agents }, (_, agent) =>
        Math.max(0, -(answer.rowDual[gap.jobs + agent] as number)),
      )
      const prices = priced(gap, price)
      best = relaxed(all, answer.x, best && best.prices.bound > prices.bound ? best.prices : prices)
      pairs = missingPairs(gap, prices, answer.rowDual, isIn)
      if (pairs.length === 0) return best
      addPairs(gap, session, pairs)
      all.push(...pairs)
    }
    return best
  } finally {
    session.dispose()
  }
}

const relaxed = (all: readonly number[], x: Float64Array, prices: CapacityPrices): Relaxed => {
  const used = all.map((pair, n) => [pair, x[n] as number] as const).filter(([, share]) => share > NO_SHARE)
  return {
    prices,
    pairs: Int32Array.from(used, ([pair]) => pair),
    shares: Float64Array.from(used, ([, share]) => share),
  }
}

/** The pairs of least reduced cost of each job. */
function firstPairs(gap: Gap, { price }: CapacityPrices, isIn: Uint8Array): number[] {
  const pairs: number[] = []
  const reduced = new Float64Array(gap.agents)
  for (let job = 0; job < gap.jobs; job++) {
    for (let agent = 0; agent < gap.agents; agent++) {
      const at = agent * gap.jobs + job
      reduced[agent] = (gap.cost[at] as number) + (price[agent] as number) * (gap.use[at] as number)
    }
    const limit = reduced.toSorted()[Math.min(FIRST_PER_JOB, gap.agents) - 1] as number
    for (let agent = 0; agent < gap.agents; agent++) {
      if ((reduced[agent] as number) > limit || reduced[agent] === Number.POSITIVE_INFINITY) continue
      pairs.push(agent * gap.jobs + job)
      isIn[agent * gap.jobs + job] = 1
    }
  }
  return pairs
}

/** Pairs outside the programme whose reduced cost at the solver's own prices is below 0. */
function missingPairs(gap: Gap, { price }: CapacityPrices, rowDual: Float64Array, isIn: Uint8Array): number[] {
  const pairs: number[] = []
  for (let agent = 0; agent < gap.agents; agent++) {
    const own = price[agent] as number
    for (let job = 0; job < gap.jobs; job++) {
      const at = agent * gap.jobs + job
      if (isIn[at] === 1) continue
      const reduced = (gap.cost[at] as number) + own * (gap.use[at] as number) - (rowDual[job] as number)
      if (reduced > -1e-7) continue
      pairs.push(at)
      isIn[at] = 1
    }
  }
  return pairs
}

/** Rows: the jobs, each with pairs of its own from the first, then the capacities. */
function restricted(gap: Gap, pairs: readonly number[]) {
  const build = new ModelBuilder()
  for (let job = 0; job < gap.jobs; job++) build.row(1, 1)
  for (let agent = 0; agent < gap.agents; agent++) build.row(Number.NEGATIVE_INFINITY, gap.capacity[agent] as number)
  for (const pair of pairs) {
    build.column({ cost: gap.cost[pair] as number, upper: Number.POSITIVE_INFINITY, isInteger: false })
    build.entry(pair % gap.jobs, 1)
    build.entry(gap.jobs + Math.floor(pair / gap.jobs), gap.use[pair] as number)
  }
  return build.done()
}

function addPairs(gap: Gap, session: LpSession, pairs: readonly number[]): void {
  const columns: Columns = {
    cost: Float64Array.from(pairs, (pair) => gap.cost[pair] as number),
    lower: new Float64Array(pairs.length),
    upper: new Float64Array(pairs.length).fill(Number.POSITIVE_INFINITY),
    starts: Int32Array.from({ length: pairs.length + 1 }, (_, n) => 2 * n),
    indices: Int32Array.from(pairs.flatMap((pair) => [pair % gap.jobs, gap.jobs + Math.floor(pair / gap.jobs)])),
    values: Float64Array.from(pairs.flatMap((pair) => [1, gap.use[pair] as number])),
  }
  session.addColumns(columns)
}

/** Each job where its largest share is. */
export function rounded(
  gap: Gap,
  { pairs, shares }: { pairs: Int32Array; shares: Float64Array },
  { at }: CapacityPrices,
): Int32Array {
  const agentOf = at.slice()
  const largest = new Float64Array(gap.jobs)
  for (const [n, pair] of pairs.entries()) {
    const job = pair % gap.jobs
    if ((shares[n] as number) <= (largest[job] as number)) continue
    largest[job] = shares[n] as number
    agentOf[job] = Math.floor(pair / gap.jobs)
  }
  return agentOf
}
