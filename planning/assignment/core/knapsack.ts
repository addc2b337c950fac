/**
 * One agent's 0-1 knapsack, exactly: the jobs of the largest profit that fit. Against Dantzig's relaxation every choice that differs from
 * the efficient prefix loses a known amount. Such choices are tried in the order of their loss, by dynamic programming over the load,
 * until the next one alone would lose more than the best packing does (an expanding core, after Pisinger 1997).
 */
export class Knapsack {
  /** What was chosen last. */
  readonly chosen: Int32Array
  count = 0
  readonly #items: Ranking
  readonly #core: Ranking
  /** 1 = in the efficient prefix, or flipped out of the choice it had there. */
  readonly #isIn: Uint8Array
  /** The best value of each load, between the least and the greatest that the core reaches so far. */
  #value = new Float64Array(1 << 12)
  #flips = new Uint8Array(1 << 16)
  /** Of each item of the core: where its row of `#flips` begins, less the least load of the row. */
  readonly #rowAt: Int32Array
  #load = 0
  #best = 0
  #bestLoad = 0
  #bestRow = 0

  constructor(jobs: number) {
    this.chosen = new Int32Array(jobs)
    this.#items = new Ranking(jobs)
    this.#core = new Ranking(jobs)
    this.#isIn = new Uint8Array(jobs)
    this.#rowAt = new Int32Array(jobs)
  }

  /** Profits may be anything (those not above 0 are never chosen), uses are whole; answers the value. */
  solve(profit: Float64Array, use: Float64Array, capacity: number): number {
    this.#gather(profit, use, capacity)
    if (this.#load > capacity) this.#pack(profit, use, capacity)
    let value = 0
    this.count = 0
    for (let n = 0; n < this.#items.size; n++) {
      const job = this.#items.job(n)
      if (this.#isIn[job] === 0) continue
      value += profit[job] as number
      this.chosen[this.count++] = job
    }
    return value
  }

  #gather(profit: Float64Array, use: Float64Array, capacity: number): void {
    this.#items.clear()
    this.#load = 0
    for (let job = 0; job < profit.length; job++) {
      const own = profit[job] as number
      const load = use[job] as number
      if (!(own > 0) || load > capacity) continue
      this.#items.add(job, load / own)
      this.#isIn[job] = 1
      this.#load += load
    }
  }

  #pack(profit: Float64Array, use: Float64Array, capacity: number): void {
    const items = this.#items
    items.sort()
    let [end, load, value] = [0, 0, 0]
    for (let job = items.job(0); load + (use[job] as number) <= capacity; job = items.job(++end)) {
      load += use[job] as number
      value += profit[job] as number
    }
    const rate = (profit[items.job(end)] as number) / (use[items.job(end)] as number)
    const most = value + (capacity - load) * rate
    const margin = TOLERANCE + RELATIVE_TOLERANCE * most
    const spare = most - this.#greedy(profit, use, end, { value, room: capacity - load })
    this.#core.clear()
    for (let n = 0; n < items.size; n++) {
      const job = items.job(n)
      const loss = Math.abs((profit[job] as number) - rate * (use[job] as number))
      if (loss <= spare + margin) this.#core.add(job, loss)
    }
    this.#core.sort()
    this.#load = load
    this.#best = value
    this.#bestLoad = load
    this.#bestRow = -1
    this.#expand(profit, use, capacity, { rate, most: most + margin })
    this.#flipBack(use)
  }

