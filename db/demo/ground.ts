import type { Outlines } from '#db/places/config.ts'
import { bboxContains, EARTH_RADIUS_M, haversineM, radians } from '#domain/geo.ts'
import type { Bbox, District, LngLat } from '#domain/places.ts'
import { bandedRings } from './bands.ts'

/** Metres east and north of the city's centre. A flat city is good enough for made-up places and quick to measure on. */
export type Spot = readonly [eastM: number, northM: number]

/** The land of one district: where its made-up places may stand. */
export interface Ground {
  code: string
  centre: Spot
  /** Box around it in spots: [west, south, east, north]. */
  box: Bbox
  holds: (spot: Spot) => boolean
}

export interface Plane {
  spotOf: (point: LngLat) => Spot
  pointOf: (spot: Spot) => LngLat
}

export function planeAround(origin: LngLat): Plane {
  const northM = radians(1) * EARTH_RADIUS_M
  const eastM = northM * Math.cos(radians(origin[1]))
  return {
    spotOf: ([lng, lat]) => [(lng - origin[0]) * eastM, (lat - origin[1]) * northM],
    // Six decimals are 0.1 m. Rounded here, so that what was found inside a district is still inside when it is stored.
    pointOf: ([east, north]) => [rounded(origin[0] + east / eastM), rounded(origin[1] + north / northM)],
  }
}

export const distanceM = (a: Spot, b: Spot): number => Math.hypot(a[0] - b[0], a[1] - b[1])

export const nearestM = (spot: Spot, others: readonly Spot[]): number =>
  others.reduce((nearest, other) => Math.min(nearest, distanceM(spot, other)), Number.POSITIVE_INFINITY)

/** The outline where there is one, else a disc around the district's centre that keeps clear of its neighbours. */
export function groundOf(
  district: District,
  outlines: Outlines | null,
  others: readonly District[],
  plane: Plane,
): Ground {
  const outline = outlines?.features.find(({ id }) => id === district.code)
  return outline ? outlined(district, outline.geometry.coordinates, plane) : disc(district, others, plane)
}

function outlined(district: District, polygons: readonly (readonly (readonly LngLat[])[])[], plane: Plane): Ground {
  const points = polygons.flat(2)
  const lngs = points.map(([lng]) => lng)
  const lats = points.map(([, lat]) => lat)
  const [west, south] = plane.spotOf([Math.min(...lngs), Math.min(...lats)])
  const [east, north] = plane.spotOf([Math.max(...lngs), Math.max(...lats)])
  const parts = polygons.map((rings) => ({ isInside: bandedRings(rings), box: boxOf(rings.flat()) }))
  return {
    code: district.code,
    centre: plane.spotOf(district.centre),
    box: [west, south, east, north],
    holds: (spot) => {
      const point = plane.pointOf(spot)
      return parts.some(({ isInside, box }) => bboxContains(box, point) && isInside(point))
    },
  }
}

const LARGEST_DISC_M = 1_500

function disc(district: District, others: readonly District[], plane: Plane): Ground {
  const distances = others
    .filter(({ code }) => code !== district.code)
    .map(({ centre }) => haversineM(centre, district.centre))
  const radiusM = Math.min(LARGEST_DISC_M, ...distances.map((distance) => distance / 2))
  const centre = plane.spotOf(district.centre)
  return {
    code: district.code,
    centre,
    box: [centre[0] - radiusM, centre[1] - radiusM, centre[0] + radiusM, centre[1] + radiusM],
    holds: (spot) => distanceM(spot, centre) <= radiusM,
  }
}

function boxOf(points: readonly LngLat[]): Bbox {
  const lngs = points.map(([lng]) => lng)
  const lats = points.map(([, lat]) => lat)
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)]
}

const rounded = (degrees: number) => Number(degrees.toFixed(6))
