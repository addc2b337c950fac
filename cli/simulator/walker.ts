import type { Fix } from '#domain/fix.ts'
import { haversineM } from '#domain/geo.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { LngLat } from '#domain/places.ts'
import { between, pick, type Random, seededRandom } from '#domain/random.ts'
import type { TravelMode, Unit } from '#domain/units.ts'
import { bearingDeg, scattered, streetWay, towards } from './streets.ts'

/** One unit on its legs: where it is, the way it has before it, and since when it stands still. */
export interface Walker {
  unitId: string
  mode: TravelMode
  post: LngLat
  at: LngLat
  /** Corners still before it; empty = it stands. */
  way: LngLat[]
  speedMps: number
  headingDeg: number | null
  /** Until then it stays where it is: seeing to a community, or working at a ticket. */
  restsUntil: Instant
  /** Site of its task; while it has one it goes nowhere else. */
  site: LngLat | null
  movedAt: Instant
  random: Random
}

/** Metres per second, on rounds and on the way to a ticket. Far below what the judge calls a jump. */
const SPEED_MPS: Readonly<Record<TravelMode, { rounds: [number, number]; task: [number, number] }>> = {
  foot: { rounds: [0.8, 1.3], task: [1.3, 1.8] },
  ebike: { rounds: [3, 4.8], task: [4.4, 6] },
  car: { rounds: [5, 8], task: [7, 10] },
}

/** How far from its post a unit looks after communities. */
export const ROUND_M: Readonly<Record<TravelMode, number>> = { foot: 900, ebike: 2_000, car: 4_500 }

const REST_MS: [number, number] = [MINUTE_MS, 7 * MINUTE_MS]
/** A receiver's scatter while moving; a unit that stands reports the same spot, as phones do. */
const SCATTER_M = 3
export const AT_SITE_M = 12

/** Begins somewhere in its round, not at its post: a city found in the middle of its day. */
export function walkerOf(unit: Unit, places: readonly LngLat[], seed: number, now: Instant): Walker {
  const random = seededRandom(seed, `walk of ${unit.id}`)
  const post: LngLat = [unit.postLng, unit.postLat]
  const walker: Walker = {
    unitId: unit.id,
    mode: unit.mode,
    post,
    at: post,
    way: [],
    speedMps: 0,
    headingDeg: null,
    restsUntil: now + Math.floor(between(random, 0, REST_MS[1])),
    site: null,
    movedAt: now,
    random,
  }
  // Six in ten are on their way when the curtain rises.
  if (places.length > 0 && random() < 0.6) {
    setOut(walker, pick(random, places), 'rounds', now)
    walk(walker, now, now + between(random, 0, 3 * MINUTE_MS))
    walker.movedAt = now
  }
  return walker
}

function setOut(walker: Walker, to: LngLat, pace: 'rounds' | 'task', now: Instant): void {
  const [low, high] = SPEED_MPS[walker.mode][pace]
  walker.speedMps = between(walker.random, low, high)
  walker.way = streetWay(walker.at, to, walker.random)
  walker.restsUntil = now
}

/** Sends a unit to a ticket's site; it stays there until released. */
export function sendTo(walker: Walker, site: LngLat, now: Instant): void {
  if (walker.site && haversineM(walker.site, site) < 1) return
  walker.site = site
  setOut(walker, site, 'task', now)
}

export function release(walker: Walker, now: Instant): void {
  if (!walker.site) return
  walker.site = null
  walker.way = []
  walker.restsUntil = now + Math.floor(between(walker.random, 5 * SECOND_MS, MINUTE_MS))
}

export const isAtSite = (walker: Walker, site: LngLat): boolean =>
  walker.way.length === 0 && haversineM(walker.at, site) <= AT_SITE_M

/** Moves a unit to `now` and, when its rest is over, on to the next of the places it looks after. */
export function advance(walker: Walker, places: readonly LngLat[], now: Instant): void {
  walk(walker, walker.movedAt, now)
  walker.movedAt = now
  if (walker.way.length > 0 || walker.site || now < walker.restsUntil || places.length === 0) return
  setOut(walker, pick(walker.random, places), 'rounds', now)
}

function walk(walker: Walker, from: Instant, to: Instant): void {
  let leftM = (walker.speedMps * (to - from)) / SECOND_MS
  while (walker.way.length > 0 && leftM > 0) {
    const corner = walker.way[0] as LngLat
    const legM = haversineM(walker.at, corner)
    if (legM > 1) walker.headingDeg = bearingDeg(walker.at, corner)
    walker.at = towards(walker.at, corner, leftM)
    leftM -= legM
    if (leftM >= 0) walker.way.shift()
  }
  if (walker.way.length > 0) return
  if (walker.speedMps > 0) walker.restsUntil = to + Math.floor(between(walker.random, ...REST_MS))
  walker.speedMps = 0
}

/** What the unit's device would say now. */
export function fixOf(walker: Walker, now: Instant): Fix {
  const moving = walker.speedMps > 0
  const [lng, lat] = moving ? scattered(walker.at, walker.random, SCATTER_M) : walker.at
  return {
    at: now,
    lng: Number(lng.toFixed(6)),
    lat: Number(lat.toFixed(6)),
    accuracyM: Math.round(between(walker.random, 4, 14)),
    speedMps: moving ? Number(walker.speedMps.toFixed(1)) : 0,
    headingDeg: moving && walker.headingDeg !== null ? Math.round(walker.headingDeg) % 360 : null,
    altitudeM: null,
    batteryPct: null,
    source: 'simulator',
  }
}
