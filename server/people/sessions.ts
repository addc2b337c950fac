import type { IncomingHttpHeaders } from 'node:http'
import type { Db } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { SecondFactorStart } from '#wire/routes/people.ts'
import { type Auth, OIDC_ID } from './auth.ts'
import { beginAttempt, forgetAttempt } from './back-off.ts'
import { cookieHeaders } from './identify.ts'

/** What came of a step of signing in: an answer with its cookies, or a named refusal. */
export type Step<A> = { answer: A; cookies: string[] } | Refused<ErrorCode> | { waitMs: number }

/** better-auth's words for a no, in ours. */
const BY_AUTH_CODE: Record<string, ErrorCode> = {
  ACCOUNT_DISABLED: 'accountDisabled',
  INVALID_USERNAME_OR_PASSWORD: 'badCredentials',
  INVALID_PASSWORD: 'badCredentials',
  PASSWORD_TOO_LONG: 'badCredentials',
  INVALID_USERNAME: 'badCredentials',
  USERNAME_TOO_SHORT: 'badCredentials',
  USERNAME_TOO_LONG: 'badCredentials',
  INVALID_CODE: 'badCode',
  INVALID_BACKUP_CODE: 'badCode',
  INVALID_TWO_FACTOR_COOKIE: 'badCode',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'tooMany',
  ACCOUNT_TEMPORARILY_LOCKED: 'tooMany',
  TOTP_ALREADY_ENABLED: 'conflict',
  TOTP_NOT_ENABLED: 'conflict',
  TWO_FACTOR_NOT_ENABLED: 'conflict',
}
const BY_STATUS: Record<number, ErrorCode> = { 401: 'notSignedIn', 403: 'notAllowed', 429: 'tooMany' }

interface Said {
  ok: boolean
  body: Record<string, unknown>
  cookies: string[]
  refusal: Refused<ErrorCode>
}

async function read(response: Response): Promise<Said> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const code = BY_AUTH_CODE[String(body.code)] ?? BY_STATUS[response.status] ?? 'badRequest'
  return { ok: response.ok, body, cookies: response.headers.getSetCookie(), refusal: refused(code) }
}

/** AC4: the try is counted first and forgotten when it was right. */
export async function signIn(
  auth: Auth,
  db: Db,
  given: { username: string; password: string },
  headers: IncomingHttpHeaders,
  address: string,
  now: Instant,
): Promise<Step<{ secondFactor: boolean }>> {
  const attempt = { username: given.username, address }
  const waitMs = await beginAttempt(db, attempt, now)
  if (waitMs > 0) return { waitMs }
  const said = await read(
    await auth.api.signInUsername({ body: given, headers: cookieHeaders(headers, address), asResponse: true }),
  )
  if (!said.ok) return said.refusal
  await forgetAttempt(db, attempt, now)
  return { answer: { secondFactor: said.body.twoFactorRedirect === true }, cookies: said.cookies }
}

const TOTP = /^\d{6}$/

/** Six digits are the app's code, anything else one of the backup codes; better-auth counts the wrong ones and locks. */
export async function signInCode(
  auth: Auth,
  code: string,
  headers: IncomingHttpHeaders,
  address: string,
): Promise<Step<{ ok: true }>> {
  const ask = { body: { code }, headers: cookieHeaders(headers, address), asResponse: true as const }
  const said = await read(TOTP.test(code) ? await auth.api.verifyTOTP(ask) : await auth.api.verifyBackupCode(ask))
  if (said.ok) return { answer: { ok: true }, cookies: said.cookies }
  return said.refusal.why === 'notSignedIn' ? refused('badCode') : said.refusal
}

export async function signOut(auth: Auth, headers: IncomingHttpHeaders): Promise<string[]> {
  const response = await auth.api.signOut({ headers: cookieHeaders(headers), asResponse: true })
  return response.headers.getSetCookie()
}

export async function changePassword(
  auth: Auth,
  given: { current: string; next: string },
  headers: IncomingHttpHeaders,
): Promise<Step<{ ok: true }>> {
  const body = { currentPassword: given.current, newPassword: given.next, revokeOtherSessions: true }
  const said = await read(await auth.api.changePassword({ body, headers: cookieHeaders(headers), asResponse: true }))
  return said.ok ? { answer: { ok: true }, cookies: said.cookies } : said.refusal
}

export async function startSecondFactor(
  auth: Auth,
  password: string,
  headers: IncomingHttpHeaders,
): Promise<Step<SecondFactorStart>> {
  const said = await read(
    await auth.api.enableTwoFactor({
      body: { password, method: 'totp' },
      headers: cookieHeaders(headers),
      asResponse: true,
    }),
  )
  if (!said.ok) return said.refusal
  return {
    answer: { uri: String(said.body.totpURI), backupCodes: said.body.backupCodes as string[] },
    cookies: said.cookies,
  }
}

export async function confirmSecondFactor(
  auth: Auth,
  code: string,
  headers: IncomingHttpHeaders,
): Promise<Step<{ ok: true }>> {
  const said = await read(
    await auth.api.verifyTOTP({ body: { code }, headers: cookieHeaders(headers), asResponse: true }),
  )
  return said.ok ? { answer: { ok: true }, cookies: said.cookies } : said.refusal
}

export async function dropSecondFactor(
  auth: Auth,
  password: string,
  headers: IncomingHttpHeaders,
): Promise<Step<{ ok: true }>> {
  const said = await read(
    await auth.api.disableTwoFactor({ body: { password }, headers: cookieHeaders(headers), asResponse: true }),
  )
  return said.ok ? { answer: { ok: true }, cookies: said.cookies } : said.refusal
}

/** Where the browser must go to sign in with the provider, and the cookies that will know it again. */
export async function beginOidc(auth: Auth): Promise<{ url: string; cookies: string[] } | null> {
  const said = await read(
    await auth.api.signInSocial({
      body: { provider: OIDC_ID, callbackURL: '/', errorCallbackURL: '/login' },
      asResponse: true,
    }),
  )
  return said.ok && typeof said.body.url === 'string' ? { url: said.body.url, cookies: said.cookies } : null
}
