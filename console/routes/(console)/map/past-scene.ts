import type { TrailOnMap, UnitOnMap } from '#console/lib/map/scene.ts'
import type { Instant } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'
import type { SeenUnit } from '#wire/fleet-frame.ts'
import type { Playback, Trail } from '#wire/routes/fleet.ts'

export interface PastUnits {
  units: Map<number, UnitOnMap>
  seen: Map<number, SeenUnit>
}

/** A unit that was silent for longer than this many steps is not drawn where it was. */
const SILENT_STEPS = 5

/** Where everybody was at a moment of a playback. */
export function unitsAt(playback: Playback, moment: Instant, byId: ReadonlyMap<string, Unit>): PastUnits {
  const now = (moment - playback.from) / playback.stepMs
  const past: PastUnits = { units: new Map(), seen: new Map() }
  for (const { unitId, points } of playback.units) {
    const unit = byId.get(unitId)
    const point = lastUpTo(points, now)
    if (!unit || !point || now - point[0] > SILENT_STEPS) continue
    const [, lng, lat] = point
    const facts = { isOnTask: false, isReachable: true, isSelected: false, isAlarming: false }
    past.units.set(unit.index, { unit: { ...unit, duty: 'onDuty', tracked: true }, ...facts })
    past.seen.set(unit.index, {
      index: unit.index,
      wx: worldX(lng),
      wy: worldY(lat),
      duty: 'onDuty',
      source: 'device',
      headingDeg: null,
      heardAt: moment,
    })
  }
  return past
}

/** Points are in order of their steps. */
function lastUpTo(points: Playback['units'][number]['points'], step: number) {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.[0] ?? 0) <= step) low = middle + 1
    else high = middle
  }
  return points[low - 1]
}

/** The way gone up to a moment. */
export const trailUpTo = (trail: Trail, moment: Instant): TrailOnMap[] =>
  trail.points
    .filter((point) => point.at <= moment)
    .map(({ lng, lat, why }) => ({ wx: worldX(lng), wy: worldY(lat), isDoubtful: why !== null }))
