import { eq, inArray, lt } from 'drizzle-orm'
import type { Db, Tx } from '#db/connect.ts'
import { loginFailures } from '#db/schema/people.ts'
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'

interface Rule {
  /** Failures that cost nothing: people mistype. */
  free: number
  longestMs: number
}

/** One name from one address guesses slowly; one address against many names, and many addresses against one name, too. */
const BY_NAME_AND_ADDRESS: Rule = { free: 3, longestMs: 15 * MINUTE_MS }
const BY_ADDRESS: Rule = { free: 30, longestMs: 5 * MINUTE_MS }
/** Kept short: whoever fails on purpose under another's name must not lock that person out. */
const BY_NAME: Rule = { free: 20, longestMs: 20 * SECOND_MS }

const FORGOTTEN_AFTER_MS = HOUR_MS

/** AC4: each failure beyond the free ones doubles the wait, from one second up to the longest. */
export const waitAfter = (failures: number, { free, longestMs }: Rule): number =>
  failures <= free ? 0 : Math.min(longestMs, SECOND_MS * 2 ** Math.min(30, failures - free - 1))

export interface Attempt {
  username: string
  address: string
}

const rulesOf = ({ username, address }: Attempt): [key: string, rule: Rule][] => {
  const name = username.toLowerCase().slice(0, 60)
  return [
    [`name ${name}`, BY_NAME],
    [`address ${address}`, BY_ADDRESS],
    [`both ${name} ${address}`, BY_NAME_AND_ADDRESS],
  ]
}

/**
 * Counts a try before it is looked at, so that a hundred at once count as a hundred, and answers how long it would have to
 * wait: 0 = go on. A try that must wait is not counted.
 */
export function beginAttempt(db: Db, attempt: Attempt, now: Instant): Promise<number> {
  return db.transaction(async (tx) => {
    const rules = rulesOf(attempt)
    const rows = await rowsForUpdate(
      tx,
      rules.map(([key]) => key),
      now,
    )
    const waitMs = Math.max(0, ...rows.map(({ waitUntil }) => waitUntil - now))
    if (waitMs > 0) return waitMs
    for (const [key, rule] of rules) {
      const count = (rows.find((row) => row.key === key)?.count ?? 0) + 1
      await tx
        .update(loginFailures)
        .set({ count, lastAt: now, waitUntil: now + waitAfter(count, rule) })
        .where(eq(loginFailures.key, key))
    }
    return 0
  })
}

/** Takes back what `beginAttempt` counted; the address keeps its other failures, or one good account would hide a thousand guesses. */
export async function forgetAttempt(db: Db, attempt: Attempt, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    const rules = rulesOf(attempt)
    const rows = await rowsForUpdate(
      tx,
      rules.map(([key]) => key),
      now,
    )
    for (const [key, rule] of rules) {
      const before = rows.find((row) => row.key === key)?.count ?? 0
      const count = rule === BY_ADDRESS ? Math.max(0, before - 1) : 0
      await tx
        .update(loginFailures)
        .set({ count, waitUntil: now + waitAfter(count, rule) })
        .where(eq(loginFailures.key, key))
    }
  })
  await dropOld(db, now)
}

/** Locked in the order of their keys, so that two attempts never wait for each other in a ring. An old row counts as none. */
async function rowsForUpdate(tx: Tx, keys: string[], now: Instant) {
  const sorted = keys.toSorted()
  await tx
    .insert(loginFailures)
    .values(sorted.map((key) => ({ key, count: 0, lastAt: now, waitUntil: now })))
    .onConflictDoNothing()
  const rows = await tx
    .select()
    .from(loginFailures)
    .where(inArray(loginFailures.key, sorted))
    .orderBy(loginFailures.key)
    .for('update')
  return rows.filter(({ lastAt }) => now - lastAt < FORGOTTEN_AFTER_MS)
}

/** Somebody else's attempt in progress is left to the next time. */
async function dropOld(db: Db, now: Instant): Promise<void> {
  const old = db
    .select({ key: loginFailures.key })
    .from(loginFailures)
    .where(lt(loginFailures.lastAt, now - FORGOTTEN_AFTER_MS))
    .limit(200)
    .for('update', { skipLocked: true })
  await db.delete(loginFailures).where(inArray(loginFailures.key, old))
}
