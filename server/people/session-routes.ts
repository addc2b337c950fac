import type { FastifyReply, FastifyRequest } from 'fastify'
import { refused } from '#domain/refusal.ts'
import * as wire from '#wire/routes/people.ts'
import { demoAccountsOf } from './demo-accounts.ts'
import { identifyBy } from './identify.ts'
import * as sessions from './sessions.ts'
import type { PeopleShop } from './shop.ts'

export function sessionRoutes(shop: PeopleShop): void {
  const { auth, db, serve, serveRaw, oidcName, isDemo, rightsChanged } = shop
  const demoAccounts = demoAccountsOf(db)

  serveRaw(wire.signIn, async ({ body, address, now }, request, reply) =>
    finish(reply, await sessions.signIn(auth, db, body, request.headers, address, now)),
  )
  serveRaw(wire.signInCode, async ({ body, address }, request, reply) =>
    finish(reply, await sessions.signInCode(auth, body.code, request.headers, address)),
  )
  serveRaw(wire.signOut, async (_ask, request, reply) => {
    const before = await identifyBy(auth, db)(request.headers)
    setCookies(reply, await sessions.signOut(auth, request.headers))
    if (before) rightsChanged(before.userId)
    return { ok: true }
  })
  serve(wire.signInFace, async () => ({
    oidc: oidcName === null ? null : { name: oidcName },
    demoAccounts: isDemo ? await demoAccounts() : [],
  }))
  serveRaw(wire.signInOidc, async (_ask, _request, reply) => {
    const began = oidcName === null ? null : await sessions.beginOidc(auth)
    if (!began) return refused('unknown')
    return setCookies(reply, began.cookies).redirect(began.url, 302)
  })
  serveRaw(wire.oidcCallback, async (_ask, request, reply) => passOn(await auth.handler(webRequest(request)), reply))
  ownAccountRoutes(shop)
}

function ownAccountRoutes({ auth, serveRaw, rightsChanged }: PeopleShop): void {
  serveRaw(wire.changePassword, async ({ reader, body }, request, reply) => {
    const step = await sessions.changePassword(auth, body, request.headers)
    if ('answer' in step) rightsChanged(reader.userId)
    return finish(reply, step)
  })
  serveRaw(wire.startSecondFactor, async ({ body }, request, reply) =>
    finish(reply, await sessions.startSecondFactor(auth, body.password, request.headers)),
  )
  serveRaw(wire.confirmSecondFactor, async ({ body }, request, reply) =>
    finish(reply, await sessions.confirmSecondFactor(auth, body.code, request.headers)),
  )
  serveRaw(wire.dropSecondFactor, async ({ body }, request, reply) =>
    finish(reply, await sessions.dropSecondFactor(auth, body.password, request.headers)),
  )
}

function setCookies(reply: FastifyReply, cookies: readonly string[]): FastifyReply {
  for (const cookie of cookies) reply.header('set-cookie', cookie)
  return reply.header('cache-control', 'no-store')
}

function finish<A>(reply: FastifyReply, step: sessions.Step<A>) {
  if ('answer' in step) {
    setCookies(reply, step.cookies)
    return step.answer
  }
  if ('why' in step) return step
  reply.header('retry-after', Math.ceil(step.waitMs / 1_000))
  return refused('tooMany')
}

/** The way back from the provider is better-auth's whole: it reads address and cookies and answers with a redirect. */
function webRequest(request: FastifyRequest): Request {
  const headers = new Headers({ cookie: request.headers.cookie ?? '', 'x-forwarded-for': request.ip })
  return new Request(new URL(request.url, `${request.protocol}://${request.host}`), { method: request.method, headers })
}

function passOn(response: Response, reply: FastifyReply): FastifyReply {
  setCookies(reply, response.headers.getSetCookie())
  const location = response.headers.get('location')
  return location ? reply.redirect(location, 302) : reply.code(response.status).send('')
}
