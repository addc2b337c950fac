import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIX_SOURCES, type ReceivedFix } from '#domain/fix.ts'
import { CLOCK_ALLOWANCE_MS, freshnessOf, heardAt, STALE_AFTER_MS } from '#domain/freshness.ts'
import { HOUR_MS, MINUTE_MS } from '#domain/instant.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const fix = (over: Partial<ReceivedFix> = {}): ReceivedFix => ({
  at: NOW,
  receivedAt: NOW,
  lng: 123.43,
  lat: 41.8,
  accuracyM: null,
  speedMps: null,
  headingDeg: null,
  altitudeM: null,
  batteryPct: null,
  source: 'page',
  ...over,
})

describe('freshness', () => {
  test('[FL7] a clock ten minutes behind or five ahead changes nothing', () => {
    for (const at of [NOW - CLOCK_ALLOWANCE_MS, NOW, NOW + 5 * MINUTE_MS]) {
      expect(heardAt(fix({ at }))).toBe(NOW)
    }
  })

  test('[FL7] a fix that was kept back for an hour arrives stale', () => {
    expect(freshnessOf(fix({ at: NOW - HOUR_MS }), 'onDuty', NOW)).toBe('stale')
  })

  test('[FL8] each source has its own limit', () => {
    for (const source of FIX_SOURCES) {
      const limit = STALE_AFTER_MS[source]
      expect(freshnessOf(fix({ source }), 'onDuty', NOW + limit)).toBe('fresh')
      expect(freshnessOf(fix({ source }), 'onDuty', NOW + limit + 1)).toBe('stale')
    }
    expect(STALE_AFTER_MS.osmand).toBeGreaterThan(STALE_AFTER_MS.page)
  })

  test('[FL8] on duty without a fix is a ghost, on a task too; off duty is absent', () => {
    expect(freshnessOf(null, 'onDuty', NOW)).toBe('ghost')
    expect(freshnessOf(null, 'busy', NOW)).toBe('ghost')
    expect(freshnessOf(null, 'offDuty', NOW)).toBe('absent')
  })

  test('[FL7] no device time makes a fix fresher than its arrival', () => {
    fc.assert(
      fc.property(fc.integer({ min: -HOUR_MS, max: HOUR_MS }), fc.nat(10 * MINUTE_MS), (skew, waited) => {
        const honest = freshnessOf(fix(), 'onDuty', NOW + waited)
        const told = freshnessOf(fix({ at: NOW + skew }), 'onDuty', NOW + waited)
        if (honest === 'stale') expect(told).toBe('stale')
      }),
    )
  })
})
