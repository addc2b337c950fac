import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify'
import type { Route } from '#wire/route.ts'

/** Requests a minute from one address. A control room may sit behind one address, so those with an account get plenty. */
export interface Limits {
  signedIn: number
  publicReads: number
  publicWrites: number
  signIns: number
  /** Files of the console, and addresses that lead nowhere. */
  pages: number
  /** Milliseconds the loop may be late on average over a second; beyond that some are refused, before all are answered too late. 0 = never. */
  loopDelayMs: number
}

export const LIMITS: Limits = {
  signedIn: 12_000,
  publicReads: 600,
  publicWrites: 60,
  signIns: 60,
  pages: 3_000,
  loopDelayMs: 1_000,
}

const SIGN_IN_PATH = '/api/session'

export interface Limiters {
  of(route: Route): preHandlerAsyncHookHandler
  pages: preHandlerAsyncHookHandler
}

/** One counter for all routes of accounts and one for signing in; every public route counts on its own. */
export async function limitersOf(http: FastifyInstance, limits: Limits): Promise<Limiters> {
  await http.register(rateLimit, { global: false })
  const perMinute = (max: number) => http.rateLimit({ max, timeWindow: 60_000 })
  const account = perMinute(limits.signedIn)
  const signIn = perMinute(limits.signIns)
  const of = (route: Route) => {
    if (route.action !== 'public') return account
    if (route.method === 'GET') return perMinute(limits.publicReads)
    return route.path.startsWith(SIGN_IN_PATH) ? signIn : perMinute(limits.publicWrites)
  }
  return { of, pages: perMinute(limits.pages) }
}
