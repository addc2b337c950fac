import { Type } from 'typebox'
import { type Grant, ROLES, type Role } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import { route } from '#wire/route.ts'
import { Code, Done, Id, IdParams, shape, shapes, word } from '#wire/shapes.ts'

export interface Me {
  userId: string
  username: string
  /** Role and number, never a person's name. */
  displayName: string
  grants: Grant[]
  tenant: string
  /** Whether the account signs in with a second factor. */
  secondFactor: boolean
  /** Version of the running server; a console built from another one offers a reload. */
  version: string
  now: Instant
}

export interface Account {
  userId: string
  username: string
  displayName: string
  grants: Grant[]
  disabled: boolean
  secondFactor: boolean
}

/** What the sign-in page may know before anybody has signed in. */
export interface SignInFace {
  /** Set when the operator has configured single sign-on. */
  oidc: { name: string } | null
  /** Accounts anybody may try: filled on a demo only, and only those whose password is still the printed one. */
  demoAccounts: { username: string; password: string; displayName: string; role: Role }[]
}

export const GrantInput = Type.Object(
  {
    role: word(ROLES),
    districtCode: Type.Optional(Code),
    subdistrictCode: Type.Optional(Code),
    neighbourhoodCode: Type.Optional(Code),
    firmId: Type.Optional(Id),
    unitId: Type.Optional(Id),
  },
  { additionalProperties: false },
)

export const signInFace = route({
  method: 'GET',
  path: '/api/sign-in',
  action: 'public',
  summary: 'Ways to sign in to this server',
  answer: shape<SignInFace>('SignInFace'),
})

/**
 * The session is a cookie that scripts cannot read. A wrong name and a wrong password are one refusal (`badCredentials`); each
 * failure makes the next try wait longer (`tooMany` with `Retry-After`). `secondFactor: true` means: send the code next.
 */
export const signIn = route({
  method: 'POST',
  path: '/api/session',
  action: 'public',
  summary: 'Sign in with name and password',
  body: Type.Object(
    { username: Type.String({ minLength: 1, maxLength: 60 }), password: Type.String({ minLength: 1, maxLength: 128 }) },
    { additionalProperties: false },
  ),
  answer: Type.Object({ secondFactor: Type.Boolean() }),
})

export const signInCode = route({
  method: 'POST',
  path: '/api/session/code',
  action: 'public',
  summary: 'Second step of signing in: the code of the authenticator app, or one of the backup codes',
  body: Type.Object({ code: Type.String({ minLength: 6, maxLength: 20 }) }, { additionalProperties: false }),
  answer: Done,
})

export const signOut = route({
  method: 'DELETE',
  path: '/api/session',
  action: 'public',
  summary: 'Sign out; needs no live session',
  answer: Done,
})

/** A link to follow, not to fetch: it leads to the provider and comes back to `/` signed in, or to `/login?error=CODE`. */
export const signInOidc = route({
  method: 'GET',
  path: '/api/session/oidc',
  action: 'public',
  summary: 'Sign in with the OpenID Connect provider',
  answer: Type.Unknown(),
})

/** Where the provider sends the browser back to: register ORIGIN/api/auth/callback/oidc with it. */
export const oidcCallback = route({
  method: 'GET',
  path: '/api/auth/callback/:provider',
  action: 'public',
  summary: 'The way back from the provider',
  params: Type.Object({ provider: Code }),
  answer: Type.Unknown(),
})

export const changePassword = route({
  method: 'POST',
  path: '/api/session/password',
  action: 'session.read',
  summary: 'Change the own password; every other session of the account ends',
  body: Type.Object(
    { current: Type.String({ minLength: 1, maxLength: 128 }), next: Type.String({ minLength: 10, maxLength: 128 }) },
    { additionalProperties: false },
  ),
  answer: Done,
})

export interface SecondFactorStart {
  /** otpauth:// address for the app's QR code. */
  uri: string
  /** Shown this once. */
  backupCodes: string[]
}

export const startSecondFactor = route({
  method: 'POST',
  path: '/api/session/second-factor',
  action: 'session.read',
  summary: 'Begin to use an authenticator app; takes effect with the first right code',
  body: Type.Object({ password: Type.String({ minLength: 1, maxLength: 128 }) }, { additionalProperties: false }),
  answer: shape<SecondFactorStart>('SecondFactorStart'),
})

export const confirmSecondFactor = route({
  method: 'POST',
  path: '/api/session/second-factor/confirm',
  action: 'session.read',
  summary: 'The first code of the authenticator app',
  body: Type.Object({ code: Type.String({ minLength: 6, maxLength: 10 }) }, { additionalProperties: false }),
  answer: Done,
})

export const dropSecondFactor = route({
  method: 'POST',
  path: '/api/session/second-factor/drop',
  action: 'session.read',
  summary: 'Stop using the authenticator app',
  body: Type.Object({ password: Type.String({ minLength: 1, maxLength: 128 }) }, { additionalProperties: false }),
  answer: Done,
})

export const me = route({
  method: 'GET',
  path: '/api/me',
  action: 'session.read',
  summary: 'Who is signed in, with which rights',
  answer: shape<Me>('Me'),
})

export const accounts = route({
  method: 'GET',
  path: '/api/accounts',
  action: 'user.read',
  summary: 'Accounts with a grant in this tenant',
  answer: shapes<Account>('Account'),
})

export const addAccount = route({
  method: 'POST',
  path: '/api/accounts',
  action: 'user.manage',
  summary: 'Add an account with its first grant',
  command: true,
  body: Type.Object(
    {
      username: Type.String({ minLength: 3, maxLength: 40, pattern: '^[a-zA-Z0-9_.-]+$' }),
      displayName: Type.String({ minLength: 1, maxLength: 60 }),
      password: Type.String({ minLength: 10, maxLength: 128 }),
      grant: GrantInput,
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({ userId: Id }),
})

export const setGrants = route({
  method: 'POST',
  path: '/api/accounts/:id/grants',
  action: 'user.manage',
  summary: 'Replace the grants of an account in this tenant; open sockets follow at once',
  command: true,
  params: IdParams,
  body: Type.Object({ grants: Type.Array(GrantInput, { maxItems: 20 }) }, { additionalProperties: false }),
  answer: Done,
})

export const enableAccount = route({
  method: 'POST',
  path: '/api/accounts/:id/enable',
  action: 'user.manage',
  summary: 'Let a disabled account sign in again',
  command: true,
  params: IdParams,
  answer: Done,
})

export const resetPassword = route({
  method: 'POST',
  path: '/api/accounts/:id/password',
  action: 'user.manage',
  summary: 'Give an account a new password; its sessions end and its second factor is dropped',
  command: true,
  params: IdParams,
  body: Type.Object({ password: Type.String({ minLength: 10, maxLength: 128 }) }, { additionalProperties: false }),
  answer: Done,
})

export const disableAccount = route({
  method: 'POST',
  path: '/api/accounts/:id/disable',
  action: 'user.manage',
  summary: 'End all sessions and refuse new ones',
  command: true,
  params: IdParams,
  answer: Done,
})
