import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/**
 * Answers `304` where the caller already holds this very answer: lists of places are large and seldom change. The answer is
 * still made, so it can never be stale; only the way to the caller is saved.
 */
export function tagAnswers(http: FastifyInstance): void {
  http.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload
    if (reply.hasHeader('etag') || !`${reply.getHeader('content-type')}`.startsWith('application/json')) return payload
    const tag = `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`
    reply.header('etag', tag)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache')
    if (request.headers['if-none-match'] !== tag) return payload
    reply.code(304).removeHeader('content-type')
    return ''
  })
}
