import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Action, mayEver } from '#domain/access.ts'
import { isRefused } from '#domain/refusal.ts'
import type { Actor } from '#domain/ticket.ts'
import type { Clock } from '#server/clock.ts'
import { actorOf, readerOf } from '#server/reader.ts'
import type { Ask, Identify, Reader, Serve, ServeRaw, SignedIn } from '#server/serving.ts'
import { ERROR_STATUS, type ErrorCode } from '#wire/codes.ts'
import { IDEMPOTENCY_HEADER, type Route, TENANT_HEADER, waitHeaders } from '#wire/route.ts'
import { type Parts, partsParser } from './fields.ts'
import type { Limiters } from './limits.ts'
import { isForeignWrite } from './origin.ts'
import { RefusedAtDoor, refuse } from './refusals.ts'
import { openApiOf } from './schema.ts'

export interface Doorkeeper {
  identify: Identify
  clock: Clock
  limiters: Limiters
  allowedOrigins: readonly string[]
}

/** Whoever passed the door; kept beside the request because a hook finds them and the handler needs them. */
interface Admitted {
  reader: Reader
  by: SignedIn['by']
}

const KEY_FORMAT = /^[\x21-\x7e]{1,200}$/

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header)

/** The two ways a noun offers a route, bound to one HTTP server. */
export function routesOf(http: FastifyInstance, keeper: Doorkeeper): { serve: Serve; serveRaw: ServeRaw } {
  const register = (
    route: Route,
    wantsJson: boolean,
    act: (ask: Ask<Route>, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ) => {
    const admitted = new WeakMap<FastifyRequest, Admitted>()
    const parse = partsParser(route)
    http.route({
      method: route.method,
      url: route.path,
      schema: openApiOf(route),
      config: { action: route.action, orAction: route.orAction },
      onRequest: keeper.limiters.of(route),
      preParsing: async (request, reply) => {
        const passed = await admit(route, request, reply, keeper)
        if (passed) admitted.set(request, passed)
      },
      handler: async (request, reply) => {
        if (wantsJson && isNotJson(request)) return refuse(reply, 'unsupportedMedia')
        const parsed = parse(request)
        if (!parsed.ok) return refuse(reply, 'invalidFields', parsed.fields)
        const key = one(request.headers[IDEMPOTENCY_HEADER])
        if (route.command && !(key && KEY_FORMAT.test(key))) return refuse(reply, 'missingKey')
        const ask = askOf(
          route,
          request,
          parsed.parts,
          admitted.get(request) ?? null,
          key ?? randomUUID(),
          keeper.clock,
        )
        const answer = await act(ask, request, reply)
        if (reply.sent || reply.raw.headersSent) return reply
        if (!isRefused(answer)) return reply.send(answer)
        return refuse(reply.headers(waitHeaders(answer)), knownCode(answer.why))
      },
    })
  }
  return {
    serve: (route, handle) => register(route, true, (ask) => handle(ask as never)),
    serveRaw: (route, handle) => register(route, false, (ask, request, reply) => handle(ask as never, request, reply)),
  }
}

/** The types keep refusals within the table; should one slip through, it is our fault and not the caller's. */
function knownCode(why: string): ErrorCode {
  if (why in ERROR_STATUS) return why as ErrorCode
  throw new Error(`refusal ${why} is in no table of codes`)
}

/** AC2: who may not, under any grant, is refused before the body is read. Answers null on public routes. */
async function admit(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  keeper: Doorkeeper,
): Promise<Admitted | null> {
  const byKey = request.headers.authorization !== undefined
  if (!byKey && isForeignWrite(request.method, request.headers, request.host, keeper.allowedOrigins))
    throw new RefusedAtDoor('badOrigin')
  if (route.action === 'public') return null
  const signedIn = await keeper.identify(request.headers)
  if (!signedIn) throw new RefusedAtDoor('notSignedIn')
  for (const cookie of signedIn.renewed) reply.header('set-cookie', cookie)
  const reader = readerOf(signedIn, one(request.headers[TENANT_HEADER]))
  const mayTry = (action: Action) => mayEver(reader.grants, action, reader.tenant)
  if (!mayTry(route.action) && !(route.orAction && mayTry(route.orAction))) throw new RefusedAtDoor('notAllowed')
  return { reader, by: signedIn.by }
}

/** A body of another kind than JSON: a form would be taken apart by its own parser and then judged by the wrong schema. */
function isNotJson(request: FastifyRequest): boolean {
  if (request.body === undefined || request.body === null) return false
  const type = request.headers['content-type'] ?? ''
  return !/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)
}

function askOf(
  route: Route,
  request: FastifyRequest,
  parts: Parts,
  admitted: Admitted | null,
  key: string,
  clock: Clock,
): Ask<Route> {
  const reader = admitted?.reader ?? null
  const tenant = reader?.tenant ?? ''
  const actor: Actor = admitted ? actorOf(admitted.reader, admitted.by) : { kind: 'resident', id: null }
  return {
    ...(parts as Pick<Ask<Route>, 'params' | 'query' | 'body'>),
    reader: reader as never,
    tenant,
    actor,
    now: clock.now(),
    command: {
      tenant,
      actorKey: reader?.userId ?? `public ${request.ip}`,
      key,
      fingerprint: fingerprintOf(route, parts),
    },
    address: request.ip,
  }
}

const fingerprintOf = ({ method, path }: Route, { params, body }: Parts) =>
  createHash('sha256')
    .update(JSON.stringify([method, path, params ?? null, body ?? null]))
    .digest('hex')
