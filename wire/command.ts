import { type TProperties, type TSchema, Type } from 'typebox'
import type { Action } from '#domain/access.ts'
import { route } from '#wire/route.ts'
import { IdParams } from '#wire/shapes.ts'

/** The verbs on one thing of a kind: `POST /api/KIND/:id/VERB`, each a command, each answered with the thing as it then is. */
export const commandsOn =
  <Answer extends TSchema>(kind: string, answer: Answer) =>
  <const Body extends TProperties>(verb: string, action: Action, summary: string, body: Body) =>
    route({
      method: 'POST',
      path: `/api/${kind}/:id/${verb}`,
      action,
      summary,
      command: true,
      params: IdParams,
      body: Type.Object(body, { additionalProperties: false }),
      answer,
    })
