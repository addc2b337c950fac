import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '#db/connect.ts'
import type { Grant } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import type { Refused } from '#domain/refusal.ts'
import type { Actor } from '#domain/ticket.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from '#wire/route.ts'

/** Who asks: an account with its grants in one tenant, or nobody (public routes). */
export interface Reader {
  userId: string
  username: string
  displayName: string
  tenant: string
  /** Only those in `tenant`. */
  grants: readonly Grant[]
}

/** An account as the door finds it, by its session cookie or its API key, with its grants in every tenant. */
export interface SignedIn {
  userId: string
  username: string
  displayName: string
  grants: readonly Grant[]
  by: 'session' | 'apiKey'
  /** Cookies to send back when the session has been prolonged. */
  renewed: readonly string[]
}

/** Who sends these headers; null = nobody we know (no session, an ended one, a disabled account). */
export type Identify = (headers: IncomingHttpHeaders) => Promise<SignedIn | null>

/** Told after a committed change of grants, sign-out or disabling: open sockets of the account must ask again. */
export type RightsChanged = (userId: string) => void

/** What makes a write repeatable without harm: the caller's key, and a hash of route and body. */
export interface Command {
  tenant: string
  /** User id, or a public route's own word with the address behind it. */
  actorKey: string
  key: string
  fingerprint: string
}

/** One parsed, authorised request. `reader` is null only on public routes; `command` is set on routes that write. */
export interface Ask<R extends Route> {
  params: ParamsOf<R>
  query: QueryOf<R>
  body: BodyOf<R>
  reader: R['action'] extends 'public' ? null : Reader
  tenant: string
  actor: Actor
  now: Instant
  command: Command
  /** Client address as the trusted proxy setting says it. */
  address: string
}

export type Answer<R extends Route> = AnswerOf<R> | Refused<ErrorCode>

/**
 * How a noun offers a route without knowing the door: `app.ts` hands it a `Serve`. The door has already parsed every
 * field, found the reader and asked `mayEver`; the noun asks `may` with the subject it has read.
 */
export type Serve = <R extends Route>(route: R, handle: (ask: Ask<R>) => Promise<Answer<R>>) => void

/** For answers that are not JSON (pictures, CSV) and bodies that are files. */
export type ServeRaw = <R extends Route>(
  route: R,
  handle: (ask: Ask<R>, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
) => void

/** Tells the sockets of a tenant that there is news; the news itself is already committed. */
export type Wake = (tenant: string) => void

/** What the routes of every noun are given. */
export interface Shop {
  db: Db
  wake: Wake
  serve: Serve
  serveRaw: ServeRaw
}
