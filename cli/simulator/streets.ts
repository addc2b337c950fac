import { haversineM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import { between, chance, type Random } from '#domain/random.ts'

/** The city's blocks lie a little off the compass, as old Shenyang's do. */
const GRID_BEARING_RAD = 0.2
const DEG_M = 111_195

const cosAt = ([, lat]: LngLat) => Math.cos((lat * Math.PI) / 180)

/** Metres east and north of `from`. */
const metres = (from: LngLat, to: LngLat): [number, number] => [
  (to[0] - from[0]) * DEG_M * cosAt(from),
  (to[1] - from[1]) * DEG_M,
]

const offset = (from: LngLat, east: number, north: number): LngLat => [
  from[0] + east / (DEG_M * cosAt(from)),
  from[1] + north / DEG_M,
]

const turned = ([x, y]: [number, number], by: number): [number, number] => [
  x * Math.cos(by) - y * Math.sin(by),
  x * Math.sin(by) + y * Math.cos(by),
]

/**
 * A way from one point to another along streets that nobody has drawn: right-angled legs on a turned grid, one corner or two.
 * On average 1.27 × the straight line, which is what the ranking's detour says. Ends exactly at `to`.
 */
export function streetWay(from: LngLat, to: LngLat, random: Random): LngLat[] {
  const [along, across] = turned(metres(from, to), -GRID_BEARING_RAD)
  const legs: [number, number][] = chance(random, 0.5) ? [[along, 0]] : zigzag(along, across, between(random, 0.2, 0.8))
  const corners = legs.map((leg) => offset(from, ...turned(leg, GRID_BEARING_RAD)))
  return [...corners, to]
}

const zigzag = (along: number, across: number, share: number): [number, number][] => [
  [along * share, 0],
  [along * share, across],
]

/** Compass degrees from one point towards another. */
export function bearingDeg(from: LngLat, to: LngLat): number {
  const [east, north] = metres(from, to)
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360
}

/** The point so many metres along the straight line to `to`. */
export function towards(from: LngLat, to: LngLat, wayM: number): LngLat {
  const whole = haversineM(from, to)
  if (whole <= wayM) return to
  const share = wayM / whole
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
}

/** The point with the scatter of a phone's receiver: it must stay well inside what the judge allows. */
export const scattered = (point: LngLat, random: Random, radiusM: number): LngLat =>
  offset(point, between(random, -radiusM, radiusM), between(random, -radiusM, radiusM))
