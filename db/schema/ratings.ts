import { boolean, doublePrecision, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { LightTrigger, RatingEvidence, RatingRules, RatingVerdict } from '#domain/rating.ts'
import type { RatingBand } from '#domain/services.ts'
import type { Actor } from '#domain/ticket.ts'
import { instant } from './columns.ts'
import { firms, tenants } from './places.ts'

/** What officers decided about firms' months; added to, never changed. */
export const ratings = pgTable(
  'ratings',
  {
    id: text().primaryKey(),
    tenant: text()
      .notNull()
      .references(() => tenants.code),
    firmId: text()
      .notNull()
      .references(() => firms.id),
    period: text().notNull(),
    rules: jsonb().$type<RatingRules>().notNull(),
    score: doublePrecision(),
    band: text().$type<RatingBand>(),
    triggers: jsonb().$type<LightTrigger[]>().notNull(),
    evidence: jsonb().$type<RatingEvidence>().notNull(),
    verdict: text().$type<RatingVerdict>().notNull(),
    lit: boolean().notNull(),
    reason: text(),
    decidedBy: jsonb().$type<Actor>().notNull(),
    decidedAt: instant().notNull(),
  },
  (t) => [index('ratings_firm').on(t.tenant, t.firmId, t.decidedAt), index('ratings_period').on(t.tenant, t.period)],
)
