import { isTimeFormat } from './import-time.ts'
import type { Category, Priority, TicketClass } from './ticket.ts'

/** MAP.json: how somebody else's files are read. It names columns and words, never data. Its schema: wire/import-map.ts. */
export interface ImportMap {
  about?: string
  /** Name of the source; together with a row's key it makes a row the same row when the file is read again. */
  source: string
  encoding?: 'utf-8' | 'gb18030'
  delimiter?: string
  tickets?: TicketsMap
  fixes?: FixesMap
}

/** Recorded positions, for `hongguan replay`. */
export interface FixesMap {
  columns: { time: string; unit: string; lat: string; lng: string }
  timeFormat: string
}

export interface TicketsMap {
  /** Rows with the same value here are one ticket. */
  ticketKey: string
  /** Names a row for ever. */
  rowKey: string
  /** The unit that was sent; every row that names one becomes a dispatch. */
  unit?: string
  /** Column with a community's code (the end of its residents' link): the ticket belongs to its jurisdiction. */
  community?: string
  /** Column with the code of an area of the tenant's own; no jurisdiction. */
  area?: string
  location: LocationMap
  category: CategoryMap
  timeFormat: string
  times: { reported: TimeColumn } & Partial<Record<Moment, TimeColumn>>
  /** Templates: `{Column}` stands for the cell. */
  description: string
  address?: string
  resolution?: string
  /** Words in a column that say the ticket was called off. */
  cancelled?: { column: string; values: string[] }
  /** True: the whole file is history; a ticket whose end it does not tell is closed all the same, without a moment. */
  allOver?: boolean
}

/** Two columns, or one with a pattern that has the groups `lat` and `lng`. */
export type LocationMap = { lat: string; lng: string } | { column: string; pattern: string }

export interface CategoryMap {
  column: string
  values: Record<string, Sorted>
  /** For every word that is not listed; without it such a row is refused. */
  default?: Sorted
}

/** What a word of the source means here. */
export interface Sorted {
  category: Category
  class?: TicketClass
  priority?: Priority
}

export type TimeColumn = string | { column: string; format: string }

/** In the order of the journey; those of a unit belong to its dispatch, and the first of them to the ticket. */
export const MOMENTS = [
  'reported',
  'triaged',
  'placed',
  'offered',
  'accepted',
  'enRoute',
  'onSite',
  'resolved',
  'ended',
  'closed',
] as const
export type Moment = (typeof MOMENTS)[number]

export interface MapProblem {
  /** JSON pointer into MAP.json. */
  path: string
  why: string
}

/** What the schema cannot see: patterns that do not compile, formats nobody can read. */
export function problemsOf(map: ImportMap): MapProblem[] {
  const { tickets, fixes } = map
  const problems: MapProblem[] = []
  if (!tickets && !fixes) problems.push({ path: '', why: 'names neither `tickets` nor `fixes`' })
  const checkFormat = (path: string, format: string) => {
    if (!isTimeFormat(format)) problems.push({ path, why: `"${format}" is no time format (docs/import-map.md)` })
  }
  if (fixes) checkFormat('/fixes/timeFormat', fixes.timeFormat)
  if (!tickets) return problems
  checkFormat('/tickets/timeFormat', tickets.timeFormat)
  for (const moment of MOMENTS) {
    const column = tickets.times[moment]
    if (typeof column === 'object') checkFormat(`/tickets/times/${moment}/format`, column.format)
  }
  const why = 'pattern' in tickets.location ? patternProblem(tickets.location.pattern) : null
  if (why) problems.push({ path: '/tickets/location/pattern', why })
  return problems
}

function patternProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u')
  } catch (error) {
    return (error as Error).message
  }
  const missing = ['lat', 'lng'].filter((group) => !pattern.includes(`(?<${group}>`))
  return missing.length > 0 ? `has no group (?<${missing.join('>…), (?<')}>…)` : null
}

/** The columns a map reads, each with the place in the map that names it: what a file's header must have. */
export function columnsOf(map: TicketsMap): Map<string, string> {
  const columns = new Map<string, string>()
  const add = (path: string, ...names: (string | undefined)[]) => {
    for (const name of names) if (name !== undefined && !columns.has(name)) columns.set(name, path)
  }
  add('/tickets/ticketKey', map.ticketKey)
  add('/tickets/rowKey', map.rowKey)
  add('/tickets/unit', map.unit)
  add('/tickets/community', map.community)
  add('/tickets/area', map.area)
  add('/tickets/location', ...('column' in map.location ? [map.location.column] : [map.location.lat, map.location.lng]))
  add('/tickets/category/column', map.category.column)
  add('/tickets/cancelled/column', map.cancelled?.column)
  for (const moment of MOMENTS) add(`/tickets/times/${moment}`, columnOf(map.times[moment]))
  for (const part of ['description', 'address', 'resolution'] as const)
    add(`/tickets/${part}`, ...[...(map[part] ?? '').matchAll(PLACEHOLDER)].map((found) => found[1]))
  return columns
}

export const PLACEHOLDER = /\{([^{}]+)\}/g

export const columnOf = (time: TimeColumn | undefined): string | undefined =>
  typeof time === 'object' ? time.column : time
