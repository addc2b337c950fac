import type { TenantConfig } from '#db/places/config.ts'
import type { TenantPlaces } from '#db/places/places-of.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import type { Firm, Unit } from '#domain/units.ts'
import { type DemoAccount, demoAccounts } from './accounts.ts'
import { syntheticCommunities } from './communities.ts'
import { demoFirms, withFirms } from './firms.ts'
import { demoUnits } from './units.ts'

/** The promise's own digits; any other seed makes another city. */
export const DEMO_SEED = 5341

export interface DemoSize {
  communities: number
  firms: number
  housekeepers: number
  volunteers: number
  crews: number
}

/** Shenyang's scale (DOMAIN §3.3): 4.3 communities a 社区, 1,000 housekeepers, one volunteer on show of each of 1,000 teams. */
export const SHENYANG_SIZE: DemoSize = {
  communities: 5_000,
  firms: 320,
  housekeepers: 1_000,
  volunteers: 1_000,
  crews: 200,
}

/** Everything made up about a city, marked synthetic; the real part is its places. */
export interface DemoCity {
  firms: Firm[]
  communities: Community[]
  units: Unit[]
  accounts: DemoAccount[]
}

type City = Pick<TenantConfig, 'code' | 'locale' | 'centre'>

/** Pure: the same city, places, seed, size and moment give the same rows. */
export function demoCity(city: City, places: TenantPlaces, seed: number, size: DemoSize, now: Instant): DemoCity {
  const { code: tenant, locale } = city
  const firms = demoFirms(tenant, locale, size.firms)
  const placed = syntheticCommunities({ tenant, locale, centre: city.centre, places, seed, count: size.communities })
  const communities = withFirms(placed, firms, seed)
  const counts = { housekeeper: size.housekeepers, volunteer: size.volunteers, crew: size.crews }
  const units = demoUnits({ tenant, locale, seed, now, counts }, communities)
  return { firms, communities, units, accounts: demoAccounts(tenant, locale, communities, units) }
}

/** A city of any size in Shenyang's proportions: what a tenant configured with `synthetic: { count }` gets. */
export function sizeFor(communities: number): DemoSize {
  const share = communities / SHENYANG_SIZE.communities
  const scaled = (whole: number) => Math.max(1, Math.round(whole * share))
  return {
    communities,
    firms: scaled(SHENYANG_SIZE.firms),
    housekeepers: scaled(SHENYANG_SIZE.housekeepers),
    volunteers: scaled(SHENYANG_SIZE.volunteers),
    crews: scaled(SHENYANG_SIZE.crews),
  }
}
