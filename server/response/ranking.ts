import type { Instant } from '#domain/instant.ts'
import { percentileRanks, placesOf, wilson } from '#domain/intervals.ts'
import { LEAST_KNOWN, type Rate } from '#domain/response.ts'
import type { Question } from '#domain/response-question.ts'
import type { Measure, RankedBy, RankingAnswer, RankingRow } from '#wire/routes/ranking.ts'
import { ratesOf } from './rates.ts'
import type { CopyReading } from './response.ts'
import { filterCondition, percentilesWithRanks, type Reach, scopeCondition, sizes, sortingOf } from './statements.ts'
import { levelOf } from './times.ts'
import { secondsOf } from './total.ts'

export interface AskedRanking {
  question: Question
  by: RankedBy
  measure: Measure
  grants: Reach
  now: Instant
}

type Figured = Omit<RankingRow, 'best' | 'worst'>

const SHARE = { p50: 0.5, p90: 0.9 } as const
const isTime = (measure: Measure): measure is keyof typeof SHARE => measure in SHARE

/** RT15, RT16: each with its interval and the places it may hold. Null: a cell's key is none of the grid. */
export async function rankingOf(reading: CopyReading, asked: AskedRanking): Promise<RankingAnswer | null> {
  const { by, measure } = asked
  const question = { ...asked.question, by }
  const figured = isTime(measure)
    ? await timeFigures(reading, { ...asked, question, measure })
    : await rateFigures(reading, { ...asked, question }, measure)
  // Of none is nobody who could be better or worse.
  return figured && { by, measure, rows: placed(figured.filter(({ key }) => key !== '').map(known), measure) }
}

/** Few say nothing; how many there are is told all the same. */
const known = (row: Figured): Figured => (row.n < LEAST_KNOWN ? { ...row, value: null, low: null, high: null } : row)

function placed(rows: readonly Figured[], measure: Measure): RankingRow[] {
  const compared = rows.filter(({ value }) => value !== null)
  const places = new Map(placesOf(compared, isTime(measure)).map((place, i) => [compared[i]?.key, place]))
  return rows.map((row) => ({ ...row, ...(places.get(row.key) ?? { best: null, worst: null }) }))
}

async function timeFigures(
  { facts, words, columns, ...rest }: CopyReading,
  { question, measure, grants }: AskedRanking & { measure: keyof typeof SHARE },
): Promise<Figured[] | null> {
  const filter = filterCondition(question, words)
  if (filter === null) return null
  const { metric, by } = question
  const where = `${scopeCondition(grants, 'response.read', words)} and ${filter}`
  const level = await levelOf({ facts, words, columns, ...rest }, question)
  const sorting = sortingOf(by ?? 'area', question, level, words)
  const [counted = []] = await columns(sizes(facts, metric, where, sorting))
  if (counted.length === 0) return []
  const share = SHARE[measure]
  const ranks = counted.map((n) => ({ n: Number(n), ...percentileRanks(Number(n), share) }))
  const found = await columns(percentilesWithRanks(facts, { metric, share, where }, sorting, ranks))
  const [keys = [], n = [], values = [], lows = [], highs = []] = found
  return keys.map((key, i) => ({
    key: sorting.keyOf(Number(key)),
    n: Number(n[i]),
    value: seconds(values[i]),
    low: seconds(lows[i]),
    high: seconds(highs[i]),
  }))
}

const seconds = (ms: unknown): number | null => (ms === null ? null : secondsOf(Number(ms)))

async function rateFigures(reading: CopyReading, asked: AskedRanking, rate: Rate): Promise<Figured[] | null> {
  const answer = await ratesOf(reading, asked)
  if (!answer) return null
  return answer.rows.map(({ key, rates }) => {
    const { n, kept } = rates[rate]
    const { low, high } = wilson(kept, n) ?? { low: null, high: null }
    return { key, n, value: n === 0 ? null : kept / n, low, high }
  })
}
