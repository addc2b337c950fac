import type { Grant, Scope } from '#domain/access.ts'
import { type Action, scopeOf } from '#domain/access.ts'
import type { Metric } from '#domain/response.ts'
import { cellOf, dayText, type Grid, h3Key } from '#domain/response-cells.ts'
import { type AreaLevel, type Dimension, type Filters, type Question, UNCLASSED } from '#domain/response-question.ts'
import { codeColumnOf, FIRST_EXCLUSION, msOf, packSquare, SQUARE_BASE, SQUARE_STEP, unpackSquare } from './columns.ts'
import type { Words } from './words.ts'

/** No text of a caller is ever in a statement: words are looked up and stand as their numbers, cells as theirs. */
type Condition = string

/** Of whom a question is answered: what grants reach, or all (a firm's rating is of everywhere it works, whoever looks at it). */
export type Reach = readonly Grant[] | 'everything'

/** Which rows a reader's grants reach for an action (P6): none unless a grant says so. */
export function scopeCondition(grants: Reach, action: Action, words: Words): Condition {
  if (grants === 'everything') return 'true'
  const ways = grants.map((grant) => {
    const scope = scopeOf(grant.role, action)
    return scope === undefined ? 'false' : REACH[scope](grant, words)
  })
  return ways.length === 0 ? 'false' : `(${ways.join(' or ')})`
}

const is = (column: string, word: string | null, words: Words): Condition =>
  word === null ? 'false' : `${column} = ${words.find(word)}`

const REACH: Record<Scope, (grant: Grant, words: Words) => Condition> = {
  tenant: () => 'true',
  district: ({ districtCode }, words) => is('district', districtCode, words),
  subdistrict: ({ subdistrictCode }, words) => is('subdistrict', subdistrictCode, words),
  neighbourhood: ({ neighbourhoodCode }, words) => is('neighbourhood', neighbourhoodCode, words),
  firm: ({ firmId }, words) => is('provider', firmId, words),
  cluster: () => 'false',
  unit: () => 'false',
  ticket: () => 'false',
  self: () => 'false',
}

const LISTED = [
  'category',
  'priority',
  'origin',
  'channel',
  'grade',
  'policy',
  'provider',
  'unit',
  'community',
  'neighbourhood',
  'subdistrict',
  'district',
  'area',
] as const satisfies readonly (keyof Filters)[]

/** The filters of a question; null = a cell's key is none of the grid. */
export function filterCondition({ filters, grid }: Question, words: Words): Condition | null {
  const parts: Condition[] = [spanCondition(filters)]
  for (const name of LISTED) if (filters[name].length > 0) parts.push(among(name, filters[name], words))
  if (filters.class.length > 0) parts.push(classCondition(filters.class, words))
  if (filters.hours.length > 0) parts.push(`hour_of_week in (${filters.hours.join(', ')})`)
  if (filters.imported !== null) parts.push(`imported = ${filters.imported}`)
  if (filters.cell.length > 0) {
    const cells = filters.cell.map((key) => cellOf(grid, key))
    if (cells.includes(null)) return null
    const numbers = cells.map((cell) => (cell?.kind === 'deg' ? packSquare(cell.lat, cell.lng) : cell?.cell))
    parts.push(`${cellExpression(grid)} in (${numbers.join(', ')})`)
  }
  return parts.join(' and ')
}

export function spanCondition({ from, to }: Pick<Filters, 'from' | 'to'>): Condition {
  const parts = [
    ...(from === null ? [] : [`started >= ${Math.trunc(from)}`]),
    ...(to === null ? [] : [`started < ${Math.trunc(to)}`]),
  ]
  return parts.length === 0 ? 'true' : parts.join(' and ')
}

const among = (column: string, list: readonly string[], words: Words): Condition =>
  `${column} in (${list.map((word) => words.find(word)).join(', ')})`

function classCondition(classes: Filters['class'], words: Words): Condition {
  const named = classes.filter((word) => word !== UNCLASSED)
  const ways = [
    ...(named.length > 0 ? [among('class', named, words)] : []),
    ...(classes.includes(UNCLASSED) ? ['class is null'] : []),
  ]
  return `(${ways.join(' or ')})`
}

function cellExpression(grid: Grid): string {
  if (grid.kind === 'h3') return `h${grid.resolution}`
  if (grid.step === SQUARE_STEP) return 'square'
  const { step } = grid
  return `(floor(lat / ${step}) * ${SQUARE_BASE} + floor(lng / ${step}) + ${SQUARE_BASE / 2})::bigint`
}

/** What rows are sorted by, how a key travels as a plain number, and how it is said. */
export interface Sorting {
  expression: string
  asNumber(expression: string): string
  keyOf(value: number): string
}

/** A key that a row does not bear. */
const NONE = -1
const plain = (expression: string) => `coalesce(${expression}, ${NONE})::double`

