import {
  EXCLUSIONS,
  type Exclusion,
  METRICS,
  type Metric,
  RATES,
  type ResponseFact,
  type Stage,
  type Verdict,
} from '#domain/response.ts'
import { H3_RESOLUTIONS, type LocalSlot } from '#domain/response-cells.ts'

/** Column types of the copy, as the engine calls them. */
export type ColumnType = 'INTEGER' | 'SMALLINT' | 'UTINYINT' | 'BIGINT' | 'UBIGINT' | 'DOUBLE' | 'BOOLEAN'
export type Cell = number | bigint | boolean | null

export interface Column {
  name: string
  type: ColumnType
  value(row: CopiedFact): Cell
}

/** A fact with what is made of it once, when it is copied. */
export interface CopiedFact {
  fact: ResponseFact
  slot: LocalSlot
  /** The number of a word in the copy's dictionary; null stays null. */
  idOf: (word: string | null) => number | null
  /** Its hexagon at each resolution. */
  cells: readonly bigint[]
}

/** Codes of a stage: below, how long it is on a scale of twentieths of an e-fold; above, why there is no length. */
export const FIRST_EXCLUSION = 240
const SCALE = 20
const SECOND = 1_000

/** Stages of one code lie beside each other in order: quantiles of a whole city are found in one code's rows. */
export function codeOf(stage: Stage): number {
  if (typeof stage === 'string') return FIRST_EXCLUSION + EXCLUSIONS.indexOf(stage)
  return Math.min(FIRST_EXCLUSION - 1, Math.floor(SCALE * Math.log1p(stage / SECOND)))
}

export const exclusionOf = (code: number): Exclusion | null => EXCLUSIONS[code - FIRST_EXCLUSION] ?? null

export const msOf = (metric: Metric) => `${metric}_ms`
export const codeColumnOf = (metric: Metric) => `${metric}_code`

/** Squares of 0.01° have a column of their own; others are reckoned. */
export const SQUARE_STEP = 0.01
/** Both numbers of a square in one, so that one key is compared; longitudes may be negative. */
export const SQUARE_BASE = 2 ** 21
export const packSquare = (lat: number, lng: number): number => lat * SQUARE_BASE + lng + SQUARE_BASE / 2
export function unpackSquare(packed: number): { lat: number; lng: number } {
  const lat = Math.floor(packed / SQUARE_BASE)
  return { lat, lng: packed - lat * SQUARE_BASE - SQUARE_BASE / 2 }
}

const word = (name: string, of: (fact: ResponseFact) => string | null): Column => ({
  name,
  type: 'INTEGER',
  value: ({ fact, idOf }) => idOf(of(fact)),
})
const whole = (ms: number) => BigInt(Math.round(ms))
const wholeOrNull = (stage: Stage) => (typeof stage === 'number' ? whole(stage) : null)
const codeOfVerdict = (verdict: Verdict) => (typeof verdict === 'boolean' ? Number(verdict) : codeOf(verdict))

/** The one table of the copy, said once: how it is made, filled and compared. */
export const COLUMNS: readonly Column[] = [
  { name: 'number', type: 'INTEGER', value: ({ fact }) => fact.number },
  { name: 'round', type: 'SMALLINT', value: ({ fact }) => fact.round },
  { name: 'started', type: 'BIGINT', value: ({ fact }) => whole(fact.startedAt) },
  { name: 'day', type: 'INTEGER', value: (row) => row.slot.day },
  { name: 'month', type: 'INTEGER', value: (row) => monthOf(row.slot.day) },
  { name: 'hour_of_week', type: 'UTINYINT', value: (row) => row.slot.hourOfWeek },
  { name: 'lng', type: 'DOUBLE', value: ({ fact }) => fact.lng },
  { name: 'lat', type: 'DOUBLE', value: ({ fact }) => fact.lat },
  { name: 'square', type: 'BIGINT', value: ({ fact }) => BigInt(packSquare(squareOf(fact.lat), squareOf(fact.lng))) },
  ...H3_RESOLUTIONS.map(
    (resolution, i): Column => ({ name: `h${resolution}`, type: 'UBIGINT', value: (row) => row.cells[i] ?? 0n }),
  ),
  word('district', (fact) => fact.districtCode),
  word('subdistrict', (fact) => fact.subdistrictCode),
  word('neighbourhood', (fact) => fact.neighbourhoodCode),
  word('community', (fact) => fact.communityId),
  word('area', (fact) => fact.areaCode),
  word('provider', (fact) => fact.firmId),
  word('unit', (fact) => fact.unitId),
  word('category', (fact) => fact.category),
  word('class', (fact) => fact.class),
  word('priority', (fact) => fact.priority),
  word('origin', (fact) => fact.origin),
  word('channel', (fact) => fact.channel),
  word('policy', (fact) => fact.policyVersion),
  word('grade', (fact) => fact.grade),
  { name: 'imported', type: 'BOOLEAN', value: ({ fact }) => fact.imported },
  { name: 'place', type: 'BIGINT', value: ({ fact }) => (fact.place === '' ? null : hashOf(fact.place)) },
  { name: 'arrive_due', type: 'BIGINT', value: ({ fact }) => whole(fact.arriveDueAt) },
  ...RATES.map(
    (rate): Column => ({
      name: rate,
      type: 'UTINYINT',
      value: ({ fact }) => codeOfVerdict(fact.verdicts[rate]),
    }),
  ),
  ...METRICS.flatMap((metric): Column[] => [
    {
      name: msOf(metric),
      type: 'BIGINT',
      value: ({ fact }) => wholeOrNull(fact.stages[metric]),
    },
    { name: codeColumnOf(metric), type: 'UTINYINT', value: ({ fact }) => codeOf(fact.stages[metric]) },
  ]),
]

const squareOf = (degrees: number) => Math.floor(degrees / SQUARE_STEP)

const months = new Map<number, number>()
/** Months since year 0 of a local day; a few thousand days are all there are. */
function monthOf(day: number): number {
  let month = months.get(day)
  if (month === undefined) {
    const date = new Date(day * 86_400_000)
    month = date.getUTCFullYear() * 12 + date.getUTCMonth()
    months.set(day, month)
  }
  return month
}

/** 52 bits of two FNV-1a streams: addresses of one city do not meet in it. */
function hashOf(text: string): bigint {
  let [a, b] = [0x811c9dc5, 0x9dc5811c]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
  }
  return (BigInt(a >>> 0) << 20n) | BigInt((b >>> 0) & 0xfffff)
}
