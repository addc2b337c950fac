import type { Calendar } from '#domain/calendar.ts'
import type { Instant } from '#domain/instant.ts'
import { METRICS, type Metric } from '#domain/response.ts'
import {
  CATEGORIES,
  type Category,
  CHANNELS,
  type Channel,
  EVIDENCE_GRADES,
  type EvidenceGrade,
  ORIGINS,
  type Origin,
  PRIORITIES,
  type Priority,
  TICKET_CLASSES,
  type TicketClass,
} from '#domain/ticket.ts'

export const PERIODS = ['today', 'week', 'month', 'quarter', 'year', 'all'] as const
export type Period = (typeof PERIODS)[number]
const DAYS: Record<Exclude<Period, 'all'>, number> = { today: 1, week: 7, month: 30, quarter: 91, year: 365 }

/** `kept`: the share for which the promise of the stage was kept. */
export const STATISTICS = ['p50', 'p90', 'kept'] as const
export type Statistic = (typeof STATISTICS)[number]

/** What the map shows: how long it took, or only how much there was. */
export const LAYERS = ['times', 'density'] as const
export type Layer = (typeof LAYERS)[number]

export const PANELS = ['overview', 'ranking', 'trend', 'breaches'] as const
export type Panel = (typeof PANELS)[number]

/** From districts to blocks: H3 resolutions a map of a city is read at. */
export const RESOLUTIONS = [6, 7, 8, 9] as const

export const WEEKDAYS = ['work', 'rest', '0', '1', '2', '3', '4', '5', '6'] as const
export type Weekdays = (typeof WEEKDAYS)[number]
const DAYS_OF: Record<Weekdays, readonly number[]> = {
  ...{ work: [0, 1, 2, 3, 4], rest: [5, 6] },
  ...{ '0': [0], '1': [1], '2': [2], '3': [3], '4': [4], '5': [5], '6': [6] },
}

/** Parts of the day and their hours: the two rushes of the lifts, the day between, the evening, the night. */
export const DAYPARTS = ['rush', 'day', 'evening', 'night'] as const
export type Daypart = (typeof DAYPARTS)[number]
const HOURS_OF: Record<Daypart, readonly number[]> = {
  rush: [7, 8, 17, 18],
  day: [9, 10, 11, 12, 13, 14, 15, 16],
  evening: [19, 20, 21, 22],
  night: [23, 0, 1, 2, 3, 4, 5, 6],
}

/** Places that a view may be narrowed to; one at a time. */
export const PLACE_KINDS = ['district', 'subdistrict', 'neighbourhood', 'community', 'area'] as const

/** What the page shows, as it stands in the address: a link is exactly the view. */
export interface View {
  metric: Metric
  statistic: Statistic
  layer: Layer
  panel: Panel
  period: Period
  /** One day of it, `YYYY-MM-DD`: where the slider stands. */
  day: string | null
  resolution: (typeof RESOLUTIONS)[number]
  /** `before`: the same time earlier; `d:CODE`, `s:CODE`: another district or sub-district. */
  against: string | null
  category: Category | null
  class: TicketClass | null
  priority: Priority | null
  origin: Origin | null
  channel: Channel | null
  grade: EvidenceGrade | null
  imported: 'true' | 'false' | null
  provider: string | null
  unit: string | null
  district: string | null
  subdistrict: string | null
  neighbourhood: string | null
  community: string | null
  area: string | null
  weekdays: Weekdays | null
  daypart: Daypart | null
  /** An hour of the local week, 0 = Monday 00:00; it goes before the two above. */
  hour: number | null
  /** What is taken apart beside the map: `cell:…`, `subdistrict:…`, `excluded:…`. */
  open: string | null
}

export const START: Readonly<View> = {
  ...{ metric: 'arrive', statistic: 'p90', layer: 'times', panel: 'overview', period: 'month', day: null },
  ...{ resolution: 7, against: null, category: null, class: null, priority: null, origin: null, channel: null },
  ...{ grade: null, imported: null, provider: null, unit: null, district: null, subdistrict: null },
  ...{ neighbourhood: null, community: null, area: null, weekdays: null, daypart: null, hour: null, open: null },
}

/** Everything that narrows the view, as one presses *clear*. */
export const UNFILTERED = {
  ...{ category: null, class: null, priority: null, origin: null, channel: null, grade: null, imported: null },
  ...{ provider: null, unit: null, district: null, subdistrict: null, neighbourhood: null, community: null },
  ...{ area: null, weekdays: null, daypart: null, hour: null, day: null },
} satisfies Partial<View>

