import type { IncomingHttpHeaders } from 'node:http'
import type { Db } from '#db/connect.ts'
import type { Identify, SignedIn } from '#server/serving.ts'
import type { Auth } from './auth.ts'
import { grantsOf, type User, userById } from './queries.ts'

const BEARER = /^Bearer (\S+)$/i

/** The only headers better-auth needs to see; a forwarded address of a client's own making is not among them. */
export function cookieHeaders(headers: IncomingHttpHeaders, address?: string): Headers {
  const passed = new Headers()
  if (headers.cookie) passed.set('cookie', headers.cookie)
  if (headers['user-agent']) passed.set('user-agent', headers['user-agent'])
  if (address) passed.set('x-forwarded-for', address)
  return passed
}

/** An API key goes before a cookie: a program that sends one means it. */
export function identifyBy(auth: Auth, db: Db): Identify {
  return async (headers) => {
    const key = BEARER.exec(headers.authorization ?? '')?.[1]
    if (headers.authorization !== undefined) return key ? byKey(auth, db, key) : null
    return headers.cookie ? bySession(auth, db, headers) : null
  }
}

async function byKey(auth: Auth, db: Db, key: string): Promise<SignedIn | null> {
  const { valid, key: found } = await auth.api.verifyApiKey({ body: { key } })
  const user = valid && found ? await userById(db, found.referenceId) : null
  return user ? signedIn(db, user, 'apiKey', []) : null
}

async function bySession(auth: Auth, db: Db, headers: IncomingHttpHeaders): Promise<SignedIn | null> {
  const { response, headers: answered } = await auth.api.getSession({
    headers: cookieHeaders(headers),
    returnHeaders: true,
  })
  const user = response ? await userById(db, response.user.id) : null
  return user ? signedIn(db, user, 'session', response ? answered.getSetCookie() : []) : null
}

/** AC5: a disabled account is nobody, even by a session or key that somehow outlived the disabling. */
async function signedIn(db: Db, user: User, by: SignedIn['by'], renewed: readonly string[]): Promise<SignedIn | null> {
  if (user.disabled) return null
  return {
    userId: user.id,
    username: user.username ?? '',
    displayName: user.name,
    grants: await grantsOf(db, user.id),
    by,
    renewed,
  }
}
