import { m } from '#console/lib/paraglide/messages.js'
import { type Exclusion, LEAST_KNOWN, type Metric, type Rate, type Share } from '#domain/response.ts'
import type { Period } from './question.ts'

/** The words of response times in the language of the page. A word without a text does not compile. */
export const responseWords = {
  metric: (word: Metric) => m[`response_metric_${word}`](),
  period: (word: Period) => m[`response_period_${word}`](),
  excluded: (word: Exclusion) => m[`response_excluded_${word}`](),
  rate: (word: Rate) => m[`response_rate_${word}`](),
  share: (word: Share) => m[`response_share_${word}`](),
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
