import { describe, expect, test } from 'vitest'
import { normal, pick, seededRandom, shuffled, wholeBetween } from '#domain/random.ts'

const first = (count: number, seed: number, label?: string) => {
  const random = seededRandom(seed, label)
  return Array.from({ length: count }, random)
}

describe('a seeded stream', () => {
  test('[PL4] repeats for the same seed and label, and differs for another of either', () => {
    expect(first(100, 7, 'a')).toEqual(first(100, 7, 'a'))
    expect(first(100, 7, 'a')).not.toEqual(first(100, 8, 'a'))
    expect(first(100, 7, 'a')).not.toEqual(first(100, 7, 'b'))
  })

  test('[PL4] fills [0, 1) evenly', () => {
    const bins = new Array(20).fill(0)
    for (const value of first(100_000, 1)) bins[Math.floor(value * 20)]++
    // 5,000 a bin expected, standard deviation 69.
    expect(Math.min(...bins)).toBeGreaterThan(4_650)
    expect(Math.max(...bins)).toBeLessThan(5_350)
  })

  test('[PL4] whole numbers include both ends, picks stay in the list, a shuffle loses nothing', () => {
    const random = seededRandom(3)
    const dice = Array.from({ length: 600 }, () => wholeBetween(random, 1, 6))
    expect(new Set(dice)).toEqual(new Set([1, 2, 3, 4, 5, 6]))
    expect(['x', 'y']).toContain(pick(random, ['x', 'y']))
    expect(() => pick(random, [])).toThrow(RangeError)
    expect(shuffled(random, [1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5])
  })

  test('[PL4] normal deviates have mean 0 and deviation 1', () => {
    const random = seededRandom(11)
    const values = Array.from({ length: 20_000 }, () => normal(random))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  })
})
