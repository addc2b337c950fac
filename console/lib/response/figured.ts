import type { Metric } from '#domain/response.ts'
import type { RatesRow, ResponseAnswer, ResponseRow } from '#wire/routes/response.ts'

/** What a map, a strip or a table shows of a key: seconds, or a share 0–1, of so many. */
export interface Figure {
  n: number
  value: number | null
}
export interface Figured extends Figure {
  key: string
  before?: Figure
}
export interface FiguredAnswer {
  total: Figured
  rows: Figured[]
}

export const timesAsFigures = ({ total, rows }: ResponseAnswer, statistic: 'p50' | 'p90'): FiguredAnswer => {
  const one = (row: Omit<ResponseRow, 'key'> & { key?: string }): Figured => ({
    key: row.key ?? '',
    n: row.n,
    value: row[statistic],
    ...(row.before && { before: { n: row.before.n, value: row.before[statistic] } }),
  })
  return { total: one(total), rows: rows.map(one) }
}

/** The promise of a stage: arrivals in the promised time, fixes within thirty minutes or four hours, plans within a day. */
export function keptOf({ rates, shares }: RatesRow, metric: Metric): { n: number; kept: number } {
  if (metric === 'plan') return shares.oneDay
  if (metric !== 'solve') return rates.response
  const { thirtyMinutes, fourHours } = shares
  return { n: thirtyMinutes.n + fourHours.n, kept: thirtyMinutes.kept + fourHours.kept }
}

const shareOf = (row: RatesRow, metric: Metric): Figure => {
  const { n, kept } = keptOf(row, metric)
  return { n, value: n === 0 ? null : kept / n }
}

export function ratesAsFigures(
  now: { total: RatesRow; rows: readonly RatesRow[] },
  before: { total: RatesRow; rows: readonly RatesRow[] } | null,
  metric: Metric,
): FiguredAnswer {
  const earlier = new Map(before?.rows.map((row) => [row.key, row]))
  const one = (row: RatesRow, other: RatesRow | undefined): Figured => ({
    key: row.key,
    ...shareOf(row, metric),
    ...(before && { before: other ? shareOf(other, metric) : { n: 0, value: null } }),
  })
  return { total: one(now.total, before?.total), rows: now.rows.map((row) => one(row, earlier.get(row.key))) }
}
