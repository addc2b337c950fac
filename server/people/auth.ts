import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { APIError } from 'better-auth/api'
import { genericOAuth, twoFactor, username } from 'better-auth/plugins'
import { eq } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '#db/connect.ts'
import { account, apikey, session, twoFactor as twoFactorTable, user, verification } from '#db/schema/accounts.ts'

export interface OidcProvider {
  /** Where `/.well-known/openid-configuration` is found. */
  issuer: string
  clientId: string
  clientSecret: string
  /** What the sign-in page calls it. */
  name: string
  /** Claim that holds the account's name here. */
  usernameClaim: string
}

export interface AuthOptions {
  db: Db
  log: Logger
  secret: string
  /** How pages reach us, when it is known; the way back from an OIDC provider needs it. */
  origin: string | null
  isSecure: boolean
  sessionHours: number
  oidc: OidcProvider | null
}

export const OIDC_ID = 'oidc'
export const COOKIE_PREFIX = 'hongguan'
export const MIN_PASSWORD = 10
export const MAX_PASSWORD = 128
const HOUR_S = 3_600

/** better-auth wants an address; accounts here have none, so each gets one that can never receive anything (RFC 2606). */
export const emailOf = (name: string) => `${name.toLowerCase()}@accounts.invalid`

export type Auth = ReturnType<typeof makeAuth>

/**
 * The one place that knows better-auth. Nobody can sign up: accounts come from `addAccount` only, and a sign-in by OIDC is
 * linked to the account of the same name or refused.
 */
export function makeAuth({ db, log, secret, origin, isSecure, sessionHours, oidc }: AuthOptions) {
  return betterAuth({
    appName: 'Hongguan',
    baseURL: origin ?? 'http://localhost',
    basePath: '/api/auth',
    secret,
    trustedOrigins: origin ? [origin] : [],
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message, ...more) => log.error({ more }, message) },
    onAPIError: { errorURL: '/login' },
    database: drizzleAdapter(db, {
      provider: 'pg',
      schema: { user, session, account, verification, twoFactor: twoFactorTable, apikey },
      transaction: true,
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD,
      maxPasswordLength: MAX_PASSWORD,
    },
    user: { additionalFields: { disabled: { type: 'boolean', required: false, defaultValue: false, input: false } } },
    session: { expiresIn: sessionHours * HOUR_S, updateAge: HOUR_S },
    account: { accountLinking: { enabled: true, trustedProviders: [OIDC_ID] }, updateAccountOnSignIn: false },
    rateLimit: { enabled: false }, // the door counts by address, back-off.ts by name
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: isSecure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
    },
    databaseHooks: { session: { create: { before: (made) => refuseDisabled(db, made.userId) } } },
    plugins: [
      username({
        minUsernameLength: 3,
        maxUsernameLength: 40,
        usernameValidator: (name) => /^[a-zA-Z0-9_.-]+$/.test(name),
      }),
      twoFactor({ issuer: 'Hongguan' }),
      apiKey({ defaultPrefix: 'hg_', rateLimit: { enabled: false }, requireName: true, maximumNameLength: 60 }),
      genericOAuth({ config: oidc ? [providerOf(oidc)] : [] }),
    ],
  })
}

/** Whichever way somebody signs in, no session begins for a disabled account. */
async function refuseDisabled(db: Db, userId: string): Promise<void> {
  const [found] = await db.select({ disabled: user.disabled }).from(user).where(eq(user.id, userId))
  if (found?.disabled) throw new APIError('FORBIDDEN', { code: 'ACCOUNT_DISABLED', message: 'account disabled' })
}

function providerOf({ issuer, clientId, clientSecret, name, usernameClaim }: OidcProvider) {
  return {
    providerId: OIDC_ID,
    name,
    discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    requireIdTokenVerification: true,
    clientId,
    clientSecret,
    scopes: ['openid', 'profile', 'email'],
    disableSignUp: true,
    mapProfileToUser: (profile: Record<string, unknown>) => ({
      email: emailOf(String(profile[usernameClaim] ?? '')),
      emailVerified: true,
    }),
  }
}
