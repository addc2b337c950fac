import compress from '@fastify/compress'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import underPressure from '@fastify/under-pressure'
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Clock } from '#server/clock.ts'
import type { Identify, Serve, ServeRaw } from '#server/serving.ts'
import { tagAnswers } from './etags.ts'
import { LIMITS, type Limits, limitersOf } from './limits.ts'
import { serveMetrics, timeRequests } from './metrics.ts'
import { type Pages, servePages } from './pages.ts'
import { describeRoutes, serveReference } from './reference.ts'
import { answerError, errorAnswer, RefusedAtDoor } from './refusals.ts'
import { keepRoutes, type RegisteredRoute } from './registered.ts'
import { routesOf } from './serve.ts'

export interface HttpOptions {
  identify: Identify
  clock: Clock
  log: Logger
  registry: Registry
  version: string
  pages: Pages
  /** Certificate and key when this process itself speaks HTTPS. */
  tls: { cert: string; key: string } | null
  /** True when pages reach us by HTTPS, from us or from a proxy. */
  isSecure: boolean
  /** Addresses of the proxies in front; false = a forwarded address is nobody's word. */
  trustProxy: string[] | false
  allowedOrigins: readonly string[]
  metricsKey: string | null
  limits?: Partial<Limits>
}

export interface HttpDoor {
  http: FastifyInstance
  serve: Serve
  serveRaw: ServeRaw
  routes: readonly RegisteredRoute[]
}

/** JSON this side of a report with its texts is far smaller; photos go by multipart and have a limit of their own. */
const BODY_LIMIT = 256 * 1_024
const PHOTO_LIMIT = 8 * 1_024 * 1_024
const SLOW_REQUEST_MS = 30_000

/** One HTTP server with everything that holds for all its routes; nouns and other doors are added by app.ts. */
export async function openHttp(options: HttpOptions): Promise<HttpDoor> {
  const http = Fastify(fastifyOptions(options)) as unknown as FastifyInstance
  const routes = keepRoutes(http)
  http.setErrorHandler(answerError)
  http.setValidatorCompiler(() => () => true) // fields.ts checks, every part at once
  http.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  takeEmptyJson(http)
  timeRequests(http, options.registry)
  tagAnswers(http)
  await http.register(compress, { global: true, threshold: 1_024, encodings: ['br', 'gzip'] })
  await http.register(helmet, helmetOptions(options.isSecure))
  await http.register(formbody, { bodyLimit: BODY_LIMIT })
  await http.register(multipart, { limits: { fileSize: PHOTO_LIMIT, files: 1, fields: 8, fieldSize: 4_096, parts: 9 } })
  const limits = { ...LIMITS, ...options.limits }
  await http.register(underPressure, { maxEventLoopDelay: limits.loopDelayMs, pressureHandler: refusePressed })
  const limiters = await limitersOf(http, limits)
  await describeRoutes(http, options.version)
  serveReference(http)
  serveMetrics(http, options.registry, options.metricsKey)
  await servePages(http, options.pages, limiters, routes)
  const { identify, clock, allowedOrigins } = options
  return { http, routes, ...routesOf(http, { identify, clock, limiters, allowedOrigins }) }
}

function fastifyOptions({ log, tls, trustProxy }: HttpOptions): FastifyServerOptions {
  return {
    // Its own notes (which address it listens on) are for somebody who looks for a fault.
    loggerInstance: log.child({}, { level: ['silent', 'debug', 'trace'].includes(log.level) ? log.level : 'warn' }),
    // Addresses hold tokens of residents and secrets of phones: what is logged of a request is its route's pattern.
    logController: new LogController({ disableRequestLogging: true }),
    ...(tls && { https: tls }),
    trustProxy,
    bodyLimit: BODY_LIMIT,
    requestTimeout: SLOW_REQUEST_MS,
    routerOptions: { maxParamLength: 128, ignoreTrailingSlash: false },
    forceCloseConnections: true,
    return503OnClosing: true,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply as never),
    clientErrorHandler: (_error, socket) => {
      if (!socket.writable) return
      const body = JSON.stringify(errorAnswer('badRequest'))
      socket.end(
        `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    },
  } as FastifyServerOptions
}

/** Commands without fields come with an empty body and yet the type of JSON; that is no fault. */
function takeEmptyJson(http: FastifyInstance): void {
  const parse = http.getDefaultJsonParser('error', 'error')
  http.removeContentTypeParser('application/json')
  http.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body, (error, value) => done(error ? new RefusedAtDoor('badJson') : null, value))
  })
}

function helmetOptions(isSecure: boolean) {
  return {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: 'deny' as const },
    strictTransportSecurity: isSecure && { maxAge: 31_536_000, includeSubDomains: false },
    // A resident's link is a secret in the address: no other site may learn it, but tile servers may learn which site asks.
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' as const },
  }
}

/** Load balancers and operators must learn the truth even then. */
function refusePressed(request: { url: string }): void {
  if (!/^\/(?:health|metrics)\b/.test(request.url)) throw new RefusedAtDoor('overloaded')
}
