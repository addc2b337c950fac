import type { LngLat } from '#domain/places.ts'

/**
 * The map is cut into Web Mercator tiles of this zoom: 3.65 km wide in Shenyang. A place within one takes 12 bits each way,
 * which is 0.9 m there and 1.2 m on the equator: never off by more than 1 m.
 */
export const FLEET_CELL_ZOOM = 13
export const CELLS_ACROSS = 2 ** FLEET_CELL_ZOOM

/** Steps within a cell, each way. */
export const CELL_STEPS = 4_096
export const CELL_BITS = 12
const WORLD_STEPS = CELLS_ACROSS * CELL_STEPS

/** Web Mercator ends here. */
const MAX_LAT = 85.05112878

const toStep = (share: number) => Math.min(WORLD_STEPS - 1, Math.max(0, Math.floor(share * WORLD_STEPS)))

/** Steps from 180° west. `>> CELL_BITS` is the cell's column, the low bits the place in it. */
export const worldX = (lng: number): number => toStep(lng / 360 + 0.5)

/** Steps from the north end of Web Mercator; its cell is a row counted from the north. */
export function worldY(lat: number): number {
  const sin = Math.sin((Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180)
  return toStep(0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI))
}

/** The middle of a step. */
export function lngLatOf(wx: number, wy: number): LngLat {
  const northing = Math.PI * (1 - (2 * (wy + 0.5)) / WORLD_STEPS)
  return [((wx + 0.5) / WORLD_STEPS) * 360 - 180, (Math.atan(Math.sinh(northing)) * 180) / Math.PI]
}

/** One number for a cell: what maps and sets are keyed by. */
export const cellKey = (x: number, y: number): number => x * CELLS_ACROSS + y
export const cellX = (key: number): number => Math.floor(key / CELLS_ACROSS)
export const cellY = (key: number): number => key % CELLS_ACROSS
