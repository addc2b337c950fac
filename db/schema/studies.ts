import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Study, StudyKind, StudyProgress, StudyStatus } from '#domain/study.ts'
import type { Actor } from '#domain/ticket.ts'
import { instant } from './columns.ts'
import { tenants } from './places.ts'

export const studies = pgTable(
  'studies',
  {
    id: text().primaryKey(),
    tenant: text()
      .notNull()
      .references(() => tenants.code),
    kind: text().$type<StudyKind>().notNull(),
    name: text(),
    status: text().$type<StudyStatus>().notNull(),
    asked: jsonb().$type<Study['asked']>().notNull(),
    seed: integer().notNull(),
    seconds: integer().notNull(),
    progress: jsonb().$type<StudyProgress>().notNull(),
    answer: jsonb().$type<Study['answer']>(),
    askedAt: instant().notNull(),
    askedBy: jsonb().$type<Actor>().notNull(),
    endedAt: instant(),
    beatAt: instant().notNull(),
    stopAskedAt: instant(),
  },
  (t) => [
    index('studies_tenant').on(t.tenant, t.askedAt),
    index('studies_live').on(t.beatAt).where(sql`status in ('queued', 'running')`),
  ],
)
