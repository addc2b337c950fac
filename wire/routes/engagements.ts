import { Type } from 'typebox'
import { ENGAGEMENT_STATUSES, type Engagement } from '#domain/engagement.ts'
import { route } from '#wire/route.ts'
import { Id, shapes, word } from '#wire/shapes.ts'

export const engagements = route({
  method: 'GET',
  path: '/api/engagements',
  action: 'engagement.read',
  summary: 'Engagements, newest first; a firm sees its own',
  query: Type.Object({
    status: Type.Optional(word(ENGAGEMENT_STATUSES)),
    communityId: Type.Optional(Id),
    firmId: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  }),
  answer: shapes<Engagement>('Engagement'),
})
