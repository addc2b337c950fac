import { boolean, doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { DutyState, Skill, TravelMode, UnitKind } from '#domain/units.ts'
import { instant } from './columns.ts'
import { communities, firms, tenants } from './places.ts'

export const units = pgTable(
  'units',
  {
    id: text().primaryKey(),
    tenant: text()
      .notNull()
      .references(() => tenants.code),
    index: integer().notNull(),
    callsign: text().notNull(),
    kind: text().$type<UnitKind>().notNull(),
    skills: jsonb().$type<Skill[]>().notNull(),
    mode: text().$type<TravelMode>().notNull(),
    firmId: text().references(() => firms.id),
    homeCommunityId: text().references(() => communities.id),
    postLng: doublePrecision().notNull(),
    postLat: doublePrecision().notNull(),
    districtCode: text().notNull(),
    subdistrictCode: text().notNull(),
    duty: text().$type<DutyState>().notNull(),
    dutySince: instant().notNull(),
    /** Follows the newest row in `consents`; kept here because the fleet asks it with every fix. */
    tracked: boolean().notNull(),
    synthetic: boolean().notNull().default(false),
  },
  (t) => [uniqueIndex('units_index').on(t.tenant, t.index), uniqueIndex('units_callsign').on(t.tenant, t.callsign)],
)

export const devices = pgTable(
  'devices',
  {
    id: text().primaryKey(),
    tenant: text().notNull(),
    unitId: text()
      .notNull()
      .references(() => units.id),
    label: text().notNull(),
    /** SHA-256 of a 128-bit random secret: nothing to guess, so no slow hash is needed. */
    secretHash: text().notNull(),
    createdAt: instant().notNull(),
    revokedAt: instant(),
    lastSeenAt: instant(),
  },
  (t) => [uniqueIndex('devices_secret').on(t.secretHash), index('devices_unit').on(t.unitId)],
)

export const consents = pgTable(
  'consents',
  {
    id: text().primaryKey(),
    tenant: text().notNull(),
    unitId: text()
      .notNull()
      .references(() => units.id),
    textVersion: text().notNull(),
    givenAt: instant().notNull(),
    givenBy: text().notNull(),
    withdrawnAt: instant(),
  },
  (t) => [index('consents_unit').on(t.unitId)],
)

export const trailReadings = pgTable(
  'trail_readings',
  {
    id: text().primaryKey(),
    tenant: text().notNull(),
    at: instant().notNull(),
    readerId: text().notNull(),
    unitId: text().notNull(),
    from: instant().notNull(),
    to: instant().notNull(),
    ticketId: text(),
    reason: text().notNull(),
  },
  (t) => [index('trail_readings_unit').on(t.unitId, t.at)],
)

/** A ticket whose exact trail outlives the retention limit. */
export const trailHolds = pgTable('trail_holds', {
  ticketId: text().primaryKey(),
  tenant: text().notNull(),
  unitId: text().notNull(),
  from: instant().notNull(),
  to: instant().notNull(),
  reason: text().notNull(),
  heldBy: text().notNull(),
  heldAt: instant().notNull(),
})
