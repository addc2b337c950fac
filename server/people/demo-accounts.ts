import { verifyPassword } from 'better-auth/crypto'
import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { DEMO_PASSWORD, DEMO_USERNAMES } from '#db/demo/accounts.ts'
import { account, user } from '#db/schema/accounts.ts'
import { grants } from '#db/schema/people.ts'
import type { SignInFace } from '#wire/routes/people.ts'

/**
 * Accounts of the demo that still open with its printed password. The password itself is tried, so an account that only bears
 * such a name is never shown; what came of a hash is remembered, because trying takes a while.
 */
export function demoAccountsOf(db: Db): () => Promise<SignInFace['demoAccounts']> {
  const tried = new Map<string, Promise<boolean>>()
  const opens = (hash: string) => {
    const known = tried.get(hash) ?? verifyPassword({ hash, password: DEMO_PASSWORD })
    tried.set(hash, known)
    return known
  }
  return async () => {
    const rows = await db
      .select({ username: user.username, displayName: user.name, role: grants.role, hash: account.password })
      .from(user)
      .innerJoin(grants, eq(grants.userId, user.id))
      .innerJoin(account, and(eq(account.userId, user.id), eq(account.providerId, 'credential')))
      .where(and(inArray(user.username, [...DEMO_USERNAMES]), eq(user.disabled, false)))
    const shown = await Promise.all(
      rows.map(async ({ hash, username, ...row }) => {
        const isOpen = hash !== null && username !== null && (await opens(hash))
        return isOpen ? [{ ...row, username, password: DEMO_PASSWORD }] : []
      }),
    )
    return shown.flat().sort((a, b) => DEMO_USERNAMES.indexOf(a.username) - DEMO_USERNAMES.indexOf(b.username))
  }
}
