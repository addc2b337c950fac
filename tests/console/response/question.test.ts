import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressOf,
  besideOf,
  DAYPARTS,
  daysOf,
  filtersBeside,
  filtersOf,
  LAYERS,
  PANELS,
  PERIODS,
  RESOLUTIONS,
  START,
  STATISTICS,
  spanOf,
  type View,
  viewOf,
  WEEKDAYS,
} from '#console/lib/response/question.ts'
import { calendarOf } from '#domain/calendar.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import { METRICS } from '#domain/response.ts'
import { CATEGORIES, CHANNELS, EVIDENCE_GRADES, ORIGINS, PRIORITIES, TICKET_CLASSES } from '#domain/ticket.ts'

const one = <T extends string>(words: readonly T[]) => fc.constantFrom(null, ...words)
const code = fc.constantFrom(null, '210102', 'c-17')
const anyView: fc.Arbitrary<View> = fc.record({
  ...{ metric: fc.constantFrom(...METRICS), statistic: fc.constantFrom(...STATISTICS) },
  ...{ layer: fc.constantFrom(...LAYERS), panel: fc.constantFrom(...PANELS), period: fc.constantFrom(...PERIODS) },
  ...{ day: fc.constantFrom(null, '2026-03-02'), resolution: fc.constantFrom(...RESOLUTIONS) },
  ...{ against: fc.constantFrom(null, 'before', 'd:210103'), category: one(CATEGORIES), class: one(TICKET_CLASSES) },
  ...{ priority: one(PRIORITIES), origin: one(ORIGINS), channel: one(CHANNELS), grade: one(EVIDENCE_GRADES) },
  ...{ imported: one(['true', 'false']), provider: code, unit: code, district: code, subdistrict: code },
  ...{ neighbourhood: code, community: code, area: code, weekdays: one(WEEKDAYS), daypart: one(DAYPARTS) },
  ...{
    hour: fc.option(fc.integer({ min: 0, max: 167 })),
    open: fc.constantFrom(null, 'cell:882aa', 'excluded:notYet'),
  },
})
const queryOf = (address: string) => new URL(address, 'http://here').searchParams

/** 2026-03-04 12:00 in Shenyang, a Wednesday. */
const NOW = Date.UTC(2026, 2, 4, 4)
const MIDNIGHT = NOW - 12 * HOUR_MS
const calendar = calendarOf('Asia/Shanghai')

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
    const odd = '/response?metric=speed&stat=mean&res=99&hour=168&category=x&day=tomorrow&weekdays=9&layer=x'
    expect(viewOf(queryOf(odd))).toEqual(START)
  })

  test('[RV2] a week is today and the six days before', () => {
    const week = { ...START, period: 'week' as const }
    expect(spanOf(week, NOW, calendar)).toEqual({ from: MIDNIGHT - 6 * DAY_MS, to: NOW })
    expect(spanOf({ ...START, period: 'all' }, NOW, calendar)).toBeNull()
    expect(filtersOf({ ...week, hour: 30 }, NOW, calendar)).toMatchObject({ hours: '30', to: NOW })
    expect(daysOf('week', NOW, calendar)).toEqual(
      ['02-26', '02-27', '02-28', '03-01', '03-02', '03-03', '03-04'].map((day) => `2026-${day}`),
    )
  })

  test('[RV3] what stands beside ends at the same hour: today until noon against yesterday until noon', () => {
    const today = { ...START, period: 'today' as const, against: 'before' }
    expect(besideOf(today, NOW, calendar)).toEqual({ beforeFrom: MIDNIGHT - DAY_MS, beforeTo: NOW - DAY_MS })
    const week = { ...today, period: 'week' as const }
    expect(besideOf(week, NOW, calendar)).toEqual({ beforeFrom: MIDNIGHT - 13 * DAY_MS, beforeTo: NOW - 7 * DAY_MS })
    expect(besideOf({ ...week, against: null }, NOW, calendar)).toEqual({})
  })

  test('[RV3] another area stands beside at the same time, in place of this one', () => {
    const view = { ...START, district: '210102', against: 'd:210103' }
    expect(besideOf(view, NOW, calendar)).toEqual({ beforeDistrict: '210103' })
    expect(filtersBeside(view, NOW, calendar)).toEqual({ ...filtersOf(view, NOW, calendar), district: '210103' })
  })

  test('[RV4] a day of the slider is that day by the city’s clock, whatever the period', () => {
    const view = { ...START, day: '2026-03-02' }
    expect(spanOf(view, NOW, calendar)).toEqual({ from: MIDNIGHT - 2 * DAY_MS, to: MIDNIGHT - DAY_MS })
    expect(spanOf({ ...view, day: '2026-03-04' }, NOW, calendar)).toEqual({ from: MIDNIGHT, to: NOW })
    const kiritimati = calendarOf('Pacific/Kiritimati')
    expect(kiritimati.dayOf(spanOf(view, NOW, kiritimati)?.from ?? 0)).toBe('2026-03-02')
  })

  test('[RV4] weekdays and parts of the day are hours of the week', () => {
    const hours = (view: Partial<View>) =>
      filtersOf({ ...START, ...view }, NOW, calendar)
        .hours?.split(',')
        .map(Number)
    expect(hours({ weekdays: 'rest', daypart: 'rush' })).toEqual([127, 128, 137, 138, 151, 152, 161, 162])
    expect(hours({ weekdays: '0' })).toEqual(Array.from({ length: 24 }, (_, at) => at))
    expect(hours({ weekdays: '0', hour: 99 })).toEqual([99])
    expect(hours({})).toBeUndefined()
  })
})
