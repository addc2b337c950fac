import gcoord from 'gcoord'
import type { LngLat } from '#domain/places.ts'
import type { TravelMode } from '#domain/units.ts'

/** Amap's words for how one travels. */
const AMAP_MODE: Record<TravelMode, string> = { foot: 'walk', ebike: 'ride', car: 'car' }

/** Six decimals are 0.1 m: more would only look exact. */
const degrees = (value: number) => value.toFixed(6)

/**
 * Amap draws and routes in GCJ-02, several hundred metres off WGS-84 in Shenyang: a raw fix would lead to another street.
 * Outside China gcoord leaves the point as it is, and Amap expects it so.
 */
export function amapLink(to: LngLat, name: string, mode: TravelMode): string {
  const [lng, lat] = gcoord.transform([to[0], to[1]], gcoord.WGS84, gcoord.GCJ02)
  const query = new URLSearchParams({
    to: `${degrees(lng)},${degrees(lat)},${name}`,
    mode: AMAP_MODE[mode],
    coordinate: 'gaode',
    callnative: '1',
    src: 'hongguan',
  })
  return `https://uri.amap.com/navigation?${query}`
}

/** RFC 5870: WGS-84 by definition; the phone's own choice of map opens. */
export function geoLink([lng, lat]: LngLat, name: string): string {
  const point = `${degrees(lat)},${degrees(lng)}`
  return `geo:${point}?q=${point}(${encodeURIComponent(name)})`
}

/** What a person can type into anything else: latitude first, as maps take it. */
export const plainPoint = ([lng, lat]: LngLat) => `${degrees(lat)}, ${degrees(lng)}`
