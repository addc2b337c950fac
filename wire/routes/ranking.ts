import { Type } from 'typebox'
import type { Instant } from '#domain/instant.ts'
import { RATES } from '#domain/response.ts'
import { BREACH_CAUSES, type BreachCause } from '#domain/response-causes.ts'
import { route } from '#wire/route.ts'
import { shape, word } from '#wire/shapes.ts'
import { Asked } from './response.ts'

/** Whom a ranking compares. */
export const RANKED_BY = ['area', 'community', 'provider', 'unit'] as const
export type RankedBy = (typeof RANKED_BY)[number]

/** By what: times in seconds, the fewer the better; rates 0–1, the more the better. */
export const MEASURES = ['p50', 'p90', ...RATES] as const
export type Measure = (typeof MEASURES)[number]

export interface RankingRow {
  key: string
  n: number
  /** Null: of fewer than five, or of nobody. */
  value: number | null
  /** Where the true value lies, 95 %; null = open on that side. */
  low: number | null
  high: number | null
  /** Places it may hold; null = of too few to have one. */
  best: number | null
  worst: number | null
}

export interface RankingAnswer {
  by: RankedBy
  measure: Measure
  rows: RankingRow[]
}

/** A broken promise: how long each leg took, in seconds from the report; null = not reached, or not written down. */
export interface Breach {
  id: string
  number: number
  round: number
  startedAt: Instant
  promise: number
  accepted: number | null
  left: number | null
  arrived: number | null
  cause: BreachCause
  subdistrict: string | null
  community: string | null
  provider: string | null
}

export interface BreachAnswer {
  /** Of all that were promised somebody and have come to an end or run out of time. */
  judged: number
  n: number
  causes: { cause: BreachCause; n: number }[]
  /** Those of the cause that was asked for, latest by most first. */
  breaches: Breach[]
}

const closed = { additionalProperties: false }
const Ranked = Type.Object(
  { ...Asked, by: Type.Optional(word(RANKED_BY)), measure: Type.Optional(word(MEASURES)) },
  closed,
)
const Broken = Type.Object(
  {
    ...Asked,
    cause: Type.Optional(word(BREACH_CAUSES)),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  closed,
)

export const responseRanking = route({
  method: 'GET',
  path: '/api/response/ranking',
  action: 'response.read',
  summary: 'Areas, communities, providers or units with 95 % intervals, and the places each may hold: none by chance',
  query: Ranked,
  answer: shape<RankingAnswer>('RankingAnswer'),
})

export const rankingCsv = route({
  method: 'GET',
  path: '/api/exports/response-ranking.csv',
  action: 'response.read',
  summary: 'The same as CSV (UTF-8 with BOM)',
  query: Ranked,
  answer: Type.String(),
})

export const responseBreaches = route({
  method: 'GET',
  path: '/api/response/breaches',
  action: 'response.drill',
  summary: 'Broken promises with the cause of each: unassigned, accepted late, waiting, far',
  query: Broken,
  answer: shape<BreachAnswer>('BreachAnswer'),
})

export const breachesCsv = route({
  method: 'GET',
  path: '/api/exports/response-breaches.csv',
  action: 'response.drill',
  summary: 'The first 500 of them as CSV (UTF-8 with BOM)',
  query: Broken,
  answer: Type.String(),
})