  /** Leaves only the prefix in, and answers the value it has with what fits one by one behind it. */
  #greedy(profit: Float64Array, use: Float64Array, end: number, from: { value: number; room: number }): number {
    let { value, room } = from
    for (let n = end; n < this.#items.size; n++) {
      const job = this.#items.job(n)
      this.#isIn[job] = 0
      if ((use[job] as number) > room) continue
      room -= use[job] as number
      value += profit[job] as number
    }
    return value
  }

  #expand(
    profit: Float64Array,
    use: Float64Array,
    capacity: number,
    { rate, most }: { rate: number; most: number },
  ): void {
    let [low, high, flips] = [this.#load, this.#load, 0]
    this.#hold(high)
    this.#value[low] = this.#best
    for (let row = 0; row < this.#core.size; row++) {
      const job = this.#core.job(row)
      const [own, load] = [profit[job] as number, use[job] as number]
      if (most - Math.abs(own - rate * load) <= this.#best) break
      const isOut = this.#isIn[job] === 0
      const [least, greatest] = isOut ? [low, high + load] : [low - load, high]
      this.#hold(greatest)
      this.#value.fill(Number.NEGATIVE_INFINITY, high + 1, greatest + 1)
      this.#value.fill(Number.NEGATIVE_INFINITY, least, low)
      this.#openRow(row, flips, least, greatest)
      flips += greatest - least + 1
      if (isOut) this.#flipIn(row, own, load, { low, high, capacity })
      else this.#flipOut(row, own, load, { low, high, capacity })
      low = least
      high = greatest
    }
  }

  #hold(load: number): void {
    if (load < this.#value.length) return
    const larger = new Float64Array(2 * load)
    larger.set(this.#value)
    this.#value = larger
  }

  #openRow(row: number, flips: number, least: number, greatest: number): void {
    const end = flips + greatest - least + 1
    if (end > this.#flips.length) {
      const larger = new Uint8Array(2 * end)
      larger.set(this.#flips)
      this.#flips = larger
    }
    this.#flips.fill(0, flips, end)
    this.#rowAt[row] = flips - least
  }

  /** From the greatest load down, so that the item comes in once. */
  #flipIn(row: number, own: number, load: number, { low, high, capacity }: Span): void {
    const [value, at] = [this.#value, this.#rowAt[row] as number]
    for (let from = high; from >= low; from--) {
      const sum = (value[from] as number) + own
      const to = from + load
      if (sum <= (value[to] as number)) continue
      value[to] = sum
      this.#flips[at + to] = 1
      if (to <= capacity && sum > this.#best) this.#note(row, to, sum)
    }
  }

  #flipOut(row: number, own: number, load: number, { low, high, capacity }: Span): void {
    const [value, at] = [this.#value, this.#rowAt[row] as number]
    for (let from = low; from <= high; from++) {
      const sum = (value[from] as number) - own
      const to = from - load
      if (sum <= (value[to] as number)) continue
      value[to] = sum
      this.#flips[at + to] = 1
      if (to <= capacity && sum > this.#best) this.#note(row, to, sum)
    }
  }

  #note(row: number, load: number, value: number): void {
    this.#best = value
    this.#bestLoad = load
    this.#bestRow = row
  }

  /** Follows the best packing back to the prefix and sets what is in. */
  #flipBack(use: Float64Array): void {
    let load = this.#bestLoad
    for (let row = this.#bestRow; row >= 0; row--) {
      if (this.#flips[(this.#rowAt[row] as number) + load] !== 1) continue
      const job = this.#core.job(row)
      const wasIn = this.#isIn[job] as number
      load += wasIn === 1 ? (use[job] as number) : -(use[job] as number)
      this.#isIn[job] = 1 - wasIn
    }
  }
}

interface Span {
  low: number
  high: number
  capacity: number
}

/** Of values; far above their rounding, far below what a bound is rounded by. */
const TOLERANCE = 1e-9
const RELATIVE_TOLERANCE = 1e-11

/**
 * Jobs by a key ≥ 0, sorted natively: the job's number takes the last bits of its key, which moves keys by less than 2⁻²⁰ of
 * themselves. (An order that is a little off only makes the core a little larger.)
 */
class Ranking {
  size = 0
  readonly #keys: Float64Array
  readonly #words: Uint32Array
  readonly #mask: number

  constructor(jobs: number) {
    this.#keys = new Float64Array(jobs)
    this.#words = new Uint32Array(this.#keys.buffer)
    this.#mask = 2 ** Math.max(1, Math.ceil(Math.log2(jobs))) - 1
  }

  clear(): void {
    this.size = 0
  }

  add(job: number, key: number): void {
    const at = this.size++
    this.#keys[at] = key
    this.#words[2 * at] = (((this.#words[2 * at] as number) & ~this.#mask) | job) >>> 0
  }

  sort(): void {
    this.#keys.subarray(0, this.size).sort()
  }

  job(n: number): number {
    return (this.#words[2 * n] as number) & this.#mask
  }
}
