import { customType } from 'drizzle-orm/pg-core'
import type { Instant } from '#domain/instant.ts'

/** timestamptz in the database, epoch milliseconds everywhere else (docs/decisions/0003). */
export const instant = customType<{ data: Instant; driverData: string | Date }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (value) => new Date(value).toISOString(),
  fromDriver: (value) => new Date(value).getTime(),
})

export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })
