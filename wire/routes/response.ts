import { Type } from 'typebox'
import type { Instant } from '#domain/instant.ts'
import { type Area, EXCLUSIONS, type Exclusion, METRICS, type Metric, type Rate, type Share } from '#domain/response.ts'
import { AREA_LEVELS, DIMENSIONS, UNCLASSED } from '#domain/response-question.ts'
import { CATEGORIES, CHANNELS, EVIDENCE_GRADES, ORIGINS, PRIORITIES, TICKET_CLASSES } from '#domain/ticket.ts'
import { route } from '#wire/route.ts'
import { InstantMs, shape, word } from '#wire/shapes.ts'

/** Seconds. Null where nobody is counted, and where few are and the reader may not see whom. */
export interface Figures {
  n: number
  p50: number | null
  p90: number | null
}

export interface ResponseRow extends Figures {
  /** Of a cell: its H3 index, or `floor(lat/step),floor(lng/step)`; else the code, id or word. '' = of none. */
  key: string
  /** The same of the period it is compared with. */
  before?: Figures
}

export interface Excluded {
  reason: Exclusion
  n: number
}

export interface ResponseAnswer {
  metric: Metric
  total: Figures & { before?: Figures }
  rows: ResponseRow[]
  excluded: Excluded[]
}

/** Kept of all that could be judged, and who could not. */
export interface RateFigures {
  n: number
  kept: number
  excluded: Excluded[]
}

export interface RatesRow {
  key: string
  /** Rounds of tickets, whatever became of them. */
  n: number
  rates: Record<Rate, RateFigures>
  /** Of durations that are known. */
  shares: Record<Share, { n: number; kept: number }>
  /** 未诉先办: reported by our own people before anybody complained. */
  proactive: { n: number; kept: number }
  /** From an address that had reported in the 90 days before. */
  repeats: { n: number; kept: number }
}

export interface RatesAnswer {
  total: RatesRow
  rows: RatesRow[]
}

/** A ticket behind a figure. */
export interface ResponseTicket {
  id: string
  number: number
  round: number
  startedAt: Instant
  /** Null: it is not in the figure, for this reason. */
  seconds: number | null
  excluded: Exclusion | null
}

/** How far the copy reaches; PostgreSQL is the truth. */
export interface CopyState {
  seq: number | null
  headSeq: number
  building: number | null
}

/** What comparing some tickets has found. */
export interface VerifiedPage {
  /** Compared. */
  tickets: number
  /** The last of them; null = there are no more. */
  last: number | null
  wrong: { number: number; why: 'missing' | 'surplus' | 'different'; columns: string[] }[]
}

const list = (words: readonly string[]) => {
  const one = `(?:${words.join('|')})`
  return Type.Optional(Type.String({ pattern: `^${one}(?:,${one})*$`, description: 'several with commas' }))
}
const codes = Type.Optional(
  Type.String({ maxLength: 4_000, pattern: '^[^,\\s]{1,64}(?:,[^,\\s]{1,64})*$', description: 'several with commas' }),
)
const HOUR = '(?:\\d|\\d\\d|1[0-5]\\d|16[0-7])'

/** Which tickets, and of what they are asked: every filter narrows, and any may stand with any. */
export const Asked = {
  metric: Type.Optional(word(METRICS)),
  grid: Type.Optional(
    Type.String({ pattern: '^(?:h3:(?:[5-9]|10)|deg:\\d{1,2}(?:\\.\\d{1,3})?)$', description: '`h3:8`, `deg:0.01`' }),
  ),
  level: Type.Optional(word(AREA_LEVELS)),
  from: Type.Optional(InstantMs),
  to: Type.Optional(InstantMs),
  category: list(CATEGORIES),
  class: list([...TICKET_CLASSES, UNCLASSED]),
  priority: list(PRIORITIES),
  origin: list(ORIGINS),
  channel: list(CHANNELS),
  grade: list(EVIDENCE_GRADES),
  policy: codes,
  provider: codes,
  unit: codes,
  community: codes,
  neighbourhood: codes,
  subdistrict: codes,
  district: codes,
  area: codes,
  cell: Type.Optional(
    Type.String({ maxLength: 4_000, description: 'keys of cells of `grid`, several with blanks between' }),
  ),
  hours: Type.Optional(
    Type.String({
      maxLength: 800,
      pattern: `^${HOUR}(?:-${HOUR})?(?:,${HOUR}(?:-${HOUR})?)*$`,
      description: 'hours of the local week, 0 = Monday 00:00; `0-23,160-10`',
    }),
  ),
  imported: Type.Optional(Type.Boolean()),
}
const By = { by: Type.Optional(word(DIMENSIONS)) }
const closed = { additionalProperties: false }

const AskedTimes = Type.Object(
  {
    ...Asked,
    ...By,
    /** The other period of a comparison, with all the same filters. */
    beforeFrom: Type.Optional(InstantMs),
    beforeTo: Type.Optional(InstantMs),
    /** The other area of one, in place of those filters. */
    beforeDistrict: codes,
    beforeSubdistrict: codes,
  },
  closed,
)

export const responseTimes = route({
  method: 'GET',
  path: '/api/response',
  action: 'response.read',
  summary: 'How long a stage took: n, median and 90th percentile in seconds, of all and by place, time or whose it was',
  query: AskedTimes,
  answer: shape<ResponseAnswer>('ResponseAnswer'),
})

export const responseCsv = route({
  method: 'GET',
  path: '/api/exports/response.csv',
  action: 'response.read',
  summary: 'The same as CSV (UTF-8 with BOM)',
  query: AskedTimes,
  answer: Type.String(),
})

export const responseRates = route({
  method: 'GET',
  path: '/api/response/rates',
  action: 'response.read',
  summary:
    '响应率, 解决率, 满意率 side by side, with n and exclusions; shares within the limits; proactive and repeated',
  query: Type.Object({ ...Asked, ...By }, closed),
  answer: shape<RatesAnswer>('RatesAnswer'),
})

export const responseTickets = route({
  method: 'GET',
  path: '/api/response/tickets',
  action: 'response.drill',
  summary: 'The tickets behind a figure, slowest first; with `excluded`, those that are not in it for that reason',
  query: Type.Object(
    {
      ...Asked,
      excluded: Type.Optional(word(EXCLUSIONS)),
      offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    },
    closed,
  ),
  answer: Type.Unsafe<{ n: number; tickets: ResponseTicket[] }>(Type.Object({}, { additionalProperties: true })),
})

export const responseAreas = route({
  method: 'GET',
  path: '/api/response/areas',
  action: 'response.read',
  summary: "Areas of the tenant's own, by which times can be added up",
  answer: Type.Unsafe<Area[]>(Type.Array(Type.Object({}, { title: 'Area', additionalProperties: true }))),
})

export const verifyResponse = route({
  method: 'GET',
  path: '/api/response/verify',
  action: 'response.verify',
  summary: 'Compares the next tickets after a number, row by row, in the copy and in PostgreSQL',
  query: Type.Object({ after: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }) }, closed),
  answer: shape<VerifiedPage>('VerifiedPage'),
})

export const responseCopy = route({
  method: 'GET',
  path: '/api/response/copy',
  action: 'response.read',
  summary: 'How far the fast copy behind these answers reaches',
  answer: shape<CopyState>('CopyState'),
})
