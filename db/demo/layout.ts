import type { Neighbourhood, Subdistrict } from '#domain/places.ts'
import { between, normal, type Random } from '#domain/random.ts'
import { distanceM, type Ground, nearestM, type Spot } from './ground.ts'

/**
 * Where made-up places stand. No public source has points or borders below the district, so the city is grown: streets'
 * offices spread over the built-up land, neighbourhoods around their own office, communities around their neighbourhood; each
 * nearer to its own centre than to another's, which makes compact areas without drawing a border.
 */
export interface Cluster {
  code: string
  centre: Spot
  /** How far its places usually stand from the centre. */
  spreadM: number
}

/** The built-up land thins out from the city's centre and from the district's own centre with these lengths. */
const CITY_FALL_M = 5_500
const DISTRICT_FALL_M = 2_300

const DRAWS = 24
const TRIES = 80

/** 0–1: how built-up the land is. */
export function builtUp(spot: Spot, ground: Ground): number {
  const city = Math.exp(-Math.hypot(...spot) / CITY_FALL_M)
  const district = 0.8 * Math.exp(-distanceM(spot, ground.centre) / DISTRICT_FALL_M)
  return Math.max(city, district)
}

/** Centres of one district's subdistricts: 街道 on built-up land, towns and the rest anywhere in the district. */
export function subdistrictClusters(ground: Ground, subdistricts: readonly Subdistrict[], random: Random): Cluster[] {
  const centres: Spot[] = []
  for (const { kind } of subdistricts) {
    const urban = kind === 'subdistrict'
    const density = (spot: Spot) => (urban ? builtUp(spot, ground) : 1)
    centres.push(farthestOf(DRAWS, () => anywhere(ground, density, random), centres, density))
  }
  return subdistricts.map(({ code, kind }, i) => {
    const centre = centres[i] as Spot
    const gapM = nearestM(centre, centres.toSpliced(i, 1))
    const spreadM = kind === 'subdistrict' ? clamp(gapM * 0.6, 450, 1_600) : clamp(gapM * 0.15, 350, 700)
    return { code, centre, spreadM }
  })
}

/** Centres of one subdistrict's neighbourhoods; `rivals` are the other subdistricts' centres. */
export function neighbourhoodClusters(
  ground: Ground,
  subdistrict: Cluster,
  neighbourhoods: readonly Neighbourhood[],
  rivals: readonly Spot[],
  random: Random,
): Cluster[] {
  const centres: Spot[] = []
  for (const _ of neighbourhoods) {
    centres.push(
      farthestOf(
        8,
        () => around(ground, subdistrict, rivals, random),
        centres,
        () => 1,
      ),
    )
  }
  return neighbourhoods.map(({ code }, i) => {
    const centre = centres[i] as Spot
    const gapM = nearestM(centre, centres.toSpliced(i, 1))
    return { code, centre, spreadM: clamp(gapM * 0.45, 110, 420) }
  })
}

/** Spots of one neighbourhood's communities; `rivals` are the other neighbourhoods' centres, `standing` the communities so far. */
export function communitySpots(
  ground: Ground,
  neighbourhood: Cluster,
  count: number,
  rivals: readonly Spot[],
  standing: readonly Spot[],
  random: Random,
): Spot[] {
  const spots: Spot[] = []
  const nearby = standing.filter((spot) => distanceM(spot, neighbourhood.centre) < 4 * neighbourhood.spreadM)
  for (let i = 0; i < count; i++) {
    spots.push(
      farthestOf(
        6,
        () => around(ground, neighbourhood, rivals, random),
        [...nearby, ...spots],
        () => 1,
      ),
    )
  }
  return spots
}

/** Of several drawn spots the one that stands freest (Mitchell 1991, best candidate), crowded land counting as roomier. */
function farthestOf(draws: number, draw: () => Spot, standing: readonly Spot[], density: (spot: Spot) => number): Spot {
  let best = draw()
  if (standing.length === 0) return best
  const room = (spot: Spot) => nearestM(spot, standing) * Math.sqrt(density(spot))
  let bestRoom = room(best)
  for (let i = 1; i < draws; i++) {
    const spot = draw()
    const roomThere = room(spot)
    if (roomThere > bestRoom) [best, bestRoom] = [spot, roomThere]
  }
  return best
}

/** Rejection sampling over the district's box. The density is asked first: it is the cheaper question. */
function anywhere(ground: Ground, density: (spot: Spot) => number, random: Random): Spot {
  const [west, south, east, north] = ground.box
  for (;;) {
    const spot: Spot = [between(random, west, east), between(random, south, north)]
    if (random() < density(spot) && ground.holds(spot)) return spot
  }
}

/** A spot around the cluster's centre, on the district's land and, where that can be had, nearer to this centre than to a rival's. */
function around(ground: Ground, { centre, spreadM }: Cluster, rivals: readonly Spot[], random: Random): Spot {
  let fallback = centre
  for (let i = 0; i < TRIES; i++) {
    const spot: Spot = [centre[0] + spreadM * normal(random), centre[1] + spreadM * normal(random)]
    if (!ground.holds(spot)) continue
    const own = distanceM(spot, centre)
    if (rivals.every((rival) => distanceM(spot, rival) >= own)) return spot
    fallback = spot
  }
  return fallback
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
