import type { Instant } from './instant.ts'
import type { Metric } from './response.ts'
import { type Grid, gridOf } from './response-cells.ts'
import type { Category, Channel, EvidenceGrade, Origin, Priority, TicketClass } from './ticket.ts'

/** What times can be sorted by. `hourOfWeek` 0 = Monday 00:00; `hour` of the day; all by the city's own clock. */
export const DIMENSIONS = [
  'cell',
  'area',
  'hourOfWeek',
  'hour',
  'weekday',
  'day',
  'month',
  'category',
  'class',
  'priority',
  'provider',
  'unit',
  'community',
  'grade',
  'origin',
  'channel',
  'policy',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Which areas `area` means; `own` are the tenant's own (ticket_areas). */
export const AREA_LEVELS = ['own', 'district', 'subdistrict', 'neighbourhood', 'community'] as const
export type AreaLevel = (typeof AREA_LEVELS)[number]

/** A class that nobody has given yet, as a word in filters and keys. */
export const UNCLASSED = 'none'

/** Every filter narrows; words within one are alternatives. */
export interface Filters {
  from: Instant | null
  /** The end is not in it. */
  to: Instant | null
  category: Category[]
  class: (TicketClass | typeof UNCLASSED)[]
  priority: Priority[]
  origin: Origin[]
  channel: Channel[]
  grade: EvidenceGrade[]
  policy: string[]
  provider: string[]
  unit: string[]
  community: string[]
  neighbourhood: string[]
  subdistrict: string[]
  district: string[]
  area: string[]
  /** Keys of cells of the question's grid. */
  cell: string[]
  /** Hours of the week. */
  hours: number[]
  imported: boolean | null
}

export interface Question {
  metric: Metric
  by: Dimension | null
  grid: Grid
  /** Null: own areas where the tenant's tickets bear any, else sub-districts. */
  level: AreaLevel | null
  filters: Filters
}

const LISTS = [
  'category',
  'class',
  'priority',
  'origin',
  'channel',
  'grade',
  'policy',
  'provider',
  'unit',
  'community',
  'neighbourhood',
  'subdistrict',
  'district',
  'area',
] as const satisfies readonly (keyof Filters)[]

/** A question as it stands in an address: lists are joined by commas, cells by blanks (a square's key has a comma itself). */
export interface AskedQuestion extends Partial<Record<(typeof LISTS)[number], string>> {
  metric?: Metric
  by?: Dimension
  grid?: string
  level?: AreaLevel
  from?: Instant
  to?: Instant
  cell?: string
  hours?: string
  imported?: boolean
}

const DEFAULT_GRID = 'h3:8'
const HOURS_IN_WEEK = 168

/** The question an address asks; the words of its lists have been checked, so null means a grid that there is not. */
export function questionOf(asked: AskedQuestion): Question | null {
  const { metric = 'arrive', by = null, level = null, from = null, to = null, imported = null } = asked
  const grid = gridOf(asked.grid ?? DEFAULT_GRID)
  if (!grid) return null
  const lists = Object.fromEntries(LISTS.map((name) => [name, wordsOf(asked[name], ',')]))
  const filters = { ...lists, from, to, imported, cell: wordsOf(asked.cell, ' '), hours: hoursOf(asked.hours ?? '') }
  return { metric, by, grid, level, filters: filters as Filters }
}

const wordsOf = (text: string | undefined, separator: string): string[] =>
  (text ?? '').split(separator).filter((word) => word !== '')

/** `0-23,40`: single hours and spans, both ends in; a span may run over the end of the week. */
function hoursOf(text: string): number[] {
  const hours = new Set<number>()
  for (const part of wordsOf(text, ',')) {
    const [first = 0, last = first] = part.split('-').map(Number)
    const length = (((last - first) % HOURS_IN_WEEK) + HOURS_IN_WEEK) % HOURS_IN_WEEK
    for (let i = 0; i <= length; i++) hours.add((first + i) % HOURS_IN_WEEK)
  }
  return [...hours].sort((a, b) => a - b)
}