const WORDS = {
  ...{ metric: METRICS, statistic: STATISTICS, layer: LAYERS, panel: PANELS, period: PERIODS, category: CATEGORIES },
  ...{ class: TICKET_CLASSES, priority: PRIORITIES, origin: ORIGINS, channel: CHANNELS, grade: EVIDENCE_GRADES },
  ...{ imported: ['true', 'false'], weekdays: WEEKDAYS, daypart: DAYPARTS },
} as const
const TEXTS = [...PLACE_KINDS, 'provider', 'unit', 'against', 'open'] as const
/** As they are called in an address where that is shorter. */
const SHORT: Partial<Record<keyof View, string>> = { statistic: 'stat', resolution: 'res', against: 'compare' }
const shortOf = (name: keyof View) => SHORT[name] ?? name

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Whatever stands in an address: words that mean nothing are left at what the page starts with. */
export function viewOf(query: { get(name: string): string | null }): View {
  const given = (name: keyof View) => query.get(shortOf(name)) || null
  const words = Object.entries(WORDS).map(([name, all]) => {
    const found = (all as readonly string[]).find((word) => word === given(name as keyof View))
    return [name, found ?? START[name as keyof View]]
  })
  const texts = TEXTS.map((name) => [name, given(name)])
  const hour = Number(given('hour') ?? Number.NaN)
  const day = given('day')
  return {
    ...START,
    ...Object.fromEntries([...words, ...texts]),
    day: day !== null && DAY.test(day) ? day : null,
    hour: Number.isInteger(hour) && hour >= 0 && hour < 168 ? hour : null,
    resolution: RESOLUTIONS.find((each) => each === Number(given('resolution'))) ?? START.resolution,
  }
}

/** The address of a view; what it starts with is left out. */
export function addressOf(view: View): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(view))
    if (value !== START[name as keyof View] && value !== null) query.set(shortOf(name as keyof View), String(value))
  return query.size > 0 ? `/response?${query}` : '/response'
}

interface Span {
  from: Instant
  to: Instant
}

/** Midnight at which the period began; of one day and the day after. */
export function spanOf({ period, day }: Pick<View, 'period' | 'day'>, now: Instant, calendar: Calendar): Span | null {
  if (day !== null) {
    // Any hour of the day lies in it, in every zone there is.
    const noon = calendar.startOfDay(Date.parse(`${day}T12:00Z`))
    const from = calendar.dayOf(noon) === day ? noon : calendar.plusDays(noon, calendar.dayOf(noon) < day ? 1 : -1)
    return { from, to: Math.min(now, calendar.plusDays(from, 1)) }
  }
  if (period === 'all') return null
  return { from: calendar.plusDays(calendar.startOfDay(now), 1 - DAYS[period]), to: now }
}

/** The days that the slider runs over; of all time, the last year. */
export function daysOf(period: Period, now: Instant, calendar: Calendar): string[] {
  const days = DAYS[period === 'all' ? 'year' : period]
  const noon = calendar.startOfDay(now)
  return Array.from({ length: days }, (_, i) => calendar.dayOf(calendar.plusDays(noon, i + 1 - days)))
}

/** Hours of the week that are asked for; null = all. */
function hoursOf({ hour, weekdays, daypart }: View): number[] | null {
  if (hour !== null) return [hour]
  if (weekdays === null && daypart === null) return null
  const days = weekdays === null ? [0, 1, 2, 3, 4, 5, 6] : DAYS_OF[weekdays]
  const hours = daypart === null ? Array.from({ length: 24 }, (_, at) => at) : HOURS_OF[daypart]
  return days.flatMap((day) => hours.map((at) => 24 * day + at))
}

const FILTERS = [
  ...PLACE_KINDS,
  ...(['category', 'class', 'priority', 'origin', 'channel', 'grade', 'provider', 'unit'] as const),
] as const

/** The filters of a question to the server, without what it is sorted by. */
export function filtersOf(view: View, now: Instant, calendar: Calendar) {
  const span = spanOf(view, now, calendar)
  const hours = hoursOf(view)
  return {
    metric: view.metric,
    ...span,
    ...Object.fromEntries(FILTERS.flatMap((name) => (view[name] === null ? [] : [[name, view[name]]]))),
    ...(view.imported !== null && { imported: view.imported === 'true' }),
    ...(hours && { hours: hours.join(',') }),
  }
}

/** Whether another area stands beside, and no other time. */
export const isAreaBeside = ({ against }: Pick<View, 'against'>): boolean => against !== null && against !== 'before'

/** What is put beside: the same hours so many days before, or the same time in another area; nothing where there is none. */
export function besideOf(view: View, now: Instant, calendar: Calendar) {
  const { against } = view
  if (against === null) return {}
  if (against.startsWith('d:')) return { beforeDistrict: against.slice(2) }
  if (against.startsWith('s:')) return { beforeSubdistrict: against.slice(2) }
  const span = spanOf(view, now, calendar)
  if (!span) return {}
  const days = view.day !== null ? 1 : DAYS[view.period as Exclude<Period, 'all'>]
  return { beforeFrom: calendar.plusDays(span.from, -days), beforeTo: calendar.plusDays(span.to, -days) }
}

/** The filters of what is put beside, for questions that are asked twice. */
export function filtersBeside(view: View, now: Instant, calendar: Calendar) {
  const { beforeFrom, beforeTo, beforeDistrict, beforeSubdistrict } = besideOf(view, now, calendar) as Partial<
    Record<'beforeFrom' | 'beforeTo', number> & Record<'beforeDistrict' | 'beforeSubdistrict', string>
  >
  const { district: _, subdistrict: __, ...rest } = filtersOf(view, now, calendar) as Record<string, unknown>
  const isArea = beforeDistrict !== undefined || beforeSubdistrict !== undefined
  return {
    ...(isArea ? rest : filtersOf(view, now, calendar)),
    ...(beforeFrom !== undefined && { from: beforeFrom, to: beforeTo }),
    ...(beforeDistrict !== undefined && { district: beforeDistrict }),
    ...(beforeSubdistrict !== undefined && { subdistrict: beforeSubdistrict }),
  }
}
