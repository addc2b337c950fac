import { DEMO_SEED, demoCity } from '#db/demo/city.ts'
import type { TenantConfig } from '#db/places/config.ts'
import { placesOf } from '#db/places/places-of.ts'
import { readTenantFile, SHENYANG_CONFIG } from '#db/places/read.ts'
import type { Instant } from '#domain/instant.ts'
import type { Bbox, LngLat } from '#domain/places.ts'
import { seededRandom, shuffled } from '#domain/random.ts'
import type { Unit } from '#domain/units.ts'
import { CELL_BITS, lngLatOf, worldX, worldY } from '#wire/fleet-cells.ts'
import type { CellWindow } from '#wire/sockets.ts'

export const TENANT = 'shenyang'
export const UNITS = 11_000
const CONSOLES = 20

/** Same seed, same city in every process. */
export interface World {
  bounds: Bbox
  units: Unit[]
  /** What each console sees: a third the city, a third a district, a third a street. */
  windows: CellWindow[]
}

/** Shenyang with 1,000 housekeepers and 10,000 volunteers at home in its 5,000 communities, all on duty. */
export async function makeWorld(now: Instant): Promise<World> {
  const read = await readTenantFile(SHENYANG_CONFIG)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const config = read.config as TenantConfig
  const placed = placesOf(config)
  if (!placed.ok) throw new Error(JSON.stringify(placed.problems))
  const size = { communities: 5_000, firms: 300, housekeepers: 1_000, volunteers: 10_000, crews: 0 }
  const city = demoCity(config, placed.places, DEMO_SEED, size, now)
  const units = city.units.map(
    (unit): Unit => ({ ...unit, tenant: TENANT, duty: 'onDuty', dutySince: 0, tracked: true }),
  )
  if (units.length !== UNITS) throw new Error(`${units.length} units`)
  const districts = placed.places.outlines?.features.map(({ geometry }) => geometry.coordinates.flat(2)) ?? []
  const streets = shuffled(seededRandom(DEMO_SEED, 'streets'), city.communities)
  const windows = Array.from({ length: CONSOLES }, (_, n): CellWindow => {
    if (n % 3 === 0) return windowOver(districts.flat())
    if (n % 3 === 1) return windowOver(districts[Math.floor(n / 3) % districts.length] ?? [])
    const { lng = 0, lat = 0 } = streets[n] ?? {}
    return around([lng, lat])
  })
  return { bounds: config.bbox as unknown as Bbox, units, windows }
}

function windowOver(points: readonly LngLat[]): CellWindow {
  const columns = points.map(([lng]) => worldX(lng) >> CELL_BITS)
  const rows = points.map(([, lat]) => worldY(lat) >> CELL_BITS)
  const [least, most] = [
    (all: number[]) => all.reduce((a, b) => Math.min(a, b)),
    (all: number[]) => all.reduce((a, b) => Math.max(a, b)),
  ]
  return { west: least(columns), east: most(columns), north: least(rows), south: most(rows) }
}

/** A street at the closest zoom: the cell it is in and those beside it. */
function around([lng, lat]: LngLat): CellWindow {
  const [x, y] = [worldX(lng) >> CELL_BITS, worldY(lat) >> CELL_BITS]
  return { west: x - 1, east: x + 1, north: y - 1, south: y + 1 }
}

/**
 * Where a unit is at its k-th fix: it walks line by line over a square of 16 × 16 steps (15 m) at its post, so that a place
 * tells which fix it is, and with it when it was sent.
 */
export const SLOTS = 256
export const slotOf = (k: number): number => k % SLOTS

export interface Posts {
  wx: Int32Array
  wy: Int32Array
}

export function postsOf(units: readonly Unit[]): Posts {
  return {
    wx: Int32Array.from(units, ({ postLng }) => worldX(postLng)),
    wy: Int32Array.from(units, ({ postLat }) => worldY(postLat)),
  }
}

export const placeAt = (posts: Posts, n: number, k: number): LngLat =>
  lngLatOf((posts.wx[n] ?? 0) + (slotOf(k) & 15), (posts.wy[n] ?? 0) + (slotOf(k) >> 4))

/** The slot that a place belongs to; −1 = not of this unit. */
export function slotAt(posts: Posts, n: number, wx: number, wy: number): number {
  const [dx, dy] = [wx - (posts.wx[n] ?? 0), wy - (posts.wy[n] ?? 0)]
  return dx >= 0 && dx < 16 && dy >= 0 && dy < 16 ? dy * 16 + dx : -1
}

/** Monotonic milliseconds that every process and thread of this machine shares. */
export const sharedNow = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000
