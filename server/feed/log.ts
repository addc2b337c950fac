import { randomUUID } from 'node:crypto'
import { and, asc, eq, gt } from 'drizzle-orm'
import type { Db, DbOrTx } from '#db/connect.ts'
import { events, feedHeads } from '#db/schema/feed.ts'
import type { Instant } from '#domain/instant.ts'
import type { KeptEvent } from './entitled.ts'

export interface FeedHead {
  tenant: string
  epoch: string
  seq: number
  /** The first sequence number still kept. */
  oldest: number
  lastAt: Instant | null
}

const HEAD = {
  tenant: feedHeads.tenant,
  epoch: feedHeads.epoch,
  seq: feedHeads.seq,
  oldest: feedHeads.oldest,
  lastAt: feedHeads.lastAt,
}

export const allHeads = (db: DbOrTx): Promise<FeedHead[]> => db.select(HEAD).from(feedHeads)

export async function headOf(db: DbOrTx, tenant: string): Promise<FeedHead | null> {
  const [head] = await db.select(HEAD).from(feedHeads).where(eq(feedHeads.tenant, tenant))
  return head ?? null
}

export const eventsAfter = (db: DbOrTx, tenant: string, since: number, limit: number): Promise<KeptEvent[]> =>
  db
    .select({
      seq: events.seq,
      kind: events.kind,
      at: events.at,
      actor: events.actor,
      state: events.state,
      audience: events.audience,
    })
    .from(events)
    .where(and(eq(events.tenant, tenant), gt(events.seq, since)))
    .orderBy(asc(events.seq))
    .limit(limit)

/** A new tenant's log begins. Does nothing when it has one. */
export const openFeed = (db: DbOrTx, tenant: string) =>
  db.insert(feedHeads).values({ tenant, epoch: randomUUID(), seq: 0, oldest: 1 }).onConflictDoNothing()

/** FD6: history was lost or put back (a restore): every console starts again from a snapshot. */
export async function newEpoch(db: Db, tenant: string): Promise<void> {
  await db.update(feedHeads).set({ epoch: randomUUID() }).where(eq(feedHeads.tenant, tenant))
}
