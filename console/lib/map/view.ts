import type { LngLat } from '#domain/places.ts'
import { CELL_STEPS, CELLS_ACROSS, lngLatOf } from '#wire/fleet-cells.ts'

/** Steps around the world: the whole-number coordinates in which positions arrive (wire/fleet-cells.ts). */
export const WORLD_STEPS = CELLS_ACROSS * CELL_STEPS
const TILE_PX = 256

/** How the map stands: canvas pixel = world step × scale − origin. Web Mercator is linear in world steps, so no trigonometry is left. */
export interface View {
  scale: number
  originX: number
  originY: number
  width: number
  height: number
  zoom: number
}

export const scaleAt = (zoom: number): number => (TILE_PX * 2 ** zoom) / WORLD_STEPS

export const toX = (view: View, wx: number): number => (wx + 0.5) * view.scale - view.originX
export const toY = (view: View, wy: number): number => (wy + 0.5) * view.scale - view.originY

export const isInView = (view: View, x: number, y: number, marginPx: number): boolean =>
  x >= -marginPx && y >= -marginPx && x <= view.width + marginPx && y <= view.height + marginPx

export const placeAt = (view: View, x: number, y: number): LngLat =>
  lngLatOf((x + view.originX) / view.scale - 0.5, (y + view.originY) / view.scale - 0.5)
