import { randomBytes } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { pino } from 'pino'
import type { Db } from '#db/connect.ts'
import { apikey } from '#db/schema/accounts.ts'
import type { Role } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import { addUser } from '#server/people/accounts.ts'
import { issueApiKey } from '#server/people/api-keys.ts'
import { makeAuth } from '#server/people/auth.ts'
import { userByName } from '#server/people/queries.ts'

/** A new API key of an account. Keys are kept as hashes, so whatever secret signs sessions has no part in it. */
export async function newApiKey(db: Db, userId: string, name: string): Promise<string> {
  const log = pino({ level: 'silent' })
  const secret = randomBytes(32).toString('base64url')
  const auth = makeAuth({ db, log, secret, origin: null, isSecure: false, sessionHours: 1, oidc: null })
  return issueApiKey(auth, userId, name)
}

export interface ProgramAccount {
  username: string
  displayName: string
  role: Role
  tenant: string
}

const NOWHERE = {
  districtCode: null,
  subdistrictCode: null,
  neighbourhoodCode: null,
  firmId: null,
  unitId: null,
  ticketId: null,
}

/** The account a program of ours works as, made on its first run. Answers its id. */
export async function programAccount(db: Db, wanted: ProgramAccount, now: Instant): Promise<string> {
  const { username, displayName, role, tenant } = wanted
  const found = await userByName(db, username)
  if (found) return found.id
  const made = await addUser(db, { username, displayName, password: null, grant: { tenant, role, ...NOWHERE } }, now)
  if ('userId' in made) return made.userId
  throw new Error(`the account ${username} cannot be made: ${made.why}`)
}

/** A key of that account, in place of the key of the run before. */
export async function programKey(db: Db, wanted: ProgramAccount, now: Instant): Promise<string> {
  const userId = await programAccount(db, wanted, now)
  await db.delete(apikey).where(and(eq(apikey.referenceId, userId), eq(apikey.name, wanted.username)))
  return newApiKey(db, userId, wanted.username)
}
