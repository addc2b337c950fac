import { and, eq, lt, sql } from 'drizzle-orm'
import { commands, events, feedHeads } from '#db/schema/feed.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import type { Duty } from './duty.ts'

/** A console away for longer takes a snapshot; the tickets' own logs are kept for ever. */
export const KEEP_EVENTS_MS = 7 * DAY_MS
/** A phone that comes out of its tunnel later than this sends its command as a new one. */
export const KEEP_COMMANDS_MS = 3 * DAY_MS
/** Rows removed in one transaction. */
const BATCH = 5_000

/** EN4: whatever falls out of the feed moves `oldest` in the same transaction, so no reader mistakes a gap for silence. */
export const dropOldEvents: Duty = {
  name: 'dropOldEvents',
  everyMs: HOUR_MS,
  run: async (db, now) => {
    const heads = await db.select({ tenant: feedHeads.tenant }).from(feedHeads)
    let dropped = 0
    for (const { tenant } of heads) {
      dropped += await db.transaction(async (tx) => {
        const old = tx
          .select({ seq: events.seq })
          .from(events)
          .where(and(eq(events.tenant, tenant), lt(events.at, now - KEEP_EVENTS_MS)))
          .orderBy(events.seq)
          .limit(BATCH)
        const [newest] = await tx.select({ seq: sql<string | null>`max(seq)` }).from(old.as('old'))
        if (!newest?.seq) return 0
        const through = Number(newest.seq)
        await tx
          .update(feedHeads)
          .set({ oldest: through + 1 })
          .where(and(eq(feedHeads.tenant, tenant), lt(feedHeads.oldest, through + 1)))
        const gone = await tx
          .delete(events)
          .where(and(eq(events.tenant, tenant), sql`${events.seq} <= ${through}`))
          .returning({ seq: events.seq })
        return gone.length
      })
    }
    return dropped
  },
}

export const dropOldCommands: Duty = {
  name: 'dropOldCommands',
  everyMs: HOUR_MS,
  run: async (db, now) => {
    const gone = await db
      .delete(commands)
      .where(lt(commands.at, now - KEEP_COMMANDS_MS))
      .returning({ key: commands.key })
    return gone.length
  },
}
