import type { Metric } from '#domain/response.ts'
import type { Excluded, Figures } from '#wire/routes/response.ts'
import { exclusionOf, FIRST_EXCLUSION } from './columns.ts'
import type { CopyReading } from './response.ts'
import { codes, type Places, valuesAt } from './statements.ts'

/** Seconds of milliseconds, without the last digits that only arithmetic has put there. */
export const secondsOf = (ms: number): number => Math.round(ms * 1_000) / 1_000_000

const SHARES = [0.5, 0.9] as const

/** How many rows there are of each code: who is measured, and who is left out. */
export interface Census {
  n: number
  measured: readonly { code: number; n: number }[]
  excluded: Excluded[]
}

export async function censusOf({ facts, columns }: CopyReading, metric: Metric, where: string): Promise<Census> {
  const [seen = [], counted = []] = await columns(codes(facts, metric, where))
  const all = seen.map((code, i) => ({ code: Number(code), n: Number(counted[i]) }))
  const measured = all.filter(({ code }) => code < FIRST_EXCLUSION)
  const excluded = all.flatMap(({ code, n }) => {
    const reason = code < FIRST_EXCLUSION ? null : exclusionOf(code)
    return reason === null ? [] : [{ reason, n }]
  })
  return { n: measured.reduce((sum, each) => sum + each.n, 0), measured, excluded }
}

/**
 * The figures of all rows at once. Codes are in the order of the durations, so counting them says in which code's rows a
 * quantile lies, and only those are looked at: a tenth of sorting everything, and as exact.
 */
export async function totalOf(
  reading: CopyReading,
  metric: Metric,
  where: string,
  { n, measured }: Census,
): Promise<Figures> {
  if (n === 0) return { n, p50: null, p90: null }
  const positions = SHARES.map((share) => share * (n - 1))
  const values = await valuesOf(reading, metric, where, measured, positions.flatMap(around))
  const [p50 = null, p90 = null] = positions.map((position) => {
    const [low = 0, high = 0] = around(position).map((rank) => values.get(rank))
    return secondsOf(low + (high - low) * (position - Math.floor(position)))
  })
  return { n, p50, p90 }
}

const around = (position: number): number[] => [Math.floor(position), Math.ceil(position)]

/** The values at these places of all that is measured, sorted. */
async function valuesOf(
  reading: CopyReading,
  metric: Metric,
  where: string,
  measured: readonly { code: number; n: number }[],
  ranks: readonly number[],
): Promise<Map<number, number>> {
  const asked: Places[] = []
  const order: number[] = []
  let before = 0
  for (const { code, n } of measured) {
    const mine = [...new Set(ranks)].filter((rank) => rank >= before && rank < before + n)
    if (mine.length > 0) asked.push({ code, of: n, ranks: mine.map((rank) => rank - before) })
    order.push(...mine)
    before += n
  }
  const found = await reading.columns(valuesAt(reading.facts, metric, where, asked))
  return new Map(order.map((rank, i) => [rank, Number(found[i]?.[0])]))
}
