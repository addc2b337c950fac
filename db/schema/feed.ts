import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { AlarmKind } from '#domain/alarm.ts'
import type { FeedAudience, FeedKind, FeedState } from '#domain/feed.ts'
import type { Actor } from '#domain/ticket.ts'
import { instant } from './columns.ts'
import { tenants } from './places.ts'

/** One row a tenant. Locked by whoever appends, until commit: so sequence order is commit order (docs/decisions/0005). */
export const feedHeads = pgTable('feed_heads', {
  tenant: text()
    .primaryKey()
    .references(() => tenants.code),
  epoch: text().notNull(),
  seq: bigint({ mode: 'number' }).notNull(),
  /** Oldest sequence still kept; a reader behind it takes a snapshot. */
  oldest: bigint({ mode: 'number' }).notNull(),
  lastAt: instant(),
  /** Highest ticket number given out. */
  ticketNumber: integer().notNull().default(0),
})

export const events = pgTable(
  'events',
  {
    tenant: text().notNull(),
    seq: bigint({ mode: 'number' }).notNull(),
    kind: text().$type<FeedKind>().notNull(),
    at: instant().notNull(),
    actor: jsonb().$type<Actor>().notNull(),
    audience: jsonb().$type<FeedAudience>().notNull(),
    state: jsonb().$type<FeedState>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.seq] })],
)

/** Commands already carried out: a replay is answered from here and does nothing. */
export const commands = pgTable(
  'commands',
  {
    tenant: text().notNull(),
    actor: text().notNull(),
    key: text().notNull(),
    /** SHA-256 of route and body: the same key with another body is refused. */
    fingerprint: text().notNull(),
    answer: jsonb().$type<unknown>(),
    at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.actor, t.key] }), index('commands_at').on(t.at)],
)

export const alarms = pgTable(
  'alarms',
  {
    id: text().primaryKey(),
    tenant: text().notNull(),
    kind: text().$type<AlarmKind>().notNull(),
    ticketId: text(),
    unitId: text(),
    communityId: text(),
    shiftId: text(),
    raisedAt: instant().notNull(),
    late: boolean().notNull().default(false),
    acknowledgedAt: instant(),
    acknowledgedBy: text(),
  },
  (t) => [index('alarms_open').on(t.tenant, t.acknowledgedAt)],
)
