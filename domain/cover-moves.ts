import type { Asked, Cover, CoverPlace, CoverUnit } from './cover.ts'
import { haversineM } from './geo.ts'
import { MINUTE_MS } from './instant.ts'
import { estimatedEtaMs } from './travel.ts'

/** A unit that could stand elsewhere, and what that would change. The console proposes; a person asks the unit. */
export interface SuggestedMove {
  unitId: string
  /** The community before which it would stand. */
  placeId: string
  lng: number
  lat: number
  etaMs: number
  gained: { communities: number; households: number }
}

export interface MoveRules {
  asked: Asked
  /** No unit is sent farther than this takes. */
  withinMs: number
  most: number
}

export const MOVE_RULES: MoveRules = { asked: null, withinMs: 15 * MINUTE_MS, most: 5 }

/**
 * CV4: the moves that restore most cover, one after the other: each is the best single move with those before it made. Volunteers
 * are never sent about. Leaves the cover as it was.
 */
export function suggestMoves(cover: Cover, rules: MoveRules = MOVE_RULES): SuggestedMove[] {
  const moves: SuggestedMove[] = []
  const moved = new Map<string, CoverUnit>()
  const movable = [...cover.units()].filter(
    ({ isFree, kind, skills }) =>
      isFree && kind !== 'volunteer' && (rules.asked === null || skills.includes(rules.asked)),
  )
  while (moves.length < rules.most) {
    const left = movable.filter(({ id }) => !moved.has(id))
    const best = bestMove(cover, left, rules)
    if (!best) break
    const { unit, place, gained, etaMs } = best
    moved.set(unit.id, unit)
    cover.put({ ...unit, lng: place.lng, lat: place.lat })
    moves.push({ unitId: unit.id, placeId: place.id, lng: place.lng, lat: place.lat, etaMs, gained })
  }
  for (const unit of moved.values()) cover.put(unit)
  return moves
}

interface Found {
  unit: CoverUnit
  place: CoverPlace
  gained: { communities: number; households: number }
  etaMs: number
}

type Kin = Pick<CoverUnit, 'kind' | 'mode'>

function bestMove(cover: Cover, movable: readonly CoverUnit[], rules: MoveRules): Found | null {
  const kinds = new Map(movable.map(({ kind, mode }) => [`${kind} ${mode}`, { kind, mode }]))
  let best: Found | null = null
  for (const kin of kinds.values()) {
    const units = movable.filter(({ kind, mode }) => kind === kin.kind && mode === kin.mode)
    const gains = gainsAt(cover, kin, rules.asked)
    const order = [...gains.keys()].sort((a, b) => (gains[b] as number) - (gains[a] as number) || a - b)
    for (const place of order) {
      // No move gains more than standing there would: what the unit leaves behind only takes away from it.
      if ((gains[place] as number) <= (best?.gained.households ?? 0)) break
      best = bestTo(cover, units, place, rules, best)
    }
  }
  return best
}

/** The households that a unit of this kind would newly cover from each place. */
function gainsAt(cover: Cover, kin: Kin, asked: Asked): Float64Array {
  const gains = new Float64Array(cover.places.length)
  for (const [index, { households }] of cover.places.entries()) {
    if (cover.countAt(index, asked) > 0) continue
    for (const from of cover.reachedFromPlace(kin, index)) gains[from] = (gains[from] as number) + households
  }
  return gains
}

function bestTo(
  cover: Cover,
  units: readonly CoverUnit[],
  to: number,
  { asked, withinMs }: MoveRules,
  known: Found | null,
): Found | null {
  const place = cover.places[to] as CoverPlace
  const { travel } = cover.rules
  let best = known
  let reached: Set<number> | null = null
  for (const unit of units) {
    const etaMs = estimatedEtaMs(haversineM([unit.lng, unit.lat], [place.lng, place.lat]), unit.kind, unit.mode, travel)
    if (etaMs > withinMs) continue
    reached ??= new Set(cover.reachedFromPlace(unit, to))
    const gained = changeOf(cover, unit, reached, asked)
    const isBetter = gained.households > (best?.gained.households ?? 0)
    const isSooner = best !== null && gained.households === best.gained.households && etaMs < best.etaMs
    if (isBetter || isSooner) best = { unit, place, gained, etaMs }
  }
  return best
}

/** What is newly covered, less what only this unit covered and would no longer. */
function changeOf(cover: Cover, unit: CoverUnit, reached: ReadonlySet<number>, asked: Asked) {
  const change = { communities: 0, households: 0 }
  for (const index of reached)
    if (cover.countAt(index, asked) === 0) {
      change.communities++
      change.households += (cover.places[index] as CoverPlace).households
    }
  for (const index of cover.reachedBy(unit.id))
    if (cover.countAt(index, asked) === 1 && !reached.has(index)) {
      change.communities--
      change.households -= (cover.places[index] as CoverPlace).households
    }
  return change
}
