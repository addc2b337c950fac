import { feed } from '#console/lib/feed/feed.svelte.ts'
import { fleet } from '#console/lib/fleet/fleet.svelte.ts'
import { places } from '#console/lib/places.svelte.ts'
import type { SuggestedMove } from '#domain/cover-moves.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'
import { liveCover } from './live.svelte.ts'
import type { CoveredPlace, MoveOnMap } from './scene.ts'

/** Every community with whether somebody free reaches it; none while that is not known. */
export function coveredPlaces(): CoveredPlace[] {
  const { inside } = liveCover
  if (!inside) return []
  let most = 1
  for (const { households } of places.communities.values()) most = Math.max(most, households)
  return Array.from(places.communities.values(), ({ id, lng, lat, households }) => ({
    wx: worldX(lng),
    wy: worldY(lat),
    isInside: inside(id),
    // By area, as the eye compares them.
    size: Math.sqrt(households / most),
  }))
}

/** From where the unit is seen to where it would stand. */
export function movesOnMap(moves: readonly SuggestedMove[], chosen: string | null): MoveOnMap[] {
  return moves.flatMap(({ unitId, lng, lat }) => {
    const unit = feed.units.get(unitId)
    if (!unit) return []
    const seen = fleet.seen(unit.index)
    const from = seen ?? { wx: worldX(unit.postLng), wy: worldY(unit.postLat) }
    return [
      { from: { wx: from.wx, wy: from.wy }, to: { wx: worldX(lng), wy: worldY(lat) }, isChosen: unitId === chosen },
    ]
  })
}
