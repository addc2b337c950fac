import { columnOf, MOMENTS, type Moment, PLACEHOLDER, type Sorted, type TicketsMap } from './import-map.ts'
import { momentReader, type ReadMoment } from './import-time.ts'
import type { Instant } from './instant.ts'

/** The cells of one line by column name. */
export type Cells = Readonly<Record<string, string>>

export type Moments = Partial<Record<Moment, Instant>>

/** A line that could be read. */
export interface ReadRow extends Sorted {
  line: number
  ticketKey: string
  rowKey: string
  unit: string | null
  community: string | null
  area: string | null
  lng: number
  lat: number
  moments: Moments & { reported: Instant }
  description: string
  address: string
  resolution: string | null
  isCancelled: boolean
}

export const ROW_PROBLEMS = ['missing', 'unreadable', 'unknownWord', 'columnCount', 'brokenLine'] as const
/** Why a line is refused: one entry for each mapped field that cannot be read. */
export interface RowProblem {
  column: string
  value: string
  why: (typeof ROW_PROBLEMS)[number]
}

export type Read = { ok: true; row: ReadRow } | { ok: false; problems: RowProblem[] }

/** What is kept of a text; longer ones are cut, for a row is not refused over them. */
const MOST_DESCRIPTION = 2_000
const MOST_ADDRESS = 300

/** IM1: reads lines by a map. A line is refused only when a mapped field cannot be read; an empty moment is a missing stage. */
export function rowReader(map: TicketsMap, timeZone: string): (cells: Cells, line: number) => Read {
  const readTimes = timesReader(map, timeZone)
  const readPoint = pointReader(map)
  const readSorted = sortedReader(map)
  const fill = (template: string | undefined, cells: Cells, most: number) =>
    filled(template ?? '', cells)
      .slice(0, most)
      .toWellFormed()
  return (cells, line) => {
    const problems: RowProblem[] = []
    const ticketKey = needed(map.ticketKey, cells, problems)
    const rowKey = needed(map.rowKey, cells, problems)
    const moments = readTimes(cells, problems)
    const point = readPoint(cells, problems)
    const sorted = readSorted(cells, problems)
    if (problems.length > 0 || moments?.reported === undefined || !point || !sorted) return { ok: false, problems }
    const { cancelled } = map
    return {
      ok: true,
      row: {
        ...sorted,
        ...point,
        line,
        ticketKey,
        rowKey,
        unit: optional(map.unit, cells),
        community: optional(map.community, cells),
        area: optional(map.area, cells),
        moments: { ...moments, reported: moments.reported },
        description: fill(map.description, cells, MOST_DESCRIPTION),
        address: fill(map.address, cells, MOST_ADDRESS),
        resolution: fill(map.resolution, cells, MOST_DESCRIPTION) || null,
        isCancelled: cancelled?.values.includes(cellOf(cells, cancelled.column)) ?? false,
      },
    }
  }
}

/** NUL is no character of a text in PostgreSQL, nor of anything a person wrote. */
const cellOf = (cells: Cells, column: string): string => (cells[column] ?? '').replaceAll('\0', '').trim()

function needed(column: string, cells: Cells, problems: RowProblem[]): string {
  const value = cellOf(cells, column)
  if (value === '') problems.push({ column, value, why: 'missing' })
  return value
}

const optional = (column: string | undefined, cells: Cells): string | null =>
  column === undefined ? null : cellOf(cells, column) || null

function timesReader(map: TicketsMap, timeZone: string) {
  const readers = new Map<string, ReadMoment>()
  const readerOf = (format: string) => {
    const reader = readers.get(format) ?? momentReader(format, timeZone)
    readers.set(format, reader)
    return reader
  }
  const columns = MOMENTS.flatMap((moment) => {
    const time = map.times[moment]
    const column = columnOf(time)
    if (time === undefined || column === undefined) return []
    return [{ moment, column, read: readerOf(typeof time === 'object' ? time.format : map.timeFormat) }]
  })
  return (cells: Cells, problems: RowProblem[]): Moments => {
    const moments: Moments = {}
    for (const { moment, column, read } of columns) {
      const value = cellOf(cells, column)
      const at = value === '' ? null : read(value)
      if (at !== null) moments[moment] = at
      else if (value !== '') problems.push({ column, value, why: 'unreadable' })
      else if (moment === 'reported') problems.push({ column, value, why: 'missing' })
    }
    return moments
  }
}

function pointReader({ location }: TicketsMap) {
  if ('column' in location) {
    const pattern = new RegExp(location.pattern, 'u')
    return (cells: Cells, problems: RowProblem[]) => {
      const value = cellOf(cells, location.column)
      const groups = pattern.exec(value)?.groups
      const point = pointOf(groups?.lat ?? '', groups?.lng ?? '')
      if (!point) problems.push({ column: location.column, value, why: value === '' ? 'missing' : 'unreadable' })
      return point
    }
  }
  return (cells: Cells, problems: RowProblem[]) => {
    const [lat, lng] = [cellOf(cells, location.lat), cellOf(cells, location.lng)]
    const point = pointOf(lat, lng)
    const [column, value] = degrees(lat, 90) === null ? [location.lat, lat] : [location.lng, lng]
    if (!point) problems.push({ column, value, why: value === '' ? 'missing' : 'unreadable' })
    return point
  }
}

function pointOf(latText: string, lngText: string): { lng: number; lat: number } | null {
  const [lat, lng] = [degrees(latText, 90), degrees(lngText, 180)]
  return lat === null || lng === null ? null : { lng, lat }
}

function degrees(text: string, most: number): number | null {
  const value = Number(text)
  return /^\s*[+-]?\d+(\.\d*)?\s*$/.test(text) && Math.abs(value) <= most ? value : null
}

function sortedReader({ category }: TicketsMap) {
  const values = new Map(Object.entries(category.values))
  return (cells: Cells, problems: RowProblem[]): Sorted | null => {
    const value = cellOf(cells, category.column)
    const sorted = values.get(value) ?? category.default ?? null
    if (!sorted) problems.push({ column: category.column, value, why: value === '' ? 'missing' : 'unknownWord' })
    return sorted
  }
}

/** A template with its cells; separators that an empty cell leaves hanging are taken away. */
function filled(template: string, cells: Cells): string {
  return template
    .replace(PLACEHOLDER, (_, column: string) => cellOf(cells, column))
    .replace(/([,;，、；])(\s*[,;，、；])+/g, '$1')
    .replace(/^[\s,;:，、；：]+|[\s,;:，、；：]+$/g, '')
}

/** A report as `POST /api/tickets` takes it, with the moment the caller spoke: what `hongguan replay` sends. */
export interface ReplayedReport {
  ticketKey: string
  at: Instant
  report: Sorted & { description: string; address?: string; lng: number; lat: number }
}

export function reportOfRow(row: ReadRow): ReplayedReport {
  const { ticketKey, moments, category, class: known, priority, description, address, lng, lat } = row
  const sorted = { category, ...(known && { class: known }), ...(priority && { priority }) }
  return { ticketKey, at: moments.reported, report: { ...sorted, description, ...(address && { address }), lng, lat } }
}
