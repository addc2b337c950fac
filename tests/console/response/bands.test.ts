import { describe, expect, test } from 'vitest'
import { BANDS, bandOf, changeBandOf, endsOf, fillOf } from '#console/lib/response/bands.ts'

describe('the colours of the response map', () => {
  test('[RV1] fewer than five tickets are unknown, however fast', () => {
    expect(bandOf(10, 4, 'arrive')).toBeNull()
    expect(bandOf(null, 90, 'arrive')).toBeNull()
    expect(bandOf(10, 5, 'arrive')).toBe(0)
  })

  test('[RV1] the promise of the stage is where a colour ends', () => {
    expect(endsOf('arrive')[2]).toBe(300)
    expect(bandOf(300, 9, 'arrive')).toBe(2)
    expect(bandOf(300.1, 9, 'arrive')).toBe(3)
    expect(endsOf('solve')[2]).toBe(1_800)
    expect(endsOf('plan')[2]).toBe(86_400)
    expect(bandOf(1e9, 9, 'plan')).toBe(BANDS - 1)
  })

  test('[RV1] a change is told only where both periods are known', () => {
    const of = (seconds: number | null, n: number) => ({ seconds, n })
    expect(changeBandOf(of(200, 9), of(400, 9))).toBe(0)
    expect(changeBandOf(of(400, 9), of(400, 9))).toBe(2)
    expect(changeBandOf(of(600, 9), of(400, 9))).toBe(4)
    expect(changeBandOf(of(200, 9), of(400, 4))).toBeNull()
    expect(changeBandOf(of(200, 9), of(null, 0))).toBeNull()
  })

  test('[RV1] the fewer, the smaller', () => {
    expect(fillOf(1)).toBeLessThan(fillOf(20))
    expect(fillOf(400)).toBe(1)
  })
})
