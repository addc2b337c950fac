import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Named } from '#domain/places.ts'
import { tenants } from './places.ts'
import { tickets } from './tickets.ts'

/** Areas of the tenant's own (a fire battalion, a precinct): no jurisdiction, only a way to add up. */
export const areas = pgTable(
  'areas',
  {
    tenant: text()
      .notNull()
      .references(() => tenants.code),
    code: text().notNull(),
    name: jsonb().$type<Named>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code] })],
)

/** The own area that a ticket's source names; kept also when the tenant does not list it. */
export const ticketAreas = pgTable(
  'ticket_areas',
  {
    ticketId: text()
      .primaryKey()
      .references(() => tickets.id),
    tenant: text().notNull(),
    areaCode: text().notNull(),
  },
  (t) => [index('ticket_areas_area').on(t.tenant, t.areaCode)],
)
