import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ArrivalClaim, FENCE, gradeArrival } from '#domain/arrival.ts'
import type { ReceivedFix } from '#domain/fix.ts'
import { offsetM } from '#domain/geo.ts'
import { EVIDENCE_GRADES } from '#domain/ticket.ts'
import { aFix, SITE, T0 } from '#tests/support/dispatch-rows.ts'

/** A fix so many seconds before T0 and metres east of the site. */
const fixAt = (secondsBefore: number, eastM: number, changes: Partial<ReceivedFix> = {}): ReceivedFix => {
  const [lng, lat] = offsetM(SITE, eastM, 0)
  const at = T0 - secondsBefore * 1_000
  return aFix({ at, receivedAt: at, lng, lat, ...changes })
}

const claim = (changes: Partial<ArrivalClaim> = {}): ArrivalClaim => ({
  site: SITE,
  mode: 'ebike',
  fixes: [],
  siteCode: 'none',
  by: 'unit',
  now: T0,
  ...changes,
})

const dwelling = [fixAt(20, 30), fixAt(10, 20), fixAt(1, 10)]

describe('arrival evidence', () => {
  test('[AR1] the strongest evidence gives the grade', () => {
    expect(gradeArrival(claim({ fixes: dwelling, siteCode: 'right' })).grade).toBe('geofence')
    expect(gradeArrival(claim({ siteCode: 'right' })).grade).toBe('siteQr')
    expect(gradeArrival(claim()).grade).toBe('selfReport')
    expect(gradeArrival(claim({ by: 'dispatcher' })).grade).toBe('dispatcherWord')
    expect(gradeArrival(claim({ by: 'dispatcher', fixes: dwelling })).grade).toBe('geofence')
  })

  test('[AR1] a wrong code proves nothing', () => {
    expect(gradeArrival(claim({ siteCode: 'wrong' })).grade).toBe('selfReport')
  })

  test('[AR2] two fixes inside, fifteen seconds apart, are a stay', () => {
    expect(gradeArrival(claim({ fixes: [fixAt(15, 100), fixAt(0, 60)] }))).toMatchObject({
      grade: 'geofence',
      fence: 'inside',
      distanceM: 60,
      dwellMs: 15_000,
    })
  })

  test('[AR2] driving past is not a stay', () => {
    const passing = [fixAt(20, -300), fixAt(10, -100), fixAt(5, 0), fixAt(1, 90)]
    expect(gradeArrival(claim({ mode: 'car', fixes: passing }))).toMatchObject({
      grade: 'selfReport',
      fence: 'tooShort',
    })
    expect(gradeArrival(claim({ mode: 'car', fixes: [...passing, fixAt(0, 300)] }))).toMatchObject({
      fence: 'outside',
      distanceM: 300,
    })
  })

  test('[AR2] a fix widens the fence by its own uncertainty, up to the allowance', () => {
    const at = (eastM: number, accuracyM: number) =>
      gradeArrival(claim({ fixes: [fixAt(20, eastM, { accuracyM }), fixAt(0, eastM, { accuracyM })] })).fence
    expect(at(FENCE.radiusM + 19, 20)).toBe('inside')
    expect(at(FENCE.radiusM + 22, 20)).toBe('outside')
    expect(at(FENCE.radiusM + FENCE.allowanceM + 5, FENCE.accuracyLimitM)).toBe('outside')
  })

  test('[AR2] a coarse fix, or one of unknown accuracy, shows a quarter and not a place', () => {
    const coarse = { accuracyM: FENCE.accuracyLimitM + 1 }
    expect(gradeArrival(claim({ fixes: [fixAt(20, 0, coarse), fixAt(0, 0, coarse)] })).fence).toBe('coarse')
    const unknown = { accuracyM: null }
    expect(gradeArrival(claim({ fixes: [fixAt(20, 0, unknown), fixAt(0, 0, unknown)] })).fence).toBe('coarse')
  })

  test('[AR2] old fixes prove nothing about now: their arrival at the server counts, not the device clock', () => {
    const late = dwelling.map((fix) => ({ ...fix, receivedAt: fix.receivedAt - FENCE.newestMs - 1_000 }))
    expect(gradeArrival(claim({ fixes: late })).fence).toBe('noFix')
    const clockTwoMinutesAhead = dwelling.map((fix) => ({ ...fix, at: fix.at + 120_000 }))
    expect(gradeArrival(claim({ fixes: clockTwoMinutesAhead })).fence).toBe('inside')
  })

  test('[AR3] a jump to the fence lowers the grade, and a plausible ride does not', () => {
    const jumped = [fixAt(40, 3_000), fixAt(30, 20), fixAt(10, 20), fixAt(0, 20)]
    expect(gradeArrival(claim({ fixes: jumped }))).toMatchObject({ grade: 'selfReport', fence: 'jumped' })
    const ridden = [fixAt(40, 150 + 17 * 9), fixAt(30, 120), fixAt(10, 20), fixAt(0, 20)]
    expect(gradeArrival(claim({ fixes: ridden })).grade).toBe('geofence')
  })

  test('[AR3] what an e-bike cannot ride a car can drive', () => {
    const fast = [fixAt(30, 420), fixAt(20, 20), fixAt(0, 20)]
    expect(gradeArrival(claim({ mode: 'ebike', fixes: fast })).grade).toBe('selfReport')
    expect(gradeArrival(claim({ mode: 'car', fixes: fast })).grade).toBe('geofence')
  })

  test('[AR3] a jump elsewhere, long before the ride here, says nothing', () => {
    const fixes = [fixAt(150, 9_000), fixAt(149, 900), fixAt(90, 300), fixAt(70, 100), fixAt(30, 20), fixAt(0, 20)]
    expect(gradeArrival(claim({ fixes })).grade).toBe('geofence')
  })

  test('[AR4] a code is not believed while an accurate fix stands far away', () => {
    const far = [fixAt(5, FENCE.codeReachM + 100)]
    expect(gradeArrival(claim({ siteCode: 'right', fixes: far })).grade).toBe('selfReport')
    const near = [fixAt(5, FENCE.codeReachM - 100)]
    expect(gradeArrival(claim({ siteCode: 'right', fixes: near })).grade).toBe('siteQr')
  })

  test('[AR5] told late it is judged by what had been heard by the moment claimed', () => {
    const late = claim({ isLate: true, fixes: dwelling })
    expect(gradeArrival(late)).toMatchObject({ grade: 'geofence', fence: 'inside' })
    const heardAfter = dwelling.map((fix) => ({ ...fix, receivedAt: T0 + 60_000 }))
    expect(gradeArrival({ ...late, fixes: heardAfter })).toMatchObject({ grade: 'lateReport', fence: 'noFix' })
  })

  test('[AR5] told late without a stay seen by then it is a word, whatever code comes with it', () => {
    const late = claim({ isLate: true, siteCode: 'right' })
    expect(gradeArrival(late)).toMatchObject({ grade: 'lateReport', siteCode: 'right' })
    expect(gradeArrival({ ...late, siteCode: 'none' }).grade).toBe('lateReport')
  })

  test('[AR1] more evidence never lowers a grade: adding the right code, or saying it oneself', () => {
    const anyFix = fc.record({
      ago: fc.integer({ min: 0, max: 200 }),
      east: fc.integer({ min: -400, max: 400 }),
      acc: fc.integer({ min: 1, max: 150 }),
    })
    fc.assert(
      fc.property(fc.array(anyFix, { maxLength: 12 }), (drawn) => {
        const fixes = drawn
          .sort((a, b) => b.ago - a.ago)
          .map(({ ago, east, acc }) => fixAt(ago, east, { accuracyM: acc }))
        const strength = (changes: Partial<ArrivalClaim>) =>
          EVIDENCE_GRADES.indexOf(gradeArrival(claim({ fixes, ...changes })).grade)
        expect(strength({ siteCode: 'right' })).toBeLessThanOrEqual(strength({}))
        expect(strength({})).toBeLessThanOrEqual(strength({ by: 'dispatcher' }))
      }),
    )
  })

  test('[AR2] the geofence is given exactly when a stay of the dwell can be seen (compared with a plain search)', () => {
    const anyFix = fc.record({
      ago: fc.integer({ min: 0, max: 60 }),
      east: fc.integer({ min: 0, max: 200 }),
      acc: fc.integer({ min: 1, max: 120 }),
    })
    fc.assert(
      fc.property(fc.array(anyFix, { maxLength: 10 }), (drawn) => {
        const fixes = drawn
          .sort((a, b) => b.ago - a.ago)
          .map(({ ago, east, acc }) => fixAt(ago, east, { accuracyM: acc }))
        const usable = drawn.filter(({ acc }) => acc <= FENCE.accuracyLimitM)
        const inside = ({ east, acc }: (typeof drawn)[number]) =>
          east <= FENCE.radiusM + Math.min(acc, FENCE.allowanceM)
        const stays = usable.some(
          (from, index) =>
            from.ago - (usable.at(-1)?.ago ?? 0) >= FENCE.dwellMs / 1_000 && usable.slice(index).every(inside),
        )
        const { fence } = gradeArrival(claim({ mode: 'car', fixes }))
        if (fence !== 'jumped') expect(fence === 'inside').toBe(stays && (usable.at(-1)?.ago ?? 0) <= 60)
      }),
      { numRuns: 500 },
    )
  })
})
