import { m } from '#console/lib/paraglide/messages.js'
import { places } from '#console/lib/places.svelte.ts'
import { type Exclusion, LEAST_KNOWN, type Metric, type Rate, type Share } from '#domain/response.ts'
import type { BreachCause } from '#domain/response-causes.ts'
import type { Daypart, Period, Statistic, View, Weekdays } from './question.ts'

/** The words of response times in the language of the page. A word without a text does not compile. */
export const responseWords = {
  metric: (word: Metric) => m[`response_metric_${word}`](),
  statistic: (word: Statistic) => m[`response_stat_${word}`](),
  period: (word: Period) => m[`response_period_${word}`](),
  excluded: (word: Exclusion) => m[`response_excluded_${word}`](),
  rate: (word: Rate) => m[`response_rate_${word}`](),
  share: (word: Share) => m[`response_share_${word}`](),
  cause: (word: BreachCause) => m[`response_cause_${word}`](),
  weekdays: (word: Weekdays) =>
    word === 'work' || word === 'rest' ? m[`response_weekdays_${word}`]() : m[`response_day_${word}`](),
  daypart: (word: Daypart) => m[`response_daypart_${word}`](),
  /** What *kept* means of a stage. */
  promise: (word: Metric) =>
    word === 'plan'
      ? m.response_share_oneDay()
      : word === 'solve'
        ? `${m.response_share_thirtyMinutes()} · ${m.response_share_fourHours()}`
        : m.response_share_fiveMinutes(),
}

/** 4:12, or 1:02:03 from an hour on; a dash where nothing is known. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–'
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** A figure of too few tickets is no figure: a dash, as the map shows it hatched. */
export const knownDuration = (seconds: number | null, n: number): string => duration(n < LEAST_KNOWN ? null : seconds)

export const percent = ({ n, kept }: { n: number; kept: number }): string =>
  n === 0 ? '–' : `${((100 * kept) / n).toFixed(1)} %`

/** A value of the statistic, as it is read. */
export const valueText = (value: number | null, statistic: Statistic): string =>
  value === null ? '–' : statistic === 'kept' ? `${(100 * value).toFixed(1)} %` : duration(value)

export const knownValue = ({ value, n }: { value: number | null; n: number }, statistic: Statistic): string =>
  valueText(n < LEAST_KNOWN ? null : value, statistic)

/** What stands beside: 上期, 昨日同时段, 沈河区. */
export function besideText({ against, period, day }: Pick<View, 'against' | 'period' | 'day'>): string {
  if (against === null) return ''
  const code = against.slice(2)
  if (against.startsWith('d:')) return places.districtName(code)
  if (against.startsWith('s:')) return places.subdistricts.get(code)?.name ?? code
  return day !== null || period === 'today' ? m.response_dayBefore() : m.response_beforeShort()
}

/** A value of a ranking: times in minutes, rates in percent. */
export const measureText = (value: number | null, measure: 'p50' | 'p90' | Rate): string =>
  valueText(value, measure === 'p50' || measure === 'p90' ? measure : 'kept')
