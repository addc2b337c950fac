import type { Cover, CoverPlace } from '#domain/cover.ts'
import { suggestMoves } from '#domain/cover-moves.ts'
import { type Instant, MINUTE_MS } from '#domain/instant.ts'
import { coverUnit, isFree, type Mover, metresBetween, type Spot, sendTo } from './fleet.ts'

/** Nobody is sent about for less than this share of the demand. */
const LEAST_GAIN = 0.01
const MOST_MOVES = 2
const WITHIN_MS = 12 * MINUTE_MS

/** PY4: idle units whose move has lost its reason go back to their posts, then the moves that restore most cover are made. Answers how many moved. */
export function restoreCover(cover: Cover, movers: readonly Mover[], at: Instant): number {
  let moves = 0
  for (const mover of movers) {
    if (!isFree(mover, at) || !isAway(mover)) continue
    if (gainAtHome(cover, mover) < -LEAST_GAIN) continue
    go(cover, mover, mover.unit, at)
    moves++
  }
  const byId = new Map(movers.map((mover) => [mover.unit.id, mover]))
  for (const { unitId, lng, lat, gained } of suggestMoves(cover, {
    asked: null,
    withinMs: WITHIN_MS,
    most: MOST_MOVES,
  })) {
    const mover = byId.get(unitId)
    if (!mover || gained.households < LEAST_GAIN) break
    go(cover, mover, { lng, lat }, at)
    moves++
  }
  return moves
}

const isAway = ({ unit, stand }: Mover) => metresBetween(unit, stand) > 1

function go(cover: Cover, mover: Mover, stand: Spot, at: Instant): void {
  sendTo(mover, { lng: stand.lng, lat: stand.lat }, at)
  cover.put(coverUnit(mover, at))
}

/** What the demand covered would change by if it stood at its post; below 0 it is needed where it is. */
function gainAtHome(cover: Cover, { unit, pace }: Mover): number {
  const here = new Set(cover.reachedBy(unit.id))
  const home = new Set(cover.reachedFrom(pace, unit.lng, unit.lat))
  const weight = (place: number) => (cover.places[place] as CoverPlace).households
  let change = 0
  for (const place of home) if (cover.countAt(place) === 0) change += weight(place)
  for (const place of here) if (cover.countAt(place) === 1 && !home.has(place)) change -= weight(place)
  return change
}
