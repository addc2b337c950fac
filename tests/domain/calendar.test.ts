import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarOf } from '#domain/calendar.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'

const shenyang = calendarOf('Asia/Shanghai')
const berlin = calendarOf('Europe/Berlin')
const at = (text: string) => Date.parse(text)

describe("a city's calendar", () => {
  test('[EC3] counts months by its own days, not by those of UTC', () => {
    // Midnight of 1 March in Shenyang is still February in UTC.
    expect(shenyang.plusMonths(at('2026-02-28T16:00:00Z'), 6)).toBe(at('2026-08-31T16:00:00Z'))
    expect(shenyang.plusMonths(at('2026-02-28T16:00:00Z'), -6)).toBe(at('2025-08-31T16:00:00Z'))
  })

  test('[EC3] ends in a shorter month on its last day', () => {
    expect(shenyang.plusMonths(at('2026-08-31T02:00:00Z'), 6)).toBe(at('2027-02-28T02:00:00Z'))
    expect(shenyang.plusMonths(at('2027-08-31T02:00:00Z'), 6)).toBe(at('2028-02-29T02:00:00Z'))
  })

  test('[EC3] keeps the hour over a change of clock, and a day begins at its own midnight', () => {
    expect(berlin.plusDays(at('2026-03-28T11:00:00Z'), 1)).toBe(at('2026-03-29T10:00:00Z'))
    expect(berlin.startOfDay(at('2026-03-29T12:00:00Z'))).toBe(at('2026-03-28T23:00:00Z'))
    expect(shenyang.dayOf(at('2026-03-04T16:30:00Z'))).toBe('2026-03-05')
  })

  test('[EC3] is monotone: later begins never end earlier, and a month is between 28 and 31 days', () => {
    const moment = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })
    fc.assert(
      fc.property(moment, fc.nat(40 * 24), fc.integer({ min: 1, max: 24 }), (start, hours, months) => {
        const later = start + hours * HOUR_MS
        const [end, laterEnd] = [shenyang.plusMonths(start, months), shenyang.plusMonths(later, months)]
        // On the last days of a month several begins share one end; the hour of the day may then turn them round by less than a day.
        expect(laterEnd).toBeGreaterThan(end - DAY_MS)
        expect(end - start).toBeGreaterThanOrEqual(28 * months * DAY_MS)
        expect(end - start).toBeLessThanOrEqual(31 * months * DAY_MS)
      }),
      { numRuns: 300 },
    )
  })
})
