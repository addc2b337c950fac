import { haversineM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'

const CELL_DEG = 0.02

const cellOf = (value: number) => Math.floor(value / CELL_DEG)

/** Points of a city by squares of about two kilometres: five thousand communities are asked for by a thousand units. */
export function nearbyIndex(points: readonly LngLat[]): (around: LngLat, radiusM: number) => LngLat[] {
  const cells = Map.groupBy(points, ([lng, lat]) => `${cellOf(lng)},${cellOf(lat)}`)
  return ([lng, lat], radiusM) => {
    const span = Math.ceil(radiusM / (111_195 * CELL_DEG * Math.cos((lat * Math.PI) / 180)))
    const found: LngLat[] = []
    for (let x = cellOf(lng) - span; x <= cellOf(lng) + span; x++) {
      for (let y = cellOf(lat) - span; y <= cellOf(lat) + span; y++) {
        for (const point of cells.get(`${x},${y}`) ?? [])
          if (haversineM(point, [lng, lat]) <= radiusM) found.push(point)
      }
    }
    return found
  }
}
