import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import { calibrated } from '#planning/policy/calibrate.ts'
import { comparePolicies } from '#planning/policy/compare.ts'
import { recordingOf } from '#planning/policy/record.ts'
import { estimate, measure, quantile } from '#planning/policy/stats.ts'
import { START, spot, townRecord } from './town.ts'

const asked = { withinMs: 5 * MINUTE_MS, traitsOf: () => ({ kind: 'crew', mode: 'car' }) as const }

describe('a recording', () => {
  const run = { callId: 'c', type: 'van', ...spot(0, 0), reportedAt: START, sentAt: START + 1_000, leftAt: null }

  test('[PY1] a call has what was sent to it and the first on site, from its first report on', () => {
    const runs = [
      { ...run, unitId: 'a', onSiteAt: START + 300_000, endedAt: START + 900_000 },
      {
        ...run,
        unitId: 'b',
        reportedAt: START + 5_000,
        sentAt: START + 9_000,
        onSiteAt: START + 200_000,
        endedAt: null,
      },
      { ...run, unitId: 'x', onSiteAt: null, endedAt: START + 61_000 },
    ]
    const { calls, units, leadTypes } = recordingOf(runs)
    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatchObject({ at: START, actualMs: 200_000 })
    expect(calls[0]?.needs).toEqual([
      { type: 'van', delayMs: 1_000, busyMs: 600_000, isCalledOff: false },
      { type: 'van', delayMs: 1_000, busyMs: 60_000, isCalledOff: true },
      { type: 'van', delayMs: 9_000, busyMs: 600_000, isCalledOff: false },
    ])
    expect(units.map(({ id }) => id)).toEqual(['a', 'b', 'x'])
    expect(leadTypes).toEqual(['van'])
  })

  test('[PY1] a unit waits in the middle of what it was first to reach, and is on duty while it was heard of', () => {
    const places = [spot(0, 0), spot(100, 0), spot(900, 0)]
    const runs = places.map((at, n) => {
      const sentAt = START + (n === 2 ? 30 : n) * HOUR_MS
      return {
        ...run,
        callId: `c${n}`,
        unitId: 'a',
        ...at,
        reportedAt: sentAt,
        sentAt,
        onSiteAt: sentAt + 1,
        endedAt: sentAt + MINUTE_MS,
      }
    })
    const [unit] = recordingOf(runs).units
    expect(unit?.lng).toBeCloseTo(spot(100, 0).lng, 9)
    const half = HOUR_MS / 2
    expect(unit?.duty).toEqual([
      [START - half, START + HOUR_MS + MINUTE_MS + half],
      [START + 30 * HOUR_MS - half, START + 30 * HOUR_MS + MINUTE_MS + half],
    ])
  })
})

describe('calibration', () => {
  const runs = townRecord(250, 30)
  const recording = recordingOf(runs)
  const isLearned = (at: number) => Math.floor((at - START) / (5 * HOUR_MS)) % 2 === 0
  const world = calibrated(runs, recording, { ...asked, isLearned })

  test('[PY5] the turnout and the speed that made the record are found again', () => {
    const pace = world.paces.get('van')
    expect(pace?.turnoutMs).toBeGreaterThan(70_000)
    expect(pace?.turnoutMs).toBeLessThan(90_000)
    expect(pace?.speedKmh).toBeGreaterThan(25)
    expect(pace?.speedKmh).toBeLessThan(35)
  })

  test('[PY6] on the calls that were not learned from the simulation errs by little, and says by how much', () => {
    const { calibration, rows } = comparePolicies(world, { seeds: [1, 2, 3], isJudged: (at) => !isLearned(at) })
    expect(calibration.n).toBe(recording.calls.filter(({ at }) => !isLearned(at)).length)
    expect(Math.abs(calibration.errors.p50)).toBeLessThan(0.1)
    expect(Math.abs(calibration.errors.withinShare)).toBeLessThan(0.1)
    expect(calibration.errors.p50).toBeCloseTo(calibration.simulated.p50Ms.mean / calibration.actual.p50Ms - 1, 9)
    expect(rows.map(({ policy }) => policy)).toEqual(['nearest', 'eta', 'cover', 'reposition'])
    expect(rows[0]?.gain).toEqual({ mean: 0, plusMinus: 0 })
    for (const { withinShare } of rows) expect(withinShare.plusMinus).toBeGreaterThan(0)
  })
})

describe('figures', () => {
  test('[PY6] percentiles are interpolated, and nobody counts who was never reached', () => {
    expect(quantile([10, 20, 30, 40], 0.5)).toBe(25)
    expect(quantile([10, 20, 30, 40], 0.9)).toBeCloseTo(37, 9)
    expect(quantile([], 0.5)).toBeNull()
    expect(measure([100, null, 300, 400], 300)).toMatchObject({ n: 3, withinShare: 2 / 3, p50Ms: 300 })
  })

  test('[PY6] the interval is Student’s: of 1, 2, 3 it is 2 ± 2.484; of one value there is none', () => {
    const { mean, plusMinus } = estimate([1, 2, 3])
    expect(mean).toBe(2)
    expect(plusMinus).toBeCloseTo(4.303 / Math.sqrt(3), 6)
    expect(estimate([7])).toEqual({ mean: 7, plusMinus: null })
    // t at 19 degrees of freedom is 2.0930.
    const twenty = Array.from({ length: 20 }, (_, n) => n)
    expect(estimate(twenty).plusMinus).toBeCloseTo(2.093 * Math.sqrt(35 / 20), 2)
  })
})
