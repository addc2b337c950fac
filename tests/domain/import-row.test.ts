import { describe, expect, test } from 'vitest'
import { reportOfRow, rowReader } from '#domain/import-row.ts'
import { aTicketsMap, theCells } from '#tests/support/import-rows.ts'

const readWith = (map = {}, cells = {}) => rowReader(aTicketsMap(map), 'UTC')(theCells(cells), 7)

function taken(map = {}, cells = {}) {
  const read = readWith(map, cells)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.row
}

function problems(cells: Record<string, string>, map = {}) {
  const read = readWith(map, cells)
  return read.ok ? [] : read.problems
}

describe('a row of a file', () => {
  test('[IM1] is read by the map and no more: its keys, its place, its words, its moments', () => {
    expect(taken()).toEqual({
      line: 7,
      ticketKey: 'c1',
      rowKey: 'r1',
      unit: 'E1',
      community: null,
      area: null,
      lng: 123.4,
      lat: 41.8,
      category: 'lighting',
      moments: {
        reported: 100_000,
        triaged: 110_000,
        offered: 120_000,
        enRoute: 130_000,
        onSite: 140_000,
        ended: 200_000,
        closed: 200_000,
      },
      description: 'Lamp: dark',
      address: 'Main, Shenyang',
      resolution: null,
      isCancelled: false,
    })
  })

  test('[IM1] with empty moments lacks those stages and is not refused', () => {
    expect(taken({}, { T2: '', T3: ' ', T5: '' }).moments).toEqual({
      reported: 100_000,
      enRoute: 130_000,
      ended: 200_000,
      closed: 200_000,
    })
  })

  test('[IM1] without a unit is a row all the same', () => {
    expect(taken({}, { Unit: '  ' }).unit).toBeNull()
  })

  test.each([
    [{ Call: '' }, 'Call', 'missing'],
    [{ Row: '' }, 'Row', 'missing'],
    [{ T1: '' }, 'T1', 'missing'],
    [{ T5: 'noon' }, 'T5', 'unreadable'],
    [{ Lat: '' }, 'Lat', 'missing'],
    [{ Lat: '91' }, 'Lat', 'unreadable'],
    [{ Lng: '123,4' }, 'Lng', 'unreadable'],
    [{ Type: 'Cats' }, 'Type', 'unknownWord'],
    [{ Type: '' }, 'Type', 'missing'],
  ] as const)('[IM1] with %j is refused: %s %s', (cells, column, why) => {
    expect(problems(cells)).toEqual([{ column, value: Object.values(cells)[0], why }])
  })

  test('[IM1] names every field that cannot be read', () => {
    expect(problems({ T1: 'x', T4: 'y', Lat: 'z', Type: 'Cats' }).map(({ column }) => column)).toEqual([
      'T1',
      'T4',
      'Lat',
      'Type',
    ])
  })

  test('[IM1] takes its place from one column by a pattern with named groups', () => {
    const location = { column: 'Place', pattern: '^\\((?<lat>[-0-9.]+), (?<lng>[-0-9.]+)\\)$' }
    expect(taken({ location }, { Place: '(37.7, -122.4)' })).toMatchObject({ lat: 37.7, lng: -122.4 })
    expect(problems({ Place: '37.7, -122.4' }, { location })).toEqual([
      { column: 'Place', value: '37.7, -122.4', why: 'unreadable' },
    ])
  })

  test('[IM1] sorts words it does not know by the default, where there is one', () => {
    const category = { column: 'Type', values: {}, default: { category: 'other' as const, priority: 'P1' as const } }
    expect(taken({ category })).toMatchObject({ category: 'other', priority: 'P1' })
    expect(taken({}, { Type: 'Fire' })).toMatchObject({ category: 'fire', class: 'major', priority: 'P1' })
    expect(problems({ Type: 'constructor' })).toHaveLength(1)
  })

  test('[IM1] reads a column of its own format by that format', () => {
    const times = { reported: 'T1', onSite: { column: 'Day', format: 'yyyy-MM-dd' } }
    expect(taken({ times }, { Day: '1970-01-02' }).moments).toEqual({ reported: 100_000, onSite: 86_400_000 })
  })

  test('[IM1] knows the words that say a call was off', () => {
    const cancelled = { column: 'Text', values: ['Cancelled', 'No merit'] }
    expect(taken({ cancelled }, { Text: 'No merit' }).isCancelled).toBe(true)
    expect(taken({ cancelled }).isCancelled).toBe(false)
  })

  test('[IM1] fills templates without leaving separators hanging, and cuts what is too long', () => {
    expect(taken({}, { Town: '' }).address).toBe('Main')
    expect(taken({}, { Street: '', Town: '' }).address).toBe('')
    expect(taken({}, { Text: '' }).description).toBe('Lamp')
    expect(taken({}, { Text: 'x'.repeat(5_000), Street: 'y'.repeat(999) })).toMatchObject({
      description: expect.stringMatching(/^.{2000}$/),
      address: expect.stringMatching(/^.{300}$/),
    })
    expect(taken({ description: '{Text}' }, { Text: `${'x'.repeat(1_999)}🔥` }).description.isWellFormed()).toBe(true)
    expect(taken({}, { Text: 'a\0b' }).description).toBe('Lamp: ab')
  })

  test('[IM7] is the report that a replay sends, at the moment of the call', () => {
    expect(reportOfRow(taken({}, { Type: 'Fire', Town: '', Street: '' }))).toEqual({
      ticketKey: 'c1',
      at: 100_000,
      report: { category: 'fire', class: 'major', priority: 'P1', description: 'Fire: dark', lng: 123.4, lat: 41.8 },
    })
  })
})
