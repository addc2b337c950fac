import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { apikey, session, user } from '#db/schema/accounts.ts'
import { grants } from '#db/schema/people.ts'
import type { Grant } from '#domain/access.ts'
import type { Account } from '#wire/routes/people.ts'

export type User = typeof user.$inferSelect

type GrantRow = typeof grants.$inferSelect

/** A grant to one ticket is never stored: it is a resident's link. */
const grantOf = ({
  tenant,
  role,
  districtCode,
  subdistrictCode,
  neighbourhoodCode,
  firmId,
  unitId,
}: GrantRow): Grant => ({
  tenant,
  role,
  districtCode,
  subdistrictCode,
  neighbourhoodCode,
  firmId,
  unitId,
  ticketId: null,
})

export async function userById(db: DbOrTx, id: string): Promise<User | null> {
  const [found] = await db.select().from(user).where(eq(user.id, id))
  return found ?? null
}

export async function userByName(db: DbOrTx, username: string): Promise<User | null> {
  const [found] = await db.select().from(user).where(eq(user.username, username.toLowerCase()))
  return found ?? null
}

/** All grants of an account; always in the same order, because the first one decides the tenant of a request that names none. */
export async function grantsOf(db: DbOrTx, userId: string): Promise<Grant[]> {
  const rows = await db
    .select()
    .from(grants)
    .where(eq(grants.userId, userId))
    .orderBy(asc(grants.tenant), asc(grants.role), asc(grants.id))
  return rows.map(grantOf)
}

/** Accounts with a grant in a tenant, with only the grants they have there. */
export async function accountsIn(db: DbOrTx, tenant: string): Promise<Account[]> {
  const rows = await db.select().from(grants).where(eq(grants.tenant, tenant)).orderBy(asc(grants.id))
  const byUser = Map.groupBy(rows, ({ userId }) => userId)
  if (byUser.size === 0) return []
  const users = await db
    .select()
    .from(user)
    .where(inArray(user.id, [...byUser.keys()]))
    .orderBy(asc(user.username))
  return users.map((each) => ({
    userId: each.id,
    username: each.username ?? '',
    displayName: each.name,
    grants: (byUser.get(each.id) ?? []).map(grantOf),
    disabled: each.disabled,
    secondFactor: each.twoFactorEnabled ?? false,
  }))
}

/** Locks the account against another change until commit. Null when it has no grant in the tenant: then it is none of the reader's business. */
export async function accountForUpdate(
  tx: Tx,
  tenant: string,
  userId: string,
): Promise<{ user: User; grants: Grant[] } | null> {
  const [found] = await tx.select().from(user).where(eq(user.id, userId)).for('update')
  if (!found) return null
  const all = await grantsOf(tx, userId)
  return all.some((grant) => grant.tenant === tenant) ? { user: found, grants: all } : null
}

/** How many accounts other than this one can manage the tenant. Locks them, so that two administrators cannot remove each other. */
export async function otherAdmins(tx: Tx, tenant: string, userId: string): Promise<number> {
  const rows = await tx
    .select({ userId: grants.userId })
    .from(grants)
    .innerJoin(user, eq(user.id, grants.userId))
    .where(
      and(eq(grants.tenant, tenant), eq(grants.role, 'cityAdmin'), ne(grants.userId, userId), eq(user.disabled, false)),
    )
    .orderBy(asc(user.id))
    .for('update')
  return new Set(rows.map((row) => row.userId)).size
}

export async function replaceGrants(tx: Tx, tenant: string, userId: string, next: readonly Grant[]): Promise<void> {
  await tx.delete(grants).where(and(eq(grants.tenant, tenant), eq(grants.userId, userId)))
  if (next.length > 0) await tx.insert(grants).values(next.map((grant) => rowOf(grant, userId)))
}

const rowOf = ({ ticketId: _, ...grant }: Grant, userId: string) => ({ ...grant, id: crypto.randomUUID(), userId })

export async function insertGrant(tx: Tx, grant: Grant, userId: string): Promise<void> {
  await tx.insert(grants).values(rowOf(grant, userId))
}

export async function endSessions(tx: DbOrTx, userId: string): Promise<void> {
  await tx.delete(session).where(eq(session.userId, userId))
}

export async function setDisabled(tx: Tx, userId: string, disabled: boolean, now: Date): Promise<void> {
  await tx.update(user).set({ disabled, updatedAt: now }).where(eq(user.id, userId))
  await tx.update(apikey).set({ enabled: !disabled, updatedAt: now }).where(eq(apikey.referenceId, userId))
}
