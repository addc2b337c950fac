import type { InferInsertModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { DbOrTx } from '#db/connect.ts'
import { consents, units } from '#db/schema/fleet.ts'
import { communities, firms } from '#db/schema/places.ts'
import type { Unit } from '#domain/units.ts'
import type { DemoCity } from './city.ts'

/** Named in each demo unit's consent, so that nobody takes it for a person's. */
export const DEMO_CONSENT = 'demo'

/** PostgreSQL takes at most 65,535 values in one statement. */
const ROWS_AT_ONCE = 2_000

/**
 * Puts a made-up city into a tenant that exists: firms, communities, units, and the consent without which no position would be
 * taken. Accounts are made by whoever owns them.
 */
export async function loadDemoCity(tx: DbOrTx, city: Omit<DemoCity, 'accounts'>): Promise<void> {
  await insertAll(tx, firms, city.firms)
  await insertAll(tx, communities, city.communities)
  await insertAll(tx, units, city.units)
  await insertAll(tx, consents, city.units.filter(({ tracked }) => tracked).map(consentOf))
}

const consentOf = ({ id, tenant, dutySince }: Unit) => ({
  id: `${id}-consent`,
  tenant,
  unitId: id,
  textVersion: DEMO_CONSENT,
  givenAt: dutySince,
  givenBy: DEMO_CONSENT,
})

async function insertAll<T extends PgTable>(tx: DbOrTx, table: T, rows: readonly InferInsertModel<T>[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await tx.insert(table).values(rows.slice(from, from + ROWS_AT_ONCE) as never)
}
