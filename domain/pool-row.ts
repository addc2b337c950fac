import type { Instant } from './instant.ts'
import { POOL_STATUSES, type PoolStatus } from './pool.ts'
import type { PoolColumn } from './pool-csv.ts'
import { type Refused, refused } from './refusal.ts'
import {
  type Amounts,
  RATING_BANDS,
  type RatingBand,
  SERVICE_TIERS,
  SERVICES,
  type Service,
  type ServiceTier,
} from './services.ts'

/** What a row says; a column that the file does not have, or an empty cell, leaves the entry as it is. */
export interface PoolRow {
  firm: string
  status?: PoolStatus
  subdistrict?: string
  lng?: number
  lat?: number
  services?: Service[]
  tier?: ServiceTier
  capacity: Partial<Amounts>
  districts?: string[]
  price?: number
  openingCost?: number
  partyBuilding?: number
  quality?: number
  ratingBand?: RatingBand
  yellow?: boolean
  banUntil?: Instant
}

/** The first five are of the cell itself, the others of what it means here. */
export type PoolProblemWhy =
  | 'missing'
  | 'notANumber'
  | 'outOfRange'
  | 'unknownWord'
  | 'notADate'
  | 'twice'
  | 'unknownPlace'
  | 'wrongStage'
  | 'belowEntry'
  | 'notRerated'
  | 'banned'

export interface PoolProblem {
  column: PoolColumn
  value: string
  why: PoolProblemWhy
}

type Read<T> = (text: string) => { ok: true; value: T } | Refused<PoolProblemWhy>

const value = <T>(of: T) => ({ ok: true as const, value: of })

const number =
  (least: number, most: number, isWhole = true): Read<number> =>
  (text) => {
    const read = Number(text)
    if (!Number.isFinite(read) || (isWhole && !Number.isInteger(read))) return refused('notANumber')
    return read < least || read > most ? refused('outOfRange') : value(read)
  }

const oneOf =
  <T extends string>(words: readonly T[]): Read<T> =>
  (text) => {
    const found = words.find((word) => word === text)
    return found === undefined ? refused('unknownWord') : value(found)
  }

const partsOf = (text: string): string[] => [...new Set(text.split(/[;；、|]/).map((part) => part.trim()))]

const services: Read<Service[]> = (text) => {
  const read = partsOf(text).map(oneOf(SERVICES))
  return read.every((one) => one.ok) ? value(read.map((one) => one.value)) : refused('unknownWord')
}

const YES_NO: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['no', false],
  ['是', true],
  ['否', false],
])

const yesNo: Read<boolean> = (text) => {
  const found = YES_NO.get(text.toLowerCase())
  return found === undefined ? refused('unknownWord') : value(found)
}

const QUANTITY = number(0, 1_000_000_000)
const SCORE = number(0, 100)

/** PV6: a row with every problem it has; nothing of it is taken while there is one. `toInstant` reads a day of the city's calendar. */
export function readPoolRow(
  header: readonly (PoolColumn | null)[],
  cells: readonly string[],
  toInstant: (text: string) => Instant | null,
): { row: PoolRow; problems: PoolProblem[] } {
  const problems: PoolProblem[] = []
  const said = saidIn(header, cells)
  const take = <T>(column: PoolColumn, read: Read<T>): T | undefined => {
    const text = said.get(column)
    const answer = text === undefined ? undefined : read(text)
    if (answer && !answer.ok) problems.push({ column, value: text ?? '', why: answer.why })
    return answer?.ok ? answer.value : undefined
  }
  const date: Read<Instant> = (text) => {
    const at = toInstant(text)
    return at === null ? refused('notADate') : value(at)
  }
  const row = {
    firm: take('firm', value) ?? '',
    status: take('status', oneOf(POOL_STATUSES)),
    subdistrict: take('subdistrict', value),
    lng: take('lng', number(-180, 180, false)),
    lat: take('lat', number(-90, 90, false)),
    services: take('services', services),
    tier: take('tier', oneOf(SERVICE_TIERS)),
    capacity: defined({
      cleaners: take('cleaners', QUANTITY),
      guards: take('guards', QUANTITY),
      liftOperators: take('liftOperators', QUANTITY),
      moneyAtRisk: take('moneyAtRisk', QUANTITY),
    }),
    districts: take('districts', (text) => value(partsOf(text))),
    price: take('price', number(0, 1_000, false)),
    openingCost: take('openingCost', QUANTITY),
    partyBuilding: take('partyBuilding', SCORE),
    quality: take('quality', SCORE),
    ratingBand: take('ratingBand', oneOf(RATING_BANDS)),
    yellow: take('yellow', yesNo),
    banUntil: take('banUntil', date),
  }
  if (row.firm === '') problems.push({ column: 'firm', value: '', why: 'missing' })
  return { row: defined(row), problems }
}

function saidIn(header: readonly (PoolColumn | null)[], cells: readonly string[]): Map<PoolColumn, string> {
  const said = new Map<PoolColumn, string>()
  for (const [i, column] of header.entries()) {
    const text = cells[i]?.trim() ?? ''
    if (column !== null && text !== '') said.set(column, text)
  }
  return said
}

/** Without what was not said: an empty cell changes nothing. */
const defined = <T extends object>(given: T): Defined<T> =>
  Object.fromEntries(Object.entries(given).filter(([, of]) => of !== undefined)) as Defined<T>

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}
