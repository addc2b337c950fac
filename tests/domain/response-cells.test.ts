import { cellToLatLng, latLngToCell } from 'h3-js'
import { describe, expect, test } from 'vitest'
import { cellOf, dayText, gridOf, h3CellAt, h3Key, localSlot } from '#domain/response-cells.ts'
import { questionOf } from '#domain/response-question.ts'
import { zoneOffsets } from '#domain/zone.ts'

describe('a grid', () => {
  test('[RT7] is hexagons of a resolution or squares of a step, and nothing else', () => {
    expect(gridOf('h3:8')).toEqual({ kind: 'h3', resolution: 8 })
    expect(gridOf('deg:0.01')).toEqual({ kind: 'deg', step: 0.01 })
    for (const text of ['h3:4', 'h3:11', 'deg:0', 'deg:0.0001', 'deg:-1', 'h3', '8', ''])
      expect(gridOf(text)).toBeNull()
  })

  test('[RT7] names a cell by its index or by two whole numbers', () => {
    const key = latLngToCell(41.8, 123.4, 8)
    expect(h3Key(h3CellAt(123.4, 41.8, 8))).toBe(key)
    expect(cellOf({ kind: 'h3', resolution: 8 }, key)).toEqual({ kind: 'h3', cell: BigInt(`0x${key}`) })
    expect(cellOf({ kind: 'h3', resolution: 8 }, '4180,12340')).toBeNull()
    expect(cellOf({ kind: 'deg', step: 0.01 }, '3761,-12239')).toEqual({ kind: 'deg', lat: 3761, lng: -12239 })
    expect(cellOf({ kind: 'deg', step: 0.01 }, '1);drop table')).toBeNull()
    expect(cellToLatLng(key)[0]).toBeCloseTo(41.8, 1)
  })
})

describe('a local hour', () => {
  const slotIn = (zone: string) => {
    const offsetAt = zoneOffsets(zone)
    return (at: number) => localSlot(at, offsetAt(at))
  }

  test('[RT7] is by the clock on the wall, Monday first', () => {
    const shenyang = slotIn('Asia/Shanghai')
    expect(shenyang(Date.UTC(2026, 2, 1, 16))).toEqual({ day: 20_514, hourOfWeek: 0 })
    expect(dayText(20_514)).toBe('2026-03-02')
    expect(shenyang(Date.UTC(2026, 2, 1, 15, 59))).toMatchObject({ hourOfWeek: 167 })
    expect(slotIn('America/Los_Angeles')(Date.UTC(1969, 11, 31, 23))).toEqual({ day: -1, hourOfWeek: 2 * 24 + 15 })
  })

  test('[RT7] that autumn brings twice is one hour, and one that spring leaves out is nobody’s', () => {
    const angeles = slotIn('America/Los_Angeles')
    const everyHour = (from: number, hours: number) =>
      Array.from({ length: hours }, (_, i) => angeles(from + i * 3_600_000).hourOfWeek % 24)
    // 2025-11-02 and 2026-03-08, from midnight on.
    expect(everyHour(Date.UTC(2025, 10, 2, 7), 5)).toEqual([0, 1, 1, 2, 3])
    expect(everyHour(Date.UTC(2026, 2, 8, 8), 4)).toEqual([0, 1, 3, 4])
  })
})

describe('a question', () => {
  test('[RT10] reads lists, and hours that run over the end of the week', () => {
    const question = questionOf({ category: 'fire,gas', hours: '166-1,20', cell: '1,2 3,4', grid: 'deg:0.01' })
    expect(question?.filters).toMatchObject({
      category: ['fire', 'gas'],
      hours: [0, 1, 20, 166, 167],
      cell: ['1,2', '3,4'],
      from: null,
      provider: [],
    })
    expect(questionOf({})).toMatchObject({ metric: 'arrive', by: null, grid: { kind: 'h3', resolution: 8 } })
  })
})
