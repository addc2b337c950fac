import type { FastifySchema } from 'fastify'
import { IDEMPOTENCY_HEADER, type Route, TENANT_HEADER } from '#wire/route.ts'

/** What the API reference prints of a route. Fastify itself checks nothing by it: fields.ts does, all at once. */
export function openApiOf(route: Route): FastifySchema {
  const isPublic = route.action === 'public'
  const headers = {
    ...(route.command && {
      [IDEMPOTENCY_HEADER]: {
        type: 'string',
        description: 'names the command; a repeat with the same key does nothing',
      },
    }),
    ...(!isPublic && {
      [TENANT_HEADER]: { type: 'string', description: 'needed when the account has grants in several tenants' },
    }),
  }
  return {
    summary: route.summary,
    description: isPublic ? 'Public.' : `Needs the right \`${route.action}\` (domain/access.ts).`,
    tags: [tagOf(route.path)],
    security: isPublic ? [] : [{ session: [] }, { apiKey: [] }],
    headers: { type: 'object', properties: headers, required: route.command ? [IDEMPOTENCY_HEADER] : [] },
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    ...(route.body && { body: route.body }),
    response: {
      200: { description: 'done', ...route.answer },
      default: { description: 'refused, with a stable code', type: 'object', properties: { error: ERROR_SHAPE } },
    },
  }
}

const ERROR_SHAPE = {
  type: 'object',
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
  required: ['code', 'message'],
}

/** Groups of the reference, where the path's first word is not already a good name. */
const TAGS: Record<string, string> = {
  clock: 'server',
  health: 'server',
  me: 'session',
  auth: 'session',
  tenants: 'places',
  communities: 'places',
  exports: 'tickets',
  alarms: 'feed',
  r: 'residents',
  t: 'residents',
  firms: 'units',
  consents: 'units',
  fixes: 'fleet',
  'trail-readings': 'fleet',
}

const tagOf = (path: string) => {
  const word = (path.startsWith('/api/') ? path.split('/')[2] : path.split('/')[1]) ?? 'server'
  return TAGS[word] ?? word
}
