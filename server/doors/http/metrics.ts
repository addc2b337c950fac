import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Histogram, type Registry } from 'prom-client'
import { refuse } from './refusals.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Times every request by its route's pattern (never by its address: that would hold ids and tokens). */
export function timeRequests(http: FastifyInstance, registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  const took = new Histogram({
    name: 'hongguan_http_seconds',
    help: 'Time to answer by route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers: [registry],
  })
  http.addHook('onResponse', async (request, reply) => {
    took.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1_000,
    )
  })
}

/** `/metrics` for a scraper on this machine, or for one that carries the key. */
export function serveMetrics(http: FastifyInstance, registry: Registry, key: string | null): void {
  http.get('/metrics', { schema: { hide: true } as object }, async (request, reply) => {
    if (!isLocal(request) && !carries(request, key)) return refuse(reply, 'notAllowed')
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** A proxy on this machine is not this machine: whoever is forwarded came from elsewhere. */
const isLocal = ({ ip, headers }: FastifyRequest) =>
  LOOPBACK.includes(ip) &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined &&
  headers.via === undefined

function carries(request: FastifyRequest, key: string | null): boolean {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${key ?? ''}`)
  return key !== null && given.length === wanted.length && timingSafeEqual(given, wanted)
}
