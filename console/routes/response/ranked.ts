import type { Measure, RankingRow } from '#wire/routes/ranking.ts'

/** Best first; whoever has no place comes last, by how many tickets there are. */
export const byPlace = (rows: readonly RankingRow[]): RankingRow[] =>
  [...rows].sort((a, b) => {
    if (a.best === null || b.best === null) return Number(a.best === null) - Number(b.best === null) || b.n - a.n
    return a.best - b.best || (a.worst ?? 0) - (b.worst ?? 0) || a.key.localeCompare(b.key)
  })

/** From where to where the bars of a table reach. */
export interface Scale {
  from: number
  to: number
}

/** A share is drawn between nought and one; times to the slowest value, beyond which an interval is cut off. */
export function scaleOf(rows: readonly RankingRow[], measure: Measure): Scale {
  if (measure !== 'p50' && measure !== 'p90') return { from: 0, to: 1 }
  const values = rows.flatMap(({ value }) => (value === null ? [] : [value]))
  return { from: 0, to: Math.max(1, ...values) * 1.25 }
}
