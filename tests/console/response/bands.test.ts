import { describe, expect, test } from 'vitest'
import { BANDS, bandOf, changeBandOf, endsOf, fillOf } from '#console/lib/response/bands.ts'
import type { Metric } from '#domain/response.ts'

const of = (value: number | null, n: number) => ({ value, n })
const band = (value: number | null, n: number, metric: Metric = 'arrive') =>
  bandOf(of(value, n), { metric, statistic: 'p90' })

describe('the colours of the response map', () => {
  test('[RV1] fewer than five tickets are unknown, however fast', () => {
    expect(band(10, 4)).toBeNull()
    expect(band(null, 90)).toBeNull()
    expect(band(10, 5)).toBe(0)
  })

  test('[RV1] the promise of the stage is where a colour ends', () => {
    expect(endsOf('arrive')[2]).toBe(300)
    expect(band(300, 9)).toBe(2)
    expect(band(300.1, 9)).toBe(3)
    expect(endsOf('solve')[2]).toBe(1_800)
    expect(endsOf('plan')[2]).toBe(86_400)
    expect(band(1e9, 9, 'plan')).toBe(BANDS - 1)
  })

  test('[RV1] a change is told only where both periods are known', () => {
    expect(changeBandOf(of(200, 9), of(400, 9), 'p90')).toBe(0)
    expect(changeBandOf(of(400, 9), of(400, 9), 'p90')).toBe(2)
    expect(changeBandOf(of(600, 9), of(400, 9), 'p90')).toBe(4)
    expect(changeBandOf(of(200, 9), of(400, 4), 'p90')).toBeNull()
    expect(changeBandOf(of(200, 9), of(null, 0), 'p90')).toBeNull()
  })

  test('[RV1] of a share more is better, and so is its change', () => {
    const share = (value: number, n = 9) => bandOf(of(value, n), { metric: 'arrive', statistic: 'kept' })
    expect([share(0.97), share(0.8), share(0.2), share(1, 4)]).toEqual([0, 2, BANDS - 1, null])
    expect(changeBandOf(of(0.9, 9), of(0.7, 9), 'kept')).toBe(0)
    expect(changeBandOf(of(0.6, 9), of(0.7, 9), 'kept')).toBe(3)
  })

  test('[RV1] the fewer, the smaller', () => {
    expect(fillOf(1)).toBeLessThan(fillOf(20))
    expect(fillOf(400)).toBe(1)
  })
})
