import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { columnsOf } from '#domain/import-map.ts'
import { aTicketsMap } from '#tests/support/import-rows.ts'
import { parseImportMap } from '#wire/import-map.ts'

const FIXES = { columns: { time: 't', unit: 'u', lat: 'a', lng: 'o' }, timeFormat: 's' }

function paths(value: unknown): string[] {
  const parsed = parseImportMap(value)
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path).sort()
}

describe('MAP.json', () => {
  test('[IM6] may map tickets, fixes or both', () => {
    expect(paths({ source: 'a', tickets: aTicketsMap() })).toEqual([])
    expect(paths({ source: 'a', fixes: FIXES })).toEqual([])
    expect(
      paths({ source: 'a', encoding: 'gb18030', delimiter: ';', about: 'x', tickets: aTicketsMap(), fixes: FIXES }),
    ).toEqual([])
    expect(paths({ source: 'a' })).toEqual([''])
  })

  test('[IM6] is refused with everything that is wrong at once, each by its place', () => {
    const { rowKey: _, ...tickets } = aTicketsMap()
    const value = {
      source: 'a b',
      more: 1,
      tickets: {
        ...tickets,
        ticketKey: 1,
        location: { lat: 'Lat' },
        times: { reported: { column: 'x' }, lunch: 'x' },
        category: { column: 'C', values: { a: { category: 'cats' } } },
      },
    }
    expect(paths(value)).toEqual([
      '/more',
      '/source',
      '/tickets/category/values/a/category',
      '/tickets/location/lng',
      '/tickets/rowKey',
      '/tickets/ticketKey',
      '/tickets/times/lunch',
      '/tickets/times/reported/format',
    ])
  })

  test('[IM6] names formats that cannot be read and patterns that cannot work', () => {
    const broken = (location: object) =>
      paths({ source: 'a', fixes: { ...FIXES, timeFormat: 'noon' }, tickets: { ...aTicketsMap(), location } })
    expect(broken({ column: 'c', pattern: '(((' })).toEqual(['/fixes/timeFormat', '/tickets/location/pattern'])
    expect(broken({ column: 'c', pattern: '(?<lat>.)' })).toEqual(['/fixes/timeFormat', '/tickets/location/pattern'])
    expect(broken({ column: 'c', pattern: '(?<lat>.)(?<lng>.)' })).toEqual(['/fixes/timeFormat'])
  })

  test('[IM6] that is anything but an object is refused', () => {
    for (const value of [null, [], 'map', 5, { source: 'a', tickets: null }])
      expect(parseImportMap(value).ok).toBe(false)
  })

  test('[IM6] tells which columns a file must have', () => {
    const map = aTicketsMap({ cancelled: { column: 'Off', values: ['x'] }, resolution: '{End}' })
    expect([...columnsOf(map).keys()].sort()).toEqual(
      [
        'Call',
        'End',
        'Lat',
        'Lng',
        'Off',
        'Row',
        'Street',
        'T1',
        'T2',
        'T3',
        'T4',
        'T5',
        'T6',
        'Text',
        'Town',
        'Type',
        'Unit',
      ].sort(),
    )
  })

  test('[IM6] as it is shipped for San Francisco is one', () => {
    expect(paths(JSON.parse(readFileSync('docs/examples/sffd.map.json', 'utf8')))).toEqual([])
  })
})
