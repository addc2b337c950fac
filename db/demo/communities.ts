import type { TenantPlaces } from '#db/places/places-of.ts'
import type { Community, District, LngLat, Neighbourhood } from '#domain/places.ts'
import { normal, type Random, seededRandom } from '#domain/random.ts'
import { type Ground, groundOf, type Plane, planeAround, type Spot } from './ground.ts'
import { type Cluster, communitySpots, neighbourhoodClusters, subdistrictClusters } from './layout.ts'

export interface CommunityOrder {
  tenant: string
  locale: 'zh-CN' | 'en'
  /** The city's centre, which the built-up land thins out from. */
  centre: LngLat
  places: TenantPlaces
  seed: number
  count: number
}

/**
 * Made-up communities, marked synthetic, in real neighbourhoods: every 社区 gets some (villages have none), each inside its
 * district's outline. Same order, same communities; `firmId` is left open.
 */
export function syntheticCommunities(order: CommunityOrder): Community[] {
  const { places, seed } = order
  const plane = planeAround(order.centre)
  const homes = places.neighbourhoods.filter(({ kind }) => kind === 'neighbourhood')
  const shares = sharesOf(order.count, homes.length, seededRandom(seed, 'communities per neighbourhood'))
  const countOf = new Map(homes.map(({ code }, i) => [code, shares[i] as number]))
  return places.districts.flatMap((district) => {
    const ground = groundOf(district, places.outlines, places.districts, plane)
    return districtCommunities(order, district, ground, countOf, plane)
  })
}

function districtCommunities(
  order: CommunityOrder,
  district: District,
  ground: Ground,
  countOf: ReadonlyMap<string, number>,
  plane: Plane,
): Community[] {
  const random = seededRandom(order.seed, `communities of ${district.code}`)
  const clusters = districtClusters(order.places, district, ground, random)
  const standing: Spot[] = []
  return clusters.flatMap(({ cluster, neighbourhood }) => {
    const rivals = clusters.filter((other) => other.cluster !== cluster).map((other) => other.cluster.centre)
    const count = countOf.get(neighbourhood.code) ?? 0
    return communitySpots(ground, cluster, count, rivals, standing, random).map((spot) => {
      standing.push(spot)
      return community(order, district, neighbourhood, plane.pointOf(spot), standing.length, random)
    })
  })
}

interface Home {
  neighbourhood: Neighbourhood
  cluster: Cluster
}

/** All neighbourhoods of a district that get communities, with their made-up centres. */
function districtClusters(places: TenantPlaces, district: District, ground: Ground, random: Random): Home[] {
  const subdistricts = places.subdistricts.filter(({ districtCode }) => districtCode === district.code)
  const offices = subdistrictClusters(ground, subdistricts, random)
  return offices.flatMap((office) => {
    const own = places.neighbourhoods.filter(
      ({ subdistrictCode, kind }) => subdistrictCode === office.code && kind === 'neighbourhood',
    )
    const rivals = offices.filter((other) => other !== office).map((other) => other.centre)
    const clusters = neighbourhoodClusters(ground, office, own, rivals, random)
    return own.map((neighbourhood, i) => ({ neighbourhood, cluster: clusters[i] as Cluster }))
  })
}

function community(
  { tenant, locale }: CommunityOrder,
  district: District,
  neighbourhood: Neighbourhood,
  [lng, lat]: LngLat,
  number: number,
  random: Random,
): Community {
  const key = `${district.code}-${String(number).padStart(4, '0')}`
  return {
    id: `${tenant}-${key}`,
    tenant,
    slug: `${tenant}-${key}`,
    name: locale === 'en' ? `Demo community ${key}` : `示范小区 ${key}`,
    districtCode: district.code,
    subdistrictCode: neighbourhood.subdistrictCode,
    neighbourhoodCode: neighbourhood.code,
    lng,
    lat,
    households: households(random),
    firmId: null,
    synthetic: true,
  }
}

/** Log-normal around 480: five thousand of them hold the city's three million households (DOMAIN §3.3). */
const households = (random: Random) => Math.round(Math.min(3_000, Math.max(200, 480 * Math.exp(0.6 * normal(random)))))

/** `count` things over `places` places, unevenly; none goes without while there are enough. Always exactly `count` in all. */
function sharesOf(count: number, places: number, random: Random): number[] {
  if (places === 0) return []
  const least = count >= places ? 1 : 0
  const weights = Array.from({ length: places }, () => Math.exp(0.45 * normal(random)))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const wanted = weights.map((weight) => (weight / whole) * (count - least * places))
  const shares = wanted.map((share) => least + Math.floor(share))
  const missing = count - shares.reduce((sum, share) => sum + share, 0)
  const byRemainder = wanted.map((share, i) => ({ i, rest: share % 1 })).sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (const { i } of byRemainder.slice(0, missing)) shares[i] = (shares[i] as number) + 1
  return shares
}
