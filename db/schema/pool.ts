import { boolean, doublePrecision, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { PoolStatus } from '#domain/pool.ts'
import type { Amounts, RatingBand, Service, ServiceTier } from '#domain/services.ts'
import type { Actor } from '#domain/ticket.ts'
import { instant } from './columns.ts'
import { firms, tenants } from './places.ts'

const actor = () => jsonb().$type<Actor>()

export const poolEntries = pgTable(
  'pool_entries',
  {
    id: text().primaryKey(),
    tenant: text()
      .notNull()
      .references(() => tenants.code),
    firmId: text()
      .notNull()
      .references(() => firms.id),
    districtCode: text().notNull(),
    subdistrictCode: text().notNull(),
    lng: doublePrecision().notNull(),
    lat: doublePrecision().notNull(),
    status: text().$type<PoolStatus>().notNull(),
    services: jsonb().$type<Service[]>().notNull(),
    tier: text().$type<ServiceTier>().notNull(),
    capacity: jsonb().$type<Amounts>().notNull(),
    districtCodes: jsonb().$type<string[]>().notNull(),
    price: doublePrecision().notNull(),
    openingCost: integer().notNull(),
    partyBuilding: integer(),
    quality: integer(),
    ratingBand: text().$type<RatingBand>(),
    ratedAt: instant(),
    yellowSince: instant(),
    yellowReason: text(),
    yellowBy: actor(),
    banUntil: instant(),
    banReason: text(),
    reason: text(),
    reviewedBy: actor(),
    appliedAt: instant().notNull(),
    statusSince: instant().notNull(),
    version: integer().notNull(),
    synthetic: boolean().notNull().default(false),
    updatedAt: instant().notNull(),
  },
  (t) => [uniqueIndex('pool_entries_firm').on(t.tenant, t.firmId)],
)
