import type { ChartOptions } from '#console/lib/charts/echarts.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { duration, responseWords } from '#console/lib/response/words.ts'
import { LEAST_KNOWN, type Metric, RATES } from '#domain/response.ts'
import type { RatesAnswer, ResponseAnswer } from '#wire/routes/response.ts'

const inOrder = <R extends { key: string }>(rows: readonly R[]): R[] =>
  [...rows].sort((a, b) => (a.key < b.key ? -1 : 1))
/** 2026-03-04 → 03-04; a month stays whole. */
const shortName = (key: string) => (key.length > 7 ? key.slice(5) : key)

/** Median and 90th percentile, day by day; of fewer than five there is a gap. */
export function timesChart({ rows }: ResponseAnswer, metric: Metric): ChartOptions {
  const days = inOrder(rows)
  const line = (statistic: 'p50' | 'p90') => days.map((row) => (row.n < LEAST_KNOWN ? null : row[statistic]))
  return {
    names: days.map(({ key }) => shortName(key)),
    lines: [
      { name: responseWords.statistic('p50'), values: line('p50'), token: '--unit-task' },
      { name: responseWords.statistic('p90'), values: line('p90'), token: '--change-4', isDashed: true },
    ],
    bars: { name: m.response_tickets(), values: days.map(({ n }) => n) },
    ...(metric === 'arrive' && { mark: { value: 300, name: m.response_fiveMinutes() } }),
    text: duration,
  }
}

const TOKENS = { response: '--unit-task', solution: '--change-4', satisfaction: '--unit-available' } as const

/** The three rates, never one without the others. */
export function ratesChart({ rows }: RatesAnswer): ChartOptions {
  const days = inOrder(rows)
  return {
    names: days.map(({ key }) => shortName(key)),
    lines: RATES.map((rate) => ({
      name: responseWords.rate(rate),
      values: days.map(({ rates }) =>
        rates[rate].n < LEAST_KNOWN ? null : Math.round((1_000 * rates[rate].kept) / rates[rate].n) / 10,
      ),
      token: TOKENS[rate],
      isDashed: rate === 'satisfaction',
    })),
    bars: { name: m.response_tickets(), values: days.map(({ n }) => n) },
    max: 100,
    text: (value) => `${value} %`,
  }
}
