import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { percentileRanks, placesOf, wilson } from '#domain/intervals.ts'

/** P(B < k) of n trials with chance num/den, as whole numbers over den^n: nothing is rounded. */
function exactBelow(n: number, num: bigint, den: bigint): bigint[] {
  const below = [0n]
  let choose = 1n
  for (let k = 0; k <= n; k++) {
    below.push((below[k] as bigint) + choose * num ** BigInt(k) * (den - num) ** BigInt(n - k))
    choose = (choose * BigInt(n - k)) / BigInt(k + 1)
  }
  return below
}

describe('intervals of percentiles', () => {
  test('[RT15] are the order statistics that whole numbers choose, for every n to 150 and for larger ones', () => {
    const sizes = [...Array.from({ length: 150 }, (_, i) => i + 1), 400, 999, 1_500]
    for (const n of sizes)
      for (const [share, num, den] of [
        [0.5, 1n, 2n],
        [0.9, 9n, 10n],
      ] as const) {
        const all = den ** BigInt(n)
        const below = exactBelow(n, num, den)
        const lows = Array.from({ length: n }, (_, i) => i + 1).filter((k) => 40n * (below[k] as bigint) <= all)
        const highs = Array.from({ length: n }, (_, i) => i + 1).filter((k) => 40n * (below[k] as bigint) >= 39n * all)
        expect({ n, share, ...percentileRanks(n, share) }).toEqual({
          ...{ n, share, low: lows.at(-1) ?? null, high: highs[0] ?? null },
        })
      }
  })

  test('[RT15] stay exact in the millions, where the normal distribution is as good', () => {
    for (const n of [100_000, 1_000_000, 10_000_000]) {
      const { low, high } = percentileRanks(n, 0.9)
      const half = 1.959964 * Math.sqrt(n * 0.09)
      expect(Math.abs((low ?? 0) - (0.9 * n - half))).toBeLessThan(2)
      expect(Math.abs((high ?? 0) - (0.9 * n + half))).toBeLessThan(2.5)
    }
  })

  test('[RT15] are open where so few cannot say', () => {
    expect(percentileRanks(5, 0.5)).toEqual({ low: null, high: null })
    expect(percentileRanks(6, 0.5)).toEqual({ low: 1, high: 6 })
    expect(percentileRanks(35, 0.9).high).toBeNull()
    expect(percentileRanks(36, 0.9).high).toBe(36)
    expect(percentileRanks(0, 0.9)).toEqual({ low: null, high: null })
  })
})

describe('intervals of shares', () => {
  test('[RT15] are the two shares at which the score test is just not refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, at) => {
        const kept = Math.round(at * n)
        const { low, high } = wilson(kept, n) ?? { low: 2, high: 2 }
        const score = (p: number) => Math.abs(kept / n - p) / Math.sqrt((p * (1 - p)) / n)
        if (kept > 0) expect(score(low)).toBeCloseTo(1.959964, 5)
        else expect(low).toBe(0)
        if (kept < n) expect(score(high)).toBeCloseTo(1.959964, 5)
        else expect(high).toBe(1)
      }),
    )
    expect(wilson(0, 0)).toBeNull()
    // The worked example of Newcombe, Statistics in Medicine 17 (1998), table I.
    expect(wilson(81, 263)?.low).toBeCloseTo(0.2553, 4)
    expect(wilson(81, 263)?.high).toBeCloseTo(0.3662, 4)
  })
})

const anEnd = fc.option(fc.integer({ min: 0, max: 40 }))
const anInterval = fc
  .tuple(anEnd, anEnd)
  .map(([a, b]) => (a !== null && b !== null && a > b ? { low: b, high: a } : { low: a, high: b }))

describe('places', () => {
  test('[RT16] are those behind the clearly better and before the clearly worse; whoever overlaps shares one', () => {
    fc.assert(
      fc.property(fc.array(anInterval, { maxLength: 30 }), fc.boolean(), (all, isLessBetter) => {
        const from = (at: number) => all[at]?.low ?? Number.NEGATIVE_INFINITY
        const to = (at: number) => all[at]?.high ?? Number.POSITIVE_INFINITY
        const isBetter = (a: number, b: number) => (isLessBetter ? to(a) < from(b) : from(a) > to(b))
        const places = placesOf(all, isLessBetter)
        const others = all.map((_, i) => i)
        for (const [i, place] of places.entries()) {
          expect(place.best).toBe(1 + others.filter((other) => isBetter(other, i)).length)
          expect(place.worst).toBe(all.length - others.filter((other) => isBetter(i, other)).length)
          for (const other of others)
            if (!isBetter(i, other) && !isBetter(other, i))
              expect(Math.max(place.best, places[other]?.best ?? 0)).toBeLessThanOrEqual(
                Math.min(place.worst, places[other]?.worst ?? 0),
              )
        }
      }),
      { numRuns: 60 },
    )
  })
})
