import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressOf,
  beforeOf,
  filtersOf,
  PERIODS,
  RESOLUTIONS,
  START,
  STATISTICS,
  spanOf,
  viewOf,
} from '#console/lib/response/question.ts'
import { DAY_MS } from '#domain/instant.ts'
import { METRICS } from '#domain/response.ts'
import { CATEGORIES, TICKET_CLASSES } from '#domain/ticket.ts'

const anyView = fc.record({
  metric: fc.constantFrom(...METRICS),
  statistic: fc.constantFrom(...STATISTICS),
  period: fc.constantFrom(...PERIODS),
  resolution: fc.constantFrom(...RESOLUTIONS),
  compares: fc.boolean(),
  category: fc.constantFrom(null, ...CATEGORIES),
  class: fc.constantFrom(null, ...TICKET_CLASSES),
  district: fc.constantFrom(null, '210102'),
  hour: fc.option(fc.integer({ min: 0, max: 167 })),
})
const queryOf = (address: string) => new URL(address, 'http://here').searchParams

describe('the address of the response page', () => {
  test('[RV2] brings back every view', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        expect(viewOf(queryOf(addressOf(view)))).toEqual(view)
      }),
    )
  })

  test('[RV2] leaves what it cannot read at where the page starts', () => {
    expect(addressOf(START)).toBe('/response')
    expect(viewOf(queryOf('/response?metric=speed&stat=mean&res=99&hour=168&category=x'))).toEqual(START)
  })

  test('[RV2] a week is today and the six days before, and is compared with the seven before those', () => {
    const dayStart = 100 * DAY_MS
    const now = dayStart + DAY_MS / 2
    expect(spanOf('week', now, dayStart)).toEqual({ from: dayStart - 6 * DAY_MS, to: now })
    expect(spanOf('all', now, dayStart)).toBeNull()
    const view = { ...START, period: 'week' as const, compares: true }
    const { beforeFrom, beforeTo } = beforeOf(view, now, dayStart)
    expect(beforeTo).toBe(dayStart - 6 * DAY_MS)
    expect((beforeTo ?? 0) - (beforeFrom ?? 0)).toBe(6.5 * DAY_MS)
    expect(beforeOf({ ...view, compares: false }, now, dayStart)).toEqual({})
    expect(filtersOf({ ...view, hour: 30 }, now, dayStart)).toMatchObject({ hours: '30', to: now })
  })
})
