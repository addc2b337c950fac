import { haversineM } from '#domain/geo.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import type { Community, District } from '#domain/places.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { between, chance, pick, type Random, wholeBetween } from '#domain/random.ts'
import { RATING_BANDS, SERVICE_TIERS, SERVICES } from '#domain/services.ts'
import type { Firm, Unit } from '#domain/units.ts'
import { MADE_UP } from './facts.ts'

export interface PoolOrder {
  firms: readonly Firm[]
  communities: readonly Community[]
  units: readonly Unit[]
  districts: readonly District[]
  /** Is in the pool whatever else is: the firm of the demo's provider account. */
  surely: string | null
  count: number
  now: Instant
}

/** Firms that have crews, most crews first: whoever stands by for a whole community has people to send. */
export function demoPool(order: PoolOrder, random: Random): PoolEntry[] {
  const crews = Map.groupBy(
    order.units.filter(({ kind }) => kind === 'crew'),
    ({ firmId }) => firmId,
  )
  const size = ({ id }: Firm) => crews.get(id)?.length ?? 0
  const chosen = order.firms
    .filter((firm) => firm.id === order.surely || size(firm) > 0)
    .sort(
      (a, b) =>
        Number(b.id === order.surely) - Number(a.id === order.surely) || size(b) - size(a) || (a.id < b.id ? -1 : 1),
    )
    .slice(0, order.count)
  return chosen.map((firm, n) => demoEntry(order, firm, n, random))
}

/** The first stand in the pool as they should; of the others one in eight is something else, so that every state can be seen. */
function demoEntry(order: PoolOrder, firm: Firm, n: number, random: Random): PoolEntry {
  const office = order.communities.find(({ firmId }) => firmId === firm.id) ?? pick(random, order.communities)
  const appliedAt = order.now - wholeBetween(random, 60, 700) * DAY_MS
  const status = n % 8 === 7 ? pick(random, ['applied', 'suspended', 'removed', 'applied'] as const) : 'in_pool'
  const isScored = status !== 'applied'
  const isPoor = n % 10 === 5
  return {
    id: `${firm.id}-pool`,
    tenant: firm.tenant,
    firmId: firm.id,
    districtCode: office.districtCode,
    subdistrictCode: office.subdistrictCode,
    lng: office.lng,
    lat: office.lat,
    status,
    services: chance(random, 0.8) || n === 0 ? [...SERVICES] : SERVICES.slice(0, 2),
    tier: pick(random, SERVICE_TIERS),
    capacity: {
      cleaners: wholeBetween(random, 12, 40),
      guards: wholeBetween(random, 10, 36),
      liftOperators: wholeBetween(random, 2, 8),
      moneyAtRisk: wholeBetween(random, 10, 40) * 10_000,
    },
    districtCodes: districtsFor(office, order.districts, wholeBetween(random, 3, 6)),
    price: Math.round(between(random, 0.8, 2) * 20) / 20,
    openingCost: wholeBetween(random, 0, 12) * 1_000,
    partyBuilding: isScored ? wholeBetween(random, 62, 97) : null,
    quality: isScored ? wholeBetween(random, isPoor ? 45 : 62, isPoor ? 58 : 97) : null,
    ratingBand: isScored ? (isPoor ? 'fail' : pick(random, RATING_BANDS.slice(0, 3))) : null,
    ...(isPoor && isScored ? failed(order.now - wholeBetween(random, 3, 60) * DAY_MS) : NEVER_LIT),
    ...(isScored && !isPoor && { ratedAt: appliedAt + 14 * DAY_MS }),
    banUntil: n === 13 ? order.now + 90 * DAY_MS : null,
    banReason: n === 13 ? 'failedRating' : null,
    reason: null,
    reviewedBy: isScored ? MADE_UP : null,
    appliedAt,
    statusSince: appliedAt + 14 * DAY_MS,
    version: 1,
    synthetic: true,
    updatedAt: appliedAt + 14 * DAY_MS,
  }
}

const NEVER_LIT = { ratedAt: null, yellowSince: null, yellowReason: null, yellowBy: null }
/** Lit by the rating that failed. */
const failed = (at: Instant) => ({ ratedAt: at, yellowSince: at, yellowReason: 'failedRating', yellowBy: MADE_UP })

/** Its own district and those whose centres are nearest. */
const districtsFor = (
  { districtCode, lng, lat }: Community,
  districts: readonly District[],
  count: number,
): string[] => {
  const near = [...districts].sort((a, b) => haversineM(a.centre, [lng, lat]) - haversineM(b.centre, [lng, lat]))
  return [...new Set([districtCode, ...near.map(({ code }) => code)])].slice(0, count)
}
