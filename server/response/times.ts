import { type Grant, scopeOf } from '#domain/access.ts'
import { LEAST_KNOWN, type Metric } from '#domain/response.ts'
import type { AreaLevel, Question } from '#domain/response-question.ts'
import type { Excluded, Figures, ResponseAnswer, ResponseRow } from '#wire/routes/response.ts'
import type { CopyReading } from './response.ts'
import { filterCondition, quantiles, type Sorting, scopeCondition, sortingOf } from './statements.ts'
import { censusOf, secondsOf, totalOf } from './total.ts'

/** What is put beside: another period, another area, or both. */
export interface Other {
  from: number | null
  to: number | null
  /** In place of the question's own filters. */
  district?: string[]
  subdistrict?: string[]
}

/** A question, by whom, and what it may be compared with. */
export interface AskedTimes {
  question: Question
  before: Other | null
  grants: readonly Grant[]
}

/**
 * RT10: n, median and 90th percentile of a stage, of all and by key, with whoever is left out. Every number is of the rows
 * themselves; none is made of other percentiles. Null: a cell's key is none of the grid.
 */
export async function timesOf(reading: CopyReading, asked: AskedTimes): Promise<ResponseAnswer | null> {
  const { question } = asked
  const now = await figuresOf(reading, asked, question)
  if (!now) return null
  const before = asked.before && (await figuresOf(reading, asked, otherwise(question, asked.before)))
  const answer = {
    metric: question.metric,
    total: { ...now.total, ...(before && { before: before.total }) },
    rows: before ? compared(now.rows, before.rows) : now.rows,
    excluded: now.excluded,
  }
  return withholdSmall(answer, asked.grants)
}

const otherwise = (question: Question, other: Other): Question => ({
  ...question,
  filters: { ...question.filters, ...other },
})

interface Figured {
  total: Figures
  rows: ResponseRow[]
  excluded: Excluded[]
}

async function figuresOf(reading: CopyReading, { grants }: AskedTimes, question: Question): Promise<Figured | null> {
  const { words } = reading
  const { metric, by } = question
  const filter = filterCondition(question, words)
  if (filter === null) return null
  const where = `${scopeCondition(grants, 'response.read', words)} and ${filter}`
  const census = await censusOf(reading, metric, where)
  const { excluded } = census
  if (by === null) return { total: await totalOf(reading, metric, where, census), rows: [], excluded }
  const sorting = sortingOf(by, question, await levelOf(reading, question), words)
  const total = await totalOf(reading, metric, where, census)
  return { total, rows: await rowsOf(reading, metric, where, sorting), excluded }
}

const NOBODY: Figures = { n: 0, p50: null, p90: null }

async function rowsOf({ columns, facts }: CopyReading, metric: Metric, where: string, sorting: Sorting) {
  const [keys = [], n = [], p50 = [], p90 = []] = await columns(quantiles(facts, metric, where, sorting))
  return keys.map((key, i) => ({
    key: sorting.keyOf(Number(key)),
    n: Number(n[i]),
    p50: secondsOf(Number(p50[i])),
    p90: secondsOf(Number(p90[i])),
  }))
}

/** The tenant's own areas as soon as one ticket bears one: a city that has none of its own adds up by sub-district. */
export async function levelOf({ columns, facts }: CopyReading, { by, level }: Question): Promise<AreaLevel> {
  if (level !== null || by !== 'area') return level ?? 'subdistrict'
  const [found = []] = await columns(`select 1 from ${facts} where area is not null limit 1`)
  return found.length > 0 ? 'own' : 'subdistrict'
}

/** Keys of either period; nobody of a key in one of them is said as nobody. */
function compared(now: readonly ResponseRow[], before: readonly ResponseRow[]): ResponseRow[] {
  const earlier = new Map(before.map(({ key, ...figures }) => [key, figures]))
  const both = now.map((row) => ({ ...row, before: earlier.get(row.key) ?? NOBODY }))
  const known = new Set(now.map(({ key }) => key))
  const gone = before
    .filter(({ key }) => !known.has(key))
    .map(({ key, ...figures }) => ({ key, ...NOBODY, before: figures }))
  return [...both, ...gone]
}

/** RT11: of fewer than five, who may not see the tickets themselves is told only how many they are. */
function withholdSmall(answer: ResponseAnswer, grants: readonly Grant[]): ResponseAnswer {
  if (mayDrillAll(grants)) return answer
  const few = <F extends Figures & { before?: Figures }>(figures: F): F => ({
    ...figures,
    ...(figures.n < LEAST_KNOWN && { p50: null, p90: null }),
    ...(figures.before && { before: few(figures.before) }),
  })
  return { ...answer, total: few(answer.total), rows: answer.rows.map(few) }
}

/** Whether every ticket that a reader's figures are made of may be looked up by the same reader. */
const mayDrillAll = (grants: readonly Grant[]): boolean =>
  grants.some(({ role }) => scopeOf(role, 'response.drill') === 'tenant') ||
  grants.every(({ role }) => scopeOf(role, 'response.read') === scopeOf(role, 'response.drill'))
