import { Type } from 'typebox'
import type { Instant } from '#domain/instant.ts'
import { RATING_VERDICTS, type Rating, type RatingEvidence, type RatingRules, type Result } from '#domain/rating.ts'
import type { Firm } from '#domain/units.ts'
import { route } from '#wire/route.ts'
import { Id, IdParams, nullable, Reason, shape, shapes, word } from '#wire/shapes.ts'

const Period = Type.String({ pattern: '^20\\d\\d-(?:0[1-9]|1[0-2])$', description: 'YYYY-MM, by the city’s calendar' })

/** A firm in a month: what its figures make of it, and what an officer has. */
export interface RatingLine extends Result {
  firm: Firm
  rates: RatingEvidence['rates']
  /** Says what these figures are: a decision is refused when they have changed. */
  stamp: string
  /** Its entry in the pool; null = it has none. */
  entryId: string | null
  yellowSince: Instant | null
  /** The newest decision about this month. */
  decided: Rating | null
}

export interface RatingList {
  period: string
  rules: RatingRules
  lines: RatingLine[]
}

export const ratings = route({
  method: 'GET',
  path: '/api/ratings',
  action: 'pool.read',
  summary: '履约评价: every firm of a month by its three rates, with proposed yellow lights; a firm sees itself',
  query: Type.Object({ period: Period }, { additionalProperties: false }),
  answer: shape<RatingList>('RatingList'),
})

export const firmRatings = route({
  method: 'GET',
  path: '/api/firms/:id/ratings',
  action: 'pool.read',
  summary: 'What was decided about one firm, newest first, with the evidence of each',
  params: IdParams,
  answer: shapes<Rating>('Rating'),
})

export const decideRating = route({
  method: 'POST',
  path: '/api/ratings',
  action: 'pool.review',
  summary: 'Confirm a rating, with or without the yellow light, or dismiss it with a reason; a fail always lights it',
  command: true,
  body: Type.Object(
    {
      firmId: Id,
      period: Period,
      stamp: Type.String({ maxLength: 64 }),
      verdict: word(RATING_VERDICTS),
      light: Type.Boolean(),
      reason: nullable(Reason),
    },
    { additionalProperties: false },
  ),
  answer: shape<Rating>('Rating'),
})
