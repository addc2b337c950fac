import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { contentPolicy, WORKER_POLICY } from './content-policy.ts'
import type { Limiters } from './limits.ts'
import { refuse } from './refusals.ts'
import { methodsAt, type RegisteredRoute } from './registered.ts'

export interface Pages {
  /** The built console; without it the server answers the API only. */
  folder: string
  tileOrigins: () => Promise<string[]>
}

const IMMUTABLE = '/_app/immutable/'
const WORKER = 'service-worker.js'
const YEAR_S = 31_536_000
/** Below these no page lives: an unknown address there is a wrong call, not a page. */
const NO_PAGES = [
  '/api',
  '/open311',
  '/osmand',
  '/owntracks',
  '/devices',
  '/console-socket',
  '/health',
  '/metrics',
  '/_app',
]
/** What a page may ask of the browser: its position and screen lock on a phone, a camera for the site's code. */
const PERMISSIONS = 'geolocation=(self), camera=(self), screen-wake-lock=(self), microphone=(), payment=(), usb=()'

/** Serves the console: its files as they are, and its one page for every address a person may type. */
export async function servePages(
  http: FastifyInstance,
  pages: Pages,
  limiters: Limiters,
  routes: readonly RegisteredRoute[],
): Promise<void> {
  const root = pages.folder
  const indexFile = join(root, 'index.html')
  if (existsSync(indexFile)) {
    await http.register(fastifyStatic, {
      root,
      index: false,
      wildcard: true,
      preCompressed: true,
      cacheControl: false,
      allowedPath: isFile,
      setHeaders: (reply, path) => {
        const forever = path.replaceAll('\\', '/').includes(IMMUTABLE)
        // As it is, or as it was compressed.
        if (basename(path).startsWith(WORKER)) reply.header('content-security-policy', WORKER_POLICY)
        reply.header('cache-control', forever ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
      },
    })
  }
  http.setNotFoundHandler({ preHandler: limiters.pages }, async (request, reply) => {
    if (isNavigation(request) && existsSync(indexFile))
      return sendIndex(request, reply, indexFile, await pages.tileOrigins())
    return answerUnknown(routes, request, reply)
  })
}

/** Everything the build makes has an ending; the page itself is sent with its policy, and dot files are nobody's. */
const isFile = (path: string) => extname(path) !== '' && path !== '/index.html' && !path.includes('/.')

function isNavigation({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? '/'
  const isApi = NO_PAGES.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
  return (
    (method === 'GET' || method === 'HEAD') &&
    !isApi &&
    !path.includes('/.') &&
    extname(path) === '' &&
    /\btext\/html\b|\*\/\*/.test(headers.accept ?? '')
  )
}

async function sendIndex(request: FastifyRequest, reply: FastifyReply, file: string, tileOrigins: readonly string[]) {
  const html = await readFile(file, 'utf8')
  return reply
    .code(200)
    .header('cache-control', 'no-cache')
    .header('content-security-policy', contentPolicy(html, request.host, tileOrigins))
    .header('permissions-policy', PERMISSIONS)
    .type('text/html; charset=utf-8')
    .send(html)
}

/** A known path with another method is named so; anything else is unknown. */
function answerUnknown(routes: readonly RegisteredRoute[], request: FastifyRequest, reply: FastifyReply) {
  const allowed = methodsAt(routes, request.url.split('?', 1)[0] ?? '/')
  if (allowed.length === 0) return refuse(reply, 'unknownRoute')
  return refuse(reply.header('allow', allowed.join(', ')), 'methodNotAllowed')
}
