import { and, asc, desc, eq } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { firms, tenants } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { ratings } from '#db/schema/ratings.ts'
import { calendarOf } from '#domain/calendar.ts'
import type { Instant } from '#domain/instant.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { monthDays, type Rating, type RatingRules, ratingRules } from '#domain/rating.ts'
import type { Firm } from '#domain/units.ts'
import { localToInstant } from '#domain/zone.ts'

export interface FirmInPool {
  firm: Firm
  entry: PoolEntry | null
}

/** Every firm with its entry in the pool, by name. */
export const firmsWithEntries = (db: DbOrTx, tenant: string): Promise<FirmInPool[]> =>
  db
    .select({ firm: firms, entry: poolEntries })
    .from(firms)
    .leftJoin(poolEntries, eq(poolEntries.firmId, firms.id))
    .where(eq(firms.tenant, tenant))
    .orderBy(asc(firms.name), asc(firms.id))

/** The newest of each firm about a month. */
export async function decidedIn(db: DbOrTx, tenant: string, period: string): Promise<Map<string, Rating>> {
  const rows = await db
    .select()
    .from(ratings)
    .where(and(eq(ratings.tenant, tenant), eq(ratings.period, period)))
    .orderBy(asc(ratings.decidedAt))
  return new Map(rows.map((row) => [row.firmId, row]))
}

export const ratingsOfFirm = (db: DbOrTx, tenant: string, firmId: string): Promise<Rating[]> =>
  db
    .select()
    .from(ratings)
    .where(and(eq(ratings.tenant, tenant), eq(ratings.firmId, firmId)))
    .orderBy(desc(ratings.decidedAt))

export const saveRating = async (tx: Tx, rating: Rating): Promise<void> => {
  await tx.insert(ratings).values(rating)
}

export interface Month {
  period: string
  from: Instant
  to: Instant
  rules: RatingRules
}

/** The month by the city's clock, and how the city rates. */
export async function monthOf(db: DbOrTx, tenant: string, period: string): Promise<Month | null> {
  const days = monthDays(period)
  const [city] = await db
    .select({ timeZone: tenants.timeZone, settings: tenants.settings })
    .from(tenants)
    .where(eq(tenants.code, tenant))
  if (!days || !city) return null
  const midnight = (day: string) =>
    calendarOf(city.timeZone).startOfDay(localToInstant(city.timeZone)(Date.parse(`${day}T12:00Z`)))
  return {
    period,
    from: midnight(days.first),
    to: midnight(days.next),
    rules: ratingRules(city.settings.rating),
  }
}
