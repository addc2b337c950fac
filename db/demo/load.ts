import type { DbOrTx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import { consents, units } from '#db/schema/fleet.ts'
import { communities, firms } from '#db/schema/places.ts'
import type { Unit } from '#domain/units.ts'
import type { DemoCity } from './city.ts'

/** Named in each demo unit's consent, so that nobody takes it for a person's. */
export const DEMO_CONSENT = 'demo'

/**
 * Puts a made-up city into a tenant that exists: firms, communities, units, and the consent without which no position would be
 * taken. Accounts are made by whoever owns them.
 */
export async function loadDemoCity(tx: DbOrTx, city: Omit<DemoCity, 'accounts'>): Promise<void> {
  await insertRows(tx, firms, city.firms)
  await insertRows(tx, communities, city.communities)
  await insertRows(tx, units, city.units)
  await insertRows(tx, consents, city.units.filter(({ tracked }) => tracked).map(consentOf))
}

const consentOf = ({ id, tenant, dutySince }: Unit) => ({
  id: `${id}-consent`,
  tenant,
  unitId: id,
  textVersion: DEMO_CONSENT,
  givenAt: dutySince,
  givenBy: DEMO_CONSENT,
})
