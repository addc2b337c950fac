import { generateId } from 'better-auth'
import { hashPassword } from 'better-auth/crypto'
import { and, eq } from 'drizzle-orm'
import type { Db, DbOrTx, Tx } from '#db/connect.ts'
import { account, twoFactor, user } from '#db/schema/accounts.ts'
import { units } from '#db/schema/fleet.ts'
import { districts, firms, neighbourhoods, subdistricts } from '#db/schema/places.ts'
import { type Grant, isComplete } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import type { Command } from '#server/serving.ts'
import { emailOf } from './auth.ts'
import {
  accountForUpdate,
  endSessions,
  insertGrant,
  otherAdmins,
  replaceGrants,
  setDisabled,
  userByName,
} from './queries.ts'

export interface NewAccount {
  username: string
  /** Role and number. */
  displayName: string
  /** null: the account signs in by an API key or by OIDC only. */
  password: string | null
  grant: Grant
}

type Ok = { ok: true }
const OK: Ok = { ok: true }

/** Hashing a password is made to be slow: done before the transaction, not in it. */
const hashed = (password: string | null) => (password === null ? null : hashPassword(password))

export async function addAccount(db: Db, command: Command, wanted: NewAccount, now: Instant) {
  const hash = await hashed(wanted.password)
  return carryOut(db, command, now, (tx) => insertAccount(tx, wanted, hash, now))
}

/** The same without a command: what an operator types, and what the demo is made of. */
export async function addUser(db: Db, wanted: NewAccount, now: Instant) {
  const hash = await hashed(wanted.password)
  return db.transaction((tx) => insertAccount(tx, wanted, hash, now))
}

/** Accounts that share one password from the beginning, as a demo's do: hashed once, because each hash takes a tenth of a second. */
export async function addAlike(
  db: Db,
  accounts: readonly Omit<NewAccount, 'password'>[],
  password: string,
  now: Instant,
): Promise<{ ok: true } | Refused<'usernameTaken' | 'grantIncomplete' | 'unknown'>> {
  const hash = await hashPassword(password)
  return db.transaction(async (tx) => {
    for (const wanted of accounts) {
      const made = await insertAccount(tx, { ...wanted, password: null }, hash, now)
      if ('why' in made) return made
    }
    return OK
  })
}

async function insertAccount(tx: Tx, { username, displayName, grant }: NewAccount, hash: string | null, now: Instant) {
  if (await userByName(tx, username)) return refused('usernameTaken')
  const wrong = await grantProblem(tx, grant)
  if (wrong) return wrong
  const at = new Date(now)
  const userId = generateId()
  const made = await tx
    .insert(user)
    .values({
      id: userId,
      name: displayName,
      username: username.toLowerCase(),
      displayUsername: username,
      email: emailOf(username),
      emailVerified: true,
      createdAt: at,
      updatedAt: at,
    })
    .onConflictDoNothing()
    .returning({ id: user.id })
  if (made.length === 0) return refused('usernameTaken') // somebody was faster
  if (hash !== null)
    await tx.insert(account).values({
      id: generateId(),
      accountId: userId,
      providerId: 'credential',
      userId,
      password: hash,
      createdAt: at,
      updatedAt: at,
    })
  await insertGrant(tx, grant, userId)
  return { userId }
}

/** AC3. */
async function grantProblem(db: DbOrTx, grant: Grant): Promise<Refused<'grantIncomplete' | 'unknown'> | null> {
  if (!isComplete(grant)) return refused('grantIncomplete')
  const { tenant, districtCode, subdistrictCode, neighbourhoodCode, firmId, unitId } = grant
  const named = [
    districtCode && db.$count(districts, and(eq(districts.tenant, tenant), eq(districts.code, districtCode))),
    subdistrictCode &&
      db.$count(subdistricts, and(eq(subdistricts.tenant, tenant), eq(subdistricts.code, subdistrictCode))),
    neighbourhoodCode &&
      db.$count(neighbourhoods, and(eq(neighbourhoods.tenant, tenant), eq(neighbourhoods.code, neighbourhoodCode))),
    firmId && db.$count(firms, and(eq(firms.tenant, tenant), eq(firms.id, firmId))),
    unitId && db.$count(units, and(eq(units.tenant, tenant), eq(units.id, unitId))),
  ]
  for (const found of named) if (found && (await found) === 0) return refused('unknown')
  return null
}

export function setGrants(db: Db, command: Command, userId: string, next: readonly Grant[], now: Instant) {
  return carryOut(db, command, now, async (tx) => {
    const { tenant } = command
    const found = await accountForUpdate(tx, tenant, userId)
    if (!found) return refused('unknown')
    for (const grant of next) {
      const wrong = await grantProblem(tx, grant)
      if (wrong) return wrong
    }
    const staysAdmin = next.some(({ role }) => role === 'cityAdmin')
    if (!staysAdmin && (await otherAdmins(tx, tenant, userId)) === 0) return refused('lastAdmin')
    await replaceGrants(tx, tenant, userId, next)
    return OK
  })
}

export function disableAccount(db: Db, command: Command, userId: string, now: Instant) {
  return carryOut(db, command, now, async (tx) => {
    const found = await ownAccount(tx, command.tenant, userId)
    if ('why' in found) return found
    if ((await otherAdmins(tx, command.tenant, userId)) === 0) return refused('lastAdmin')
    await setDisabled(tx, userId, true, new Date(now))
    await endSessions(tx, userId)
    return OK
  })
}

export function enableAccount(db: Db, command: Command, userId: string, now: Instant) {
  return carryOut(db, command, now, async (tx) => {
    const found = await ownAccount(tx, command.tenant, userId)
    if ('why' in found) return found
    await setDisabled(tx, userId, false, new Date(now))
    return OK
  })
}

/** For somebody who has lost password or phone: a new password, no second factor, no open session. */
export async function resetPassword(db: Db, command: Command, userId: string, password: string, now: Instant) {
  const hash = await hashPassword(password)
  return carryOut(db, command, now, async (tx) => {
    const found = await ownAccount(tx, command.tenant, userId)
    if ('why' in found) return found
    const at = new Date(now)
    const mine = and(eq(account.userId, userId), eq(account.providerId, 'credential'))
    const changed = await tx
      .update(account)
      .set({ password: hash, updatedAt: at })
      .where(mine)
      .returning({ id: account.id })
    if (changed.length === 0)
      await tx.insert(account).values({
        id: generateId(),
        accountId: userId,
        providerId: 'credential',
        userId,
        password: hash,
        createdAt: at,
        updatedAt: at,
      })
    await tx.delete(twoFactor).where(eq(twoFactor.userId, userId))
    await tx.update(user).set({ twoFactorEnabled: false, updatedAt: at }).where(eq(user.id, userId))
    await endSessions(tx, userId)
    return OK
  })
}

/** AC7. */
async function ownAccount(tx: Tx, tenant: string, userId: string) {
  const found = await accountForUpdate(tx, tenant, userId)
  if (!found) return refused('unknown')
  return found.grants.some((grant) => grant.tenant !== tenant) ? refused('notAllowed') : found
}
