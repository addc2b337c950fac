import type { Gap } from './gap.ts'

/**
 * What the bound of the jobs' prices rises by when a pair is forced: its agent packs around the job and all others without it. A pair
 * whose bound reaches the best plan's cost is in no better plan. By pair, ≥ 0; Infinity where the job does not fit.
 */
export function forcedRises(gap: Gap, price: Float64Array): Float64Array {
  const { agents, jobs, cost, use, capacity } = gap
  const rises = new Float64Array(agents * jobs)
  const without = new Float64Array(agents * jobs)
  const tables = new Tables()
  const profit = new Float64Array(jobs)
  for (let agent = 0; agent < agents; agent++) {
    const [row, end] = [agent * jobs, (agent + 1) * jobs]
    for (let job = 0; job < jobs; job++) profit[job] = (price[job] as number) - (cost[row + job] as number)
    tables.measure(profit, use.subarray(row, end), capacity[agent] as number, {
      rise: rises.subarray(row, end),
      without: without.subarray(row, end),
    })
  }
  for (let job = 0; job < jobs; job++) {
    let sum = 0
    for (let at = job; at < rises.length; at += jobs) sum += without[at] as number
    for (let at = job; at < rises.length; at += jobs) rises[at] = (rises[at] as number) + sum - (without[at] as number)
  }
  return rises
}

/** Dynamic programming over all loads, forwards and backwards, so that each job can be taken out of the middle. */
class Tables {
  #before = new Float64Array(0)
  #after = new Float64Array(0)
  #items = new Int32Array(0)

  /** What one knapsack loses when a job must be in (`rise`) or out of it (`without`). */
  measure(
    profit: Float64Array,
    use: Float64Array,
    capacity: number,
    into: { rise: Float64Array; without: Float64Array },
  ): void {
    const width = capacity + 1
    const size = this.#gather(profit, use, capacity)
    this.#hold(size, width)
    for (let n = 0; n < size; n++) this.#add(this.#before, n, n + 1, { profit, use, width })
    const best = this.#before.subarray(size * width, (size + 1) * width)
    const most = best[capacity] as number
    for (let job = 0; job < profit.length; job++) {
      const load = use[job] as number
      into.without[job] = 0
      into.rise[job] =
        load > capacity ? Number.POSITIVE_INFINITY : most - (profit[job] as number) - (best[capacity - load] as number)
    }
    this.#after.fill(0, 0, width)
    for (let n = size - 1, on = 0; n >= 0; n--, on = 1 - on) {
      const job = this.#items[n] as number
      const load = use[job] as number
      const [row, at] = [n * width, on * width]
      const rest = this.#join(row, at, capacity)
      into.without[job] = most - rest
      into.rise[job] = most - (profit[job] as number) - this.#join(row, at, capacity - load)
      this.#add(this.#after, on, 1 - on, { profit, use, width, job })
    }
  }

  /** Only what has a profit is ever packed unforced. */
  #gather(profit: Float64Array, use: Float64Array, capacity: number): number {
    if (this.#items.length < profit.length) this.#items = new Int32Array(profit.length)
    let size = 0
    for (let job = 0; job < profit.length; job++)
      if ((profit[job] as number) > 0 && (use[job] as number) <= capacity) this.#items[size++] = job
    return size
  }

  #hold(size: number, width: number): void {
    if (this.#before.length < (size + 1) * width) this.#before = new Float64Array((size + 1) * width)
    if (this.#after.length < 2 * width) this.#after = new Float64Array(2 * width)
    this.#before.fill(0, 0, width)
  }

  /** Row `to` is row `from` with one more item. */
  #add(
    table: Float64Array,
    from: number,
    to: number,
    { profit, use, width, job = this.#items[from] as number }: Item,
  ): void {
    const [old, next] = [from * width, to * width]
    const [own, load] = [profit[job] as number, use[job] as number]
    for (let at = 0; at < load; at++) table[next + at] = table[old + at] as number
    for (let at = load; at < width; at++) {
      const stays = table[old + at] as number
      const comes = (table[old + at - load] as number) + own
      table[next + at] = comes > stays ? comes : stays
    }
  }

  /** The best packing of `capacity` from the items before and after a place. */
  #join(before: number, after: number, capacity: number): number {
    let best = 0
    for (let load = 0; load <= capacity; load++) {
      const sum = (this.#before[before + load] as number) + (this.#after[after + capacity - load] as number)
      if (sum > best) best = sum
    }
    return best
  }
}

interface Item {
  profit: Float64Array
  use: Float64Array
  width: number
  job?: number
}
