/**
 * How far a figure may be trusted (95 %): what of a difference is more than chance.
 * Shares: the score interval of E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209–212.
 * Percentiles: two order statistics chosen by the binomial distribution, whatever the times are distributed like (W. J. Conover,
 * Practical Nonparametric Statistics, 3rd ed., §3.2; G. J. Hahn, W. Q. Meeker, Statistical Intervals, §5.2).
 */

/** The normal quantile of 97.5 %. */
const Z = 1.959_963_984_540_054
const TAIL = 0.025

export interface Interval {
  low: number
  high: number
}

/** RT15: where the true share lies, 0–1; null = of nobody. */
export function wilson(kept: number, n: number): Interval | null {
  if (n === 0) return null
  const share = kept / n
  const middle = share + Z ** 2 / (2 * n)
  const half = Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))
  const whole = 1 + Z ** 2 / n
  // At the ends the arithmetic's last digit would pass the end itself.
  return {
    low: kept === 0 ? 0 : Math.max(0, (middle - half) / whole),
    high: kept === n ? 1 : Math.min(1, (middle + half) / whole),
  }
}

/** Places in the sorted times, counted from 1; null = open on that side: so few cannot say. */
export interface Ranks {
  low: number | null
  high: number | null
}

/**
 * RT15: of n sorted times, those between which the true percentile lies: at either end no more than 2.5 % are given away. How many
 * of n lie below the percentile is binomial, so X(low) is above it with P(B < low), and X(high) below it with P(B ≥ high).
 */
export function percentileRanks(n: number, share: number): Ranks {
  if (n === 0) return { low: null, high: null }
  const deviation = Math.sqrt(n * share * (1 - share))
  // Ten deviations away there is nothing that a number of this kind could still hold.
  const first = Math.max(0, Math.floor(n * share - 10 * deviation - 10))
  let below = 0
  let chance = Math.exp(logChance(n, first, share))
  let low: number | null = null
  let high: number | null = null
  for (let k = first; k <= n && high === null; k++) {
    // Here `below` is P(B < k).
    if (below <= TAIL && k >= 1) low = k
    if (below >= 1 - TAIL) high = k
    below += chance
    chance *= ((n - k) / (k + 1)) * (share / (1 - share))
  }
  return { low, high }
}

const logChance = (n: number, k: number, share: number): number =>
  logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(share) + (n - k) * Math.log1p(-share)

/** Stirling's series; small ones are added up. */
function logFactorial(n: number): number {
  if (n < 32) {
    let sum = 0
    for (let i = 2; i <= n; i++) sum += Math.log(i)
    return sum
  }
  const x = n + 1
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3)
}

/** A figure with how far it may be trusted; an open end reaches as far as there is. */
export interface Ranked {
  low: number | null
  high: number | null
}

export interface Place {
  best: number
  worst: number
}

/**
 * RT16: the places that each may hold, best first: behind everybody who is clearly better, before everybody who is clearly worse.
 * Whoever overlaps shares a place (H. Goldstein, D. J. Spiegelhalter, J. R. Stat. Soc. A 159 (1996), 385–443).
 */
export function placesOf(all: readonly Ranked[], isLessBetter: boolean): Place[] {
  const sides = all.map(({ low, high }) => {
    const [from, to] = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY]
    return isLessBetter ? { good: from, bad: to } : { good: -to, bad: -from }
  })
  const bad = sides.map((side) => side.bad).sort((a, b) => a - b)
  const good = sides.map((side) => side.good).sort((a, b) => a - b)
  return sides.map((side) => ({
    best: 1 + countBelow(bad, side.good),
    worst: countNotAbove(good, side.bad),
  }))
}

const countBelow = (sorted: readonly number[], value: number): number => boundary(sorted, (each) => each < value)
const countNotAbove = (sorted: readonly number[], value: number): number => boundary(sorted, (each) => each <= value)

/** How many at the front are so; in a sorted list all of them stand at the front. */
function boundary(sorted: readonly number[], isSo: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (isSo(sorted[middle] as number)) from = middle + 1
    else to = middle
  }
  return from
}
