import { describe, expect, test } from 'vitest'
import { monthDays, RATING_DEFAULTS, type RateCounts, ratingRules, resultOf } from '#domain/rating.ts'

const counts = (response: number, solution: number, satisfaction: number, n = 100): RateCounts => ({
  response: { n, kept: response },
  solution: { n, kept: solution },
  satisfaction: { n, kept: satisfaction },
})

describe('a rating', () => {
  test('[RG1] is the weighted mean of the three rates, and its band', () => {
    expect(resultOf(counts(100, 80, 60), RATING_DEFAULTS)).toEqual({
      ...{ score: 79, band: 'pass', missing: [], triggers: [] },
    })
    expect(resultOf(counts(90, 90, 90), RATING_DEFAULTS).band).toBe('excellent')
    expect(resultOf(counts(80, 80, 80), RATING_DEFAULTS)).toMatchObject({ score: 80, band: 'good' })
    expect(resultOf(counts(60, 60, 59), RATING_DEFAULTS)).toMatchObject({ score: 59.65, band: 'fail' })
  })

  test('[RG1] counts by the city’s own version of the rules', () => {
    const own = ratingRules({ version: 'own-2', weights: { response: 100, solution: 0, satisfaction: 0 } })
    expect(resultOf(counts(95, 10, 10), own)).toMatchObject({ score: 95, band: 'excellent' })
    expect(own).toMatchObject({ version: 'own-2', leastN: RATING_DEFAULTS.leastN })
  })

  test('[RG1] is not made of a rate with too few tickets', () => {
    const few = { ...counts(100, 100, 100), solution: { n: 9, kept: 0 } }
    expect(resultOf(few, RATING_DEFAULTS)).toEqual({ score: null, band: null, missing: ['solution'], triggers: [] })
  })

  test('[RG2] proposes the yellow light for a fail and for a rate that is below its floor for certain', () => {
    expect(resultOf(counts(50, 50, 50), RATING_DEFAULTS).triggers).toEqual([{ kind: 'failed', score: 50, from: 60 }])
    expect(resultOf(counts(39, 100, 100), RATING_DEFAULTS)).toMatchObject({
      band: 'good',
      triggers: [{ kind: 'belowFloor', rate: 'response', value: 39, floor: 50, high: 48.8 }],
    })
    // Of whom no rating is made, none is proposed either: nobody could decide it.
    expect(resultOf({ ...counts(1, 90, 90), solution: { n: 9, kept: 9 } }, RATING_DEFAULTS).triggers).toEqual([])
    // Four of ten may be chance.
    expect(resultOf(counts(4, 10, 10, 10), RATING_DEFAULTS).triggers).toEqual([])
  })

  test('[RG1] is of a month of the calendar', () => {
    expect(monthDays('2026-12')).toEqual({ first: '2026-12-01', next: '2027-01-01' })
    expect(monthDays('2026-02')).toEqual({ first: '2026-02-01', next: '2026-03-01' })
    expect(monthDays('2026-13')).toBeNull()
  })
})
