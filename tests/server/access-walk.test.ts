import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACTIONS, type Action, ROLES, type Role, scopeOf } from '#domain/access.ts'
import type { RegisteredRoute } from '#server/doors/http/registered.ts'
import { type Asker, CITY, OTHER_CITY, startTestApp, type TestApp } from '#tests/support/app.ts'

/** Routes of wire/ that need no account. A new one must be put here by hand: that is the point of this list. */
const PUBLIC = [
  'GET /api/clock',
  'GET /api/session/oidc',
  'GET /api/session/ways',
  'GET /api/auth/callback/:provider',
  'GET /api/tenants',
  'GET /health/live',
  'GET /health/ready',
  'POST /api/session',
  'POST /api/session/code',
  'DELETE /api/session',
]

/** Routes that are not of wire/: pages, the API reference, and doors whose callers are devices with secrets of their own. */
const NOT_WIRE = [
  'GET /*',
  'GET /api/docs',
  'GET /api/docs/',
  'GET /api/docs/js/scalar.js',
  'GET /api/docs/openapi.json',
  'GET /api/docs/openapi.yaml',
  'GET /metrics',
  'GET /devices',
  'GET /osmand',
  'POST /osmand',
  'POST /owntracks',
]

/** What a console may send over its socket, and the right it needs. */
const SOCKET_EVENTS: Record<string, Action> = { 'fleet:watch': 'fleet.watch' }

const GRANTED = ROLES.filter((role) => role !== 'resident')
const NO_SUCH = 'none-such'

let app: TestApp
const askers = new Map<Role, Asker>()
let routes: RegisteredRoute[]

beforeAll(async () => {
  app = await startTestApp()
  for (const role of GRANTED) askers.set(role, await app.withRole(role))
  // HEAD is answered by its GET, behind the same door.
  routes = app.app.routes.filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
})
afterAll(() => app.end())

const nameOf = ({ method, path }: RegisteredRoute) => `${method} ${path}`
const filled = (path: string) => path.replaceAll(/:\w+/g, NO_SUCH)
const codeOf = (answer: { statusCode: number; body: string }): string => {
  try {
    return JSON.parse(answer.body).error?.code ?? String(answer.statusCode)
  } catch {
    return String(answer.statusCode)
  }
}
const ask = (asker: Pick<Asker, 'ask'>, { method, path }: RegisteredRoute) =>
  asker.ask(method as 'GET', filled(path), method === 'GET' || method === 'DELETE' ? undefined : {})

describe('every route', () => {
  test('[AC1] is either public by this list, no route of wire/ by this list, or needs an action of the table', () => {
    expect(
      routes
        .filter(({ action }) => action === 'public')
        .map(nameOf)
        .sort(),
    ).toEqual(PUBLIC.toSorted())
    expect(
      routes
        .filter(({ action }) => action === null)
        .map(nameOf)
        .filter((name) => !NOT_WIRE.includes(name)),
    ).toEqual([])
    const actions = routes.map(({ action }) => action).filter((action) => action !== null && action !== 'public')
    expect(actions.filter((action) => !ACTIONS.includes(action))).toEqual([])
  })

  test('[AC2] answers each role as domain/access.ts says, and nobody at all', async () => {
    const guarded = routes.filter(({ action }) => action !== null && action !== 'public')
    expect(guarded.length).toBeGreaterThan(20)
    const wrong: string[] = []
    for (const route of guarded) {
      const nobody = codeOf(await ask(app, route))
      if (nobody !== 'notSignedIn') wrong.push(`nobody may ${nameOf(route)}: ${nobody}`)
      for (const [role, asker] of askers) {
        const may = [route.action, route.orAction].some(
          (action) => action !== null && scopeOf(role, action as Action) !== undefined,
        )
        const answer = await ask(asker, route)
        const isRefused = answer.statusCode === 403 && codeOf(answer) === 'notAllowed'
        if (isRefused === may || codeOf(answer) === 'notSignedIn' || answer.statusCode >= 500)
          wrong.push(`${role} ${nameOf(route)}: ${codeOf(answer)}, table says ${may}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)

  test('[AC2] refuses an account without grants, and one whose grants are in another tenant', async () => {
    const admin = await app.withRole('cityAdmin', OTHER_CITY)
    const wrong: string[] = []
    for (const route of routes.filter(({ action }) => action !== null && action !== 'public')) {
      const here = codeOf(
        await ask({ ask: (method, url, body) => admin.ask(method, url, body, { 'x-tenant': CITY }) }, route),
      )
      if (here !== 'notAllowed') wrong.push(`${nameOf(route)}: ${here}`)
    }
    expect(wrong).toEqual([])
  }, 60_000)
})
