import { describe, expect, test } from 'vitest'
import { categoryWeights, demandFactor, hourFactor, seasonFactor, wallClock } from '#cli/simulator/demand.ts'
import { poisson } from '#cli/simulator/residents.ts'
import { seededRandom } from '#domain/random.ts'
import { CATEGORIES } from '#domain/ticket.ts'

const APRIL = { month: 4, day: 12, hour: 12 }

describe('demand', () => {
  test('[SM2] has two rush hours, each at least twice the calls of noon’s neighbours and four times those of the night', () => {
    for (const rush of [7.8, 18.2]) {
      expect(hourFactor(rush)).toBeGreaterThan(hourFactor(10.5) * 1.5)
      expect(hourFactor(rush)).toBeGreaterThan(hourFactor(3) * 4)
    }
  })

  test('[SM2] averages to one over a day', () => {
    const hours = Array.from({ length: 240 }, (_, i) => hourFactor(i / 10))
    expect(hours.reduce((sum, factor) => sum + factor, 0) / hours.length).toBeCloseTo(1, 1)
  })

  test('[SM2] rises in July and August and in the first fortnight of November, and at no other time', () => {
    expect(seasonFactor(APRIL)).toBe(1)
    expect(seasonFactor({ month: 11, day: 16, hour: 12 })).toBe(1)
    for (const day of [1, 15]) expect(seasonFactor({ month: 11, day, hour: 12 })).toBeGreaterThan(1.5)
    for (const month of [7, 8]) expect(demandFactor({ ...APRIL, month })).toBeGreaterThan(demandFactor(APRIL))
  })

  test('[SM2] knows cold radiators from November to March only, most of all when the heating starts', () => {
    const coldAt = (month: number, day: number) => categoryWeights({ month, day, hour: 12 }).get('heatOutage') ?? 0
    expect([4, 7, 10].map((month) => coldAt(month, 10))).toEqual([0, 0, 0])
    expect(coldAt(11, 10)).toBeGreaterThan(coldAt(1, 10) * 3)
    expect(coldAt(1, 10)).toBeGreaterThan(0)
  })

  test('[SM2] has a weight for every category, housing far before everything else', () => {
    const weights = categoryWeights(APRIL)
    expect([...weights.keys()].sort()).toEqual([...CATEGORIES].sort())
    const emergencies = ['fire', 'gas', 'crime', 'medical'] as const
    const sum = (keys: readonly (typeof CATEGORIES)[number][]) =>
      keys.reduce((all, key) => all + (weights.get(key) ?? 0), 0)
    expect(sum(emergencies)).toBeLessThan(sum(CATEGORIES) / 50)
  })

  test('[SM2] reads the clock on the city’s own wall', () => {
    const at = Date.UTC(2026, 6, 31, 23, 30)
    expect(wallClock('Asia/Shanghai')(at)).toEqual({ month: 8, day: 1, hour: 7.5 })
    expect(wallClock('America/Los_Angeles')(at)).toEqual({ month: 7, day: 31, hour: 16.5 })
  })

  test('[SM2] draws as many calls as the rate says, and the same from the same seed', () => {
    const draw = () => {
      const random = seededRandom(3, 'calls')
      return Array.from({ length: 10_000 }, () => poisson(0.3, random)).reduce((sum, count) => sum + count, 0)
    }
    expect(draw()).toBe(draw())
    expect(draw() / 10_000).toBeCloseTo(0.3, 1)
  })
})
