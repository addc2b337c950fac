import type { Bbox, LngLat } from './places.ts'

/** Mean radius (IUGG). A sphere is off by 0.5 % at most, less than any phone's position over the distances of a city. */
export const EARTH_RADIUS_M = 6_371_008.8

export const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Great-circle distance in metres. */
export function haversineM([lng1, lat1]: LngLat, [lng2, lat2]: LngLat): number {
  const sinLat = Math.sin(radians(lat2 - lat1) / 2)
  const sinLng = Math.sin(radians(lng2 - lng1) / 2)
  const h = sinLat * sinLat + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * sinLng * sinLng
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** The point so many metres east and north, on the plane that touches the sphere there: for offsets of a few kilometres. */
export function offsetM([lng, lat]: LngLat, eastM: number, northM: number): LngLat {
  const degreesPerM = 180 / (Math.PI * EARTH_RADIUS_M)
  return [lng + (eastM * degreesPerM) / Math.cos(radians(lat)), lat + northM * degreesPerM]
}

/** Edges belong to the box. */
export const bboxContains = ([west, south, east, north]: Bbox, [lng, lat]: LngLat): boolean =>
  lng >= west && lng <= east && lat >= south && lat <= north

/** Even-odd rule over all rings (GeoJSON Polygon coordinates): a hole is a ring like any other. A point on the line may fall either way. */
export function pointInPolygon([lng, lat]: LngLat, rings: readonly (readonly LngLat[])[]): boolean {
  let inside = false
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [lngA, latA] = ring[i] as LngLat
      const [lngB, latB] = ring[j] as LngLat
      if (latA > lat !== latB > lat && lng < ((lngB - lngA) * (lat - latA)) / (latB - latA) + lngA) inside = !inside
    }
  }
  return inside
}

export const pointInMultiPolygon = (point: LngLat, polygons: readonly (readonly (readonly LngLat[])[])[]): boolean =>
  polygons.some((rings) => pointInPolygon(point, rings))

/** The compass direction at the first point of the great circle to the second: 0 is north, 90 east, below 360. */
export function bearingDeg([lng1, lat1]: LngLat, [lng2, lat2]: LngLat): number {
  const eastward = radians(lng2 - lng1)
  const y = Math.sin(eastward) * Math.cos(radians(lat2))
  const x =
    Math.cos(radians(lat1)) * Math.sin(radians(lat2)) -
    Math.sin(radians(lat1)) * Math.cos(radians(lat2)) * Math.cos(eastward)
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360
}
