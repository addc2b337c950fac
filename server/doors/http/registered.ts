import type { FastifyInstance } from 'fastify'
import type { Action } from '#domain/access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on routes of wire/: the right they need. */
    action?: Action | 'public'
    orAction?: Action | undefined
  }
}

export interface RegisteredRoute {
  method: string
  path: string
  /** null: a route that is not of wire/ (pages, the API reference, a protocol of devices). */
  action: Action | 'public' | null
  /** A second right that opens the door too. */
  orAction: Action | null
}

/** Every route that this server answers, kept as they are registered: what the access test walks. */
export function keepRoutes(http: FastifyInstance): readonly RegisteredRoute[] {
  const routes: RegisteredRoute[] = []
  http.addHook('onRoute', ({ method, url, config }) => {
    for (const each of [method].flat())
      routes.push({ method: each, path: url, action: config?.action ?? null, orAction: config?.orAction ?? null })
  })
  return routes
}

/** Methods under which a path is known, so that a wrong method can be told from a wrong address. */
export function methodsAt(routes: readonly RegisteredRoute[], path: string): string[] {
  const known = routes.filter((route) => !route.path.endsWith('*') && fits(route.path, path))
  return [...new Set(known.map(({ method }) => method))]
}

function fits(pattern: string, path: string): boolean {
  const [parts, given] = [pattern.split('/'), path.split('/')]
  return parts.length === given.length && parts.every((part, i) => part.startsWith(':') || part === given[i])
}
