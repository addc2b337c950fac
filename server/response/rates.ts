import type { Instant } from '#domain/instant.ts'
import { RATES, type Rate, REPEAT_WITHIN_MS, SHARE_NAMES, SHARES, type Share } from '#domain/response.ts'
import type { Question } from '#domain/response-question.ts'
import type { RateFigures, RatesAnswer, RatesRow } from '#wire/routes/response.ts'
import { codeOf, exclusionOf, FIRST_EXCLUSION, msOf } from './columns.ts'
import type { CopyReading } from './response.ts'
import { filterCondition, isIncluded, type Reach, type Sorting, scopeCondition, sortingOf } from './statements.ts'
import { levelOf } from './times.ts'
import type { Words } from './words.ts'

interface AskedRates {
  question: Question
  grants: Reach
  /** Who is still open and past the promise has broken it. */
  now: Instant
}

/**
 * RT4–RT8: the three rates side by side with their n and exclusions, the shares within the programme's limits, how many were
 * reported before anybody complained, and how many came back. Null: a cell's key is none of the grid.
 */
export async function ratesOf(reading: CopyReading, asked: AskedRates): Promise<RatesAnswer | null> {
  const { question, grants } = asked
  const { words } = reading
  const filter = filterCondition(question, words)
  if (filter === null) return null
  const where = `${scopeCondition(grants, 'response.read', words)} and ${filter}`
  const all: Sorting = { expression: '0', asNumber: String, keyOf: () => '' }
  const [total = emptyRow('')] = await rowsBy(reading, asked, where, all)
  if (question.by === null) return { total, rows: [] }
  const level = await levelOf(reading, question)
  return { total, rows: await rowsBy(reading, asked, where, sortingOf(question.by, question, level, words)) }
}

async function rowsBy(reading: CopyReading, asked: AskedRates, where: string, sorting: Sorting): Promise<RatesRow[]> {
  const rows = new Map<string, RatesRow>()
  const row = (value: unknown) => {
    const key = sorting.keyOf(Number(value))
    const found = rows.get(key) ?? emptyRow(key)
    rows.set(key, found)
    return found
  }
  const { columns } = reading
  const key = sorting.asNumber(sorting.expression)
  for (const values of transposed(await columns(counts(reading, where, key)))) tally(row(values[0]), values)
  for (const rate of RATES)
    for (const [value, code, n] of transposed(await columns(verdicts(reading, rate, where, key, asked.now))))
      judge(row(value).rates[rate], Number(code), Number(n))
  for (const [value, n, again] of transposed(await columns(repeats(reading, where, asked.question, key))))
    row(value).repeats = { n: Number(n), kept: Number(again) }
  return [...rows.values()]
}

const transposed = (columns: unknown[][]): unknown[][] =>
  (columns[0] ?? []).map((_, i) => columns.map((column) => column[i]))

const emptyRow = (key: string): RatesRow => ({
  key,
  n: 0,
  rates: Object.fromEntries(RATES.map((rate) => [rate, { n: 0, kept: 0, excluded: [] }])) as unknown as Record<
    Rate,
    RateFigures
  >,
  shares: Object.fromEntries(SHARE_NAMES.map((share) => [share, { n: 0, kept: 0 }])) as Record<
    Share,
    { n: number; kept: number }
  >,
  proactive: { n: 0, kept: 0 },
  repeats: { n: 0, kept: 0 },
})

/** One pass: rounds, proactive ones, and for each share how many are measured and how many within. */
function counts({ facts, words }: CopyReading, where: string, expression: string): string {
  const shares = SHARE_NAMES.flatMap((name) => {
    const { metric, withinMs, classes } = SHARES[name]
    const those = `${isIncluded(metric)} and ${classCondition(classes, words)}`
    return [those, `${those} and ${msOf(metric)} <= ${withinMs}`]
  })
  const counted = ['true', `origin = ${words.find('proactive')}`, ...shares]
  const list = counted.map((condition) => `count(*) filter (where ${condition})::integer`)
  return `select ${expression} as key, ${list.join(', ')} from ${facts} where ${where} group by 1`
}

const classCondition = (classes: readonly (string | null)[] | null, words: Words): string =>
  classes === null
    ? 'true'
    : `(${classes.map((each) => (each === null ? 'class is null' : `class = ${words.find(each)}`)).join(' or ')})`

function tally(row: RatesRow, values: readonly unknown[]): void {
  const [n = 0, proactive = 0, ...rest] = values.slice(1).map(Number)
  row.n = n
  row.proactive = { n, kept: proactive }
  for (const [i, name] of SHARE_NAMES.entries()) row.shares[name] = { n: rest[2 * i] ?? 0, kept: rest[2 * i + 1] ?? 0 }
}

/** A case that still waits when its promise has run out is broken, not undecided: else the slowest would never count. */
export const responseVerdictAt = (now: Instant): string =>
  `case when response = ${codeOf('notYet')} and arrive_due < ${now} then 0 else response end`

function verdicts({ facts }: CopyReading, rate: Rate, where: string, expression: string, now: Instant): string {
  const verdict = rate === 'response' ? responseVerdictAt(now) : rate
  return `select ${expression} as key, ${verdict} as verdict, count(*)::integer from ${facts} where ${where} group by 1, 2 order by 2`
}

function judge(figures: RateFigures, code: number, n: number): void {
  const reason = code < FIRST_EXCLUSION ? null : exclusionOf(code)
  if (reason !== null) {
    figures.excluded.push({ reason, n })
    return
  }
  figures.n += n
  figures.kept += code * n
}

/** First rounds only: a reopening is the same case. What is asked for is narrowed after looking back, for the one before may be older. */
function repeats({ facts }: CopyReading, where: string, { filters }: Question, expression: string): string {
  const since = filters.from === null ? 'true' : `started >= ${Math.trunc(filters.from - REPEAT_WITHIN_MS)}`
  return `with seen as (
      select *, lag(started) over (partition by place order by started, number) as before
      from ${facts} where round = 1 and place is not null and ${since})
    select ${expression} as key, count(*)::integer,
      count(*) filter (where started - before <= ${REPEAT_WITHIN_MS})::integer
    from seen where ${where} group by 1`
}
