import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import type { Role } from '#domain/access.ts'
import { instant } from './columns.ts'
import { tenants } from './places.ts'

/** What an account may be, in which tenant. Users themselves are better-auth's (accounts.ts). */
export const grants = pgTable(
  'grants',
  {
    id: text().primaryKey(),
    userId: text().notNull(),
    tenant: text()
      .notNull()
      .references(() => tenants.code),
    role: text().$type<Role>().notNull(),
    districtCode: text(),
    subdistrictCode: text(),
    neighbourhoodCode: text(),
    firmId: text(),
    unitId: text(),
  },
  (t) => [index('grants_user').on(t.userId), index('grants_tenant').on(t.tenant)],
)

/** Failed sign-ins of one name (whether or not it exists) since its last good one: what the growing wait is reckoned from. */
export const loginFailures = pgTable('login_failures', {
  /** The name as typed, lower case; or the address behind it. */
  key: text().primaryKey(),
  count: integer().notNull(),
  lastAt: instant().notNull(),
  /** Until then the sign-in is refused unread. */
  waitUntil: instant().notNull(),
})
