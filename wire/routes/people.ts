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
}

/** What the sign-in page may know before anybody has signed in. */
export interface SignInFace {
  /** Set when the operator has configured single sign-on. */
  oidc: { providerId: string; name: string } | null
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

export const disableAccount = route({
  method: 'POST',
  path: '/api/accounts/:id/disable',
  action: 'user.manage',
  summary: 'End all sessions and refuse new ones',
  command: true,
  params: IdParams,
  answer: Done,
})