export function sortingOf(by: Dimension, { grid }: Question, level: AreaLevel, words: Words): Sorting {
  const byWord = (column: string, none = ''): Sorting => ({
    expression: column,
    asNumber: plain,
    keyOf: (value) => (value === NONE ? none : words.wordOf(value)),
  })
  const byNumber = (expression: string, keyOf: (value: number) => string = String): Sorting => ({
    expression,
    asNumber: plain,
    keyOf,
  })
  switch (by) {
    case 'cell':
      return byCell(grid)
    case 'area':
      return byWord(level === 'own' ? 'area' : level)
    case 'hourOfWeek':
      return byNumber('hour_of_week')
    case 'hour':
      return byNumber('hour_of_week % 24')
    case 'weekday':
      return byNumber('hour_of_week // 24')
    case 'day':
      return byNumber('day', dayText)
    case 'month':
      return byNumber('month', monthText)
    case 'class':
      return byWord('class', UNCLASSED)
    default:
      return byWord(by)
  }
}

/** Everything of an H3 index that tells cells of one resolution apart lies in its lower 52 bits: a number that is exact. */
const H3_LOW = (1n << 52n) - 1n
/** A cell (mode 1), and where the resolution stands. */
const h3High = (resolution: number) => (1n << 59n) | (BigInt(resolution) << 52n)

function byCell(grid: Grid): Sorting {
  const expression = cellExpression(grid)
  if (grid.kind === 'deg') return { expression, asNumber: plain, keyOf: squareKey }
  const high = h3High(grid.resolution)
  return {
    expression,
    asNumber: (cell) => `(${cell} & ${H3_LOW}::ubigint)::double`,
    keyOf: (value) => h3Key(high | BigInt(value)),
  }
}

const squareKey = (value: number): string => {
  const { lat, lng } = unpackSquare(value)
  return `${lat},${lng}`
}

const monthText = (month: number): string => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`

export const isIncluded = (metric: Metric): Condition => `${codeColumnOf(metric)} < ${FIRST_EXCLUSION}`

/** n, median and 90th percentile of each key, in milliseconds; exact, by linear interpolation. */
export const quantiles = (facts: string, metric: Metric, where: Condition, { expression, asNumber }: Sorting): string =>
  `select ${asNumber('key')}, n, q[1], q[2] from (
     select ${expression} as key, count(*)::integer as n, quantile_cont(${msOf(metric)}, [0.5, 0.9]) as q
     from ${facts} where ${where} and ${isIncluded(metric)} group by 1)`

/** Rows of each code: how many there are, who is left out, and where a quantile of the whole lies. */
export const codes = (facts: string, metric: Metric, where: Condition): string =>
  `select ${codeColumnOf(metric)}, count(*)::integer from ${facts} where ${where} group by 1 order by 1`

/** The percentile of each key with its 95 % interval: two of the sorted times, whose places depend on how many there are. */
export function percentilesWithRanks(
  facts: string,
  { metric, share, where }: { metric: Metric; share: number; where: Condition },
  { expression, asNumber }: Sorting,
  ranks: readonly { n: number; low: number | null; high: number | null }[],
): string {
  const wanted = ranks.map(({ n, low, high }) => `(${n}, ${low ?? 'null'}::integer, ${high ?? 'null'}::integer)`)
  return `select ${asNumber('key')}, n, value, times[low], times[high] from (
      select ${expression} as key, count(*)::integer as n, quantile_cont(${msOf(metric)}, ${share}) as value,
        list_sort(list(${msOf(metric)})) as times
      from ${facts} where ${where} and ${isIncluded(metric)} group by 1)
    join (values ${wanted.join(', ')}) as wanted (n, low, high) using (n)`
}

/** How many there are of a key, each number once. */
export const sizes = (facts: string, metric: Metric, where: Condition, { expression }: Sorting): string =>
  `select distinct n from (
     select count(*)::integer as n from ${facts} where ${where} and ${isIncluded(metric)} group by ${expression})`

/** Values by their places among the rows of one code, counted from 0. */
export interface Places {
  code: number
  of: number
  ranks: readonly number[]
}

/** A list of values for each code. The middle between two places is asked for: no rounding of a share can land on a neighbour. */
export const valuesAt = (facts: string, metric: Metric, where: Condition, all: readonly Places[]): string => {
  const [ms, column] = [msOf(metric), codeColumnOf(metric)]
  const lists = all.map(({ code, of, ranks }) => {
    const shares = ranks.map((rank) => (rank + 0.5) / of)
    return `quantile_disc(${ms}, [${shares.join(', ')}]) filter (where ${column} = ${code})`
  })
  const values = all.flatMap(({ ranks }, i) => ranks.map((_, at) => `v${i}[${at + 1}]`))
  const codes = all.map(({ code }) => code)
  return `select ${values.join(', ')} from (
    select ${lists.map((list, i) => `${list} as v${i}`).join(', ')} from ${facts} where ${where} and ${column} in (${codes.join(', ')}))`
}
