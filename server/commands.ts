import { and, eq } from 'drizzle-orm'
import type { Db, Tx } from '#db/connect.ts'
import { commands } from '#db/schema/feed.ts'
import type { Instant } from '#domain/instant.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import type { Command } from './serving.ts'

/** Thrown inside the transaction to undo everything a refused command has touched; never leaves this file. */
class Undo extends Error {
  readonly refusal: Refused<string>
  constructor(refusal: Refused<string>) {
    super(refusal.why)
    this.refusal = refusal
  }
}

/**
 * CM1: carries a command out once. The key's row is written first and in the same transaction, so a second delivery waits
 * for the first and is answered with its answer; a refusal leaves nothing behind, not even the key.
 */
export async function carryOut<A, Why extends string>(
  db: Db,
  command: Command,
  now: Instant,
  decide: (tx: Tx) => Promise<A | Refused<Why>>,
): Promise<A | Refused<Why | 'keyReused'>> {
  try {
    return await db.transaction(async (tx) => {
      const { tenant, actorKey: actor, key, fingerprint } = command
      const fresh = await tx
        .insert(commands)
        .values({ tenant, actor, key, fingerprint, at: now })
        .onConflictDoNothing()
        .returning({ key: commands.key })
      const mine = and(eq(commands.tenant, tenant), eq(commands.actor, actor), eq(commands.key, key))
      if (fresh.length === 0) {
        const [before] = await tx.select().from(commands).where(mine)
        return before?.fingerprint === fingerprint ? (before.answer as A) : refused('keyReused')
      }
      const answer = await decide(tx)
      if (isRefused(answer)) throw new Undo(answer)
      await tx.update(commands).set({ answer }).where(mine)
      return answer
    })
  } catch (error) {
    if (error instanceof Undo) return error.refusal as Refused<Why>
    throw error
  }
}
