import { DAY_MS, type Instant } from '#domain/instant.ts'
import { METRICS, type Metric } from '#domain/response.ts'
import { CATEGORIES, type Category, TICKET_CLASSES, type TicketClass } from '#domain/ticket.ts'

export const PERIODS = ['today', 'week', 'month', 'quarter', 'year', 'all'] as const
export type Period = (typeof PERIODS)[number]
const DAYS: Record<Exclude<Period, 'today' | 'all'>, number> = { week: 7, month: 30, quarter: 91, year: 365 }

export const STATISTICS = ['p50', 'p90'] as const
export type Statistic = (typeof STATISTICS)[number]

/** From districts to blocks: H3 resolutions a map of a city is read at. */
export const RESOLUTIONS = [6, 7, 8, 9] as const

/** What the page shows, as it stands in the address: a link is exactly the view. */
export interface View {
  metric: Metric
  statistic: Statistic
  period: Period
  resolution: (typeof RESOLUTIONS)[number]
  compares: boolean
  category: Category | null
  class: TicketClass | null
  district: string | null
  /** An hour of the local week, 0 = Monday 00:00. */
  hour: number | null
}

export const START: Readonly<View> = {
  metric: 'arrive',
  statistic: 'p90',
  period: 'month',
  resolution: 7,
  compares: false,
  category: null,
  class: null,
  district: null,
  hour: null,
}

const among = <T extends string>(words: readonly T[], given: string | null): T | null =>
  words.find((word) => word === given) ?? null

/** Whatever stands in an address: words that mean nothing are left at what the page starts with. */
export function viewOf(query: { get(name: string): string | null }): View {
  const hour = Number(query.get('hour') ?? Number.NaN)
  const resolution = RESOLUTIONS.find((each) => each === Number(query.get('res')))
  return {
    metric: among(METRICS, query.get('metric')) ?? START.metric,
    statistic: among(STATISTICS, query.get('stat')) ?? START.statistic,
    period: among(PERIODS, query.get('period')) ?? START.period,
    resolution: resolution ?? START.resolution,
    compares: query.get('compare') === '1',
    category: among(CATEGORIES, query.get('category')),
    class: among(TICKET_CLASSES, query.get('class')),
    district: query.get('district') || null,
    hour: Number.isInteger(hour) && hour >= 0 && hour < 168 ? hour : null,
  }
}

/** The address of a view; what it starts with is left out. */
export function addressOf(view: View): string {
  const query = new URLSearchParams()
  if (view.metric !== START.metric) query.set('metric', view.metric)
  if (view.statistic !== START.statistic) query.set('stat', view.statistic)
  if (view.period !== START.period) query.set('period', view.period)
  if (view.resolution !== START.resolution) query.set('res', String(view.resolution))
  if (view.compares) query.set('compare', '1')
  for (const name of ['category', 'class', 'district'] as const) if (view[name] !== null) query.set(name, view[name])
  if (view.hour !== null) query.set('hour', String(view.hour))
  return query.size > 0 ? `/response?${query}` : '/response'
}

/** From when to when; null = open. `dayStart` is the last midnight of the city. */
export function spanOf(period: Period, now: Instant, dayStart: Instant): { from: Instant; to: Instant } | null {
  if (period === 'all') return null
  return { from: period === 'today' ? dayStart : dayStart - (DAYS[period] - 1) * DAY_MS, to: now }
}

/** The filters of a question to the server, without what it is sorted by. */
export function filtersOf(view: View, now: Instant, dayStart: Instant) {
  const span = spanOf(view.period, now, dayStart)
  return {
    metric: view.metric,
    ...(span && { from: span.from, to: span.to }),
    ...(view.category && { category: view.category }),
    ...(view.class && { class: view.class }),
    ...(view.district && { district: view.district }),
    ...(view.hour !== null && { hours: String(view.hour) }),
  }
}

/** The period of the same length right before; nothing where there is none. */
export function beforeOf(view: View, now: Instant, dayStart: Instant) {
  const span = view.compares ? spanOf(view.period, now, dayStart) : null
  return span ? { beforeFrom: span.from - (span.to - span.from), beforeTo: span.from } : {}
}
