import type { Static, TSchema } from 'typebox'
import type { Action } from '#domain/access.ts'
import { SECOND_MS } from '#domain/instant.ts'
import type { Refused } from '#domain/refusal.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/**
 * One HTTP route, said once: the server registers it, the console calls it, the access test walks it, OpenAPI prints it.
 * `action: 'public'` is a route that needs no account (each such route names its own limit in the server).
 */
export interface Route<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Answer extends TSchema = TSchema,
> {
  method: Method
  path: string
  action: Action | 'public'
  /** A second action that opens the door too (rule AC2); the noun then asks for the one that fits what was said. */
  orAction?: Action
  summary: string
  /** Set on routes that write: the request must carry an `Idempotency-Key` header, and a replay is a no-op. */
  command?: boolean
  params?: Params
  query?: Query
  body?: Body
  answer: Answer
}

/** Keeps the exact type of what is given, so that a part left out stays left out. */
export const route = <const R extends Route>(spec: R): R => spec

type Part<R, Name extends string> = R extends { [N in Name]: infer Schema extends TSchema } ? Static<Schema> : undefined

export type ParamsOf<R extends Route> = Part<R, 'params'>
export type QueryOf<R extends Route> = Part<R, 'query'>
export type BodyOf<R extends Route> = Part<R, 'body'>
export type AnswerOf<R extends Route> = Static<R['answer']>

/** Header that names a command; the same key with the same body is answered from memory, with another body refused (`keyReused`). */
export const IDEMPOTENCY_HEADER = 'idempotency-key'

/** Header in which a signed-in request names its tenant when the account has grants in several. */
export const TENANT_HEADER = 'x-tenant'

/** `Retry-After` of a refusal that says when; whole seconds, rounded up: who waits so long does not come too early. */
export const waitHeaders = ({ retryAfterMs }: Pick<Refused<string>, 'retryAfterMs'>): Record<string, string> =>
  retryAfterMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / SECOND_MS))) }
