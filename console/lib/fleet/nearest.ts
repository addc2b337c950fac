import { WORLD_STEPS } from '#console/lib/map/view.ts'
import { estimatedEtaMs } from '#domain/travel.ts'
import type { Skill, TravelMode, UnitKind } from '#domain/units.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'

const EQUATOR_M = 40_075_016.7

/** A unit that could be sent, where it is believed to be. */
export interface Sendable {
  wx: number
  wy: number
  kind: UnitKind
  mode: TravelMode
  skills: readonly Skill[]
}

interface Wanted {
  lng: number
  lat: number
  neededSkills: readonly Skill[]
}

/** The shortest estimate of any unit that has the skills; null = nobody. Planar: over a city that is true to a percent. */
export function bestEtaMs(ticket: Wanted, units: readonly Sendable[]): number | null {
  const metresAStep = (EQUATOR_M * Math.cos((ticket.lat * Math.PI) / 180)) / WORLD_STEPS
  const [tx, ty] = [worldX(ticket.lng), worldY(ticket.lat)]
  let best: number | null = null
  for (const unit of units) {
    if (!ticket.neededSkills.every((skill) => unit.skills.includes(skill))) continue
    const straightM = Math.hypot(unit.wx - tx, unit.wy - ty) * metresAStep
    const etaMs = estimatedEtaMs(straightM, unit.kind, unit.mode)
    if (best === null || etaMs < best) best = etaMs
  }
  return best
}
