import { Type } from 'typebox'
import type { SuggestedMove } from '#domain/cover-moves.ts'
import type { CoverState } from '#domain/cover-state.ts'
import type { Instant } from '#domain/instant.ts'
import { route } from '#wire/route.ts'
import { SkillWord, shape } from '#wire/shapes.ts'

/** Moves that would restore most cover. Nothing is asked of anybody: a person asks the unit. */
export interface SuggestedMoves {
  at: Instant
  moves: SuggestedMove[]
}

const About = Type.Object({ skill: Type.Optional(SkillWord) }, { additionalProperties: false })

export const liveCover = route({
  method: 'GET',
  path: '/api/cover',
  action: 'cover.read',
  summary: 'Which communities and how many households somebody free could reach within five minutes, now',
  query: About,
  answer: shape<CoverState>('CoverState'),
})

export const coverMoves = route({
  method: 'GET',
  path: '/api/cover/moves',
  action: 'cover.read',
  summary: 'The moves of free units that would restore most cover, best first; volunteers are never among them',
  query: About,
  answer: shape<SuggestedMoves>('SuggestedMoves'),
})
