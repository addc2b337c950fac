import { haversineM } from './geo.ts'
import { MINUTE_MS } from './instant.ts'
import { type PlaceGrid, placeGrid } from './place-grid.ts'
import { estimatedEtaMs, TRAVEL, type TravelModel } from './travel.ts'
import { SKILLS, type Skill, type TravelMode, type UnitKind } from './units.ts'

/** What is to be covered: a community with its households (or any other weight, such as expected reports). */
export interface CoverPlace {
  id: string
  lng: number
  lat: number
  households: number
}

/** Who covers. Only a free unit on duty does: it has no task and could leave now. */
export interface CoverUnit {
  id: string
  lng: number
  lat: number
  kind: UnitKind
  mode: TravelMode
  skills: readonly Skill[]
  isFree: boolean
}

export interface CoverRules {
  withinMs: number
  travel: TravelModel
}

/** The promise of 5341: on site within five minutes of the report. */
export const FIVE_MINUTES: CoverRules = { withinMs: 5 * MINUTE_MS, travel: TRAVEL }

export interface CoverTotals {
  communities: number
  households: number
}

/** Null asks for anybody, a skill for somebody who has it. */
export type Asked = Skill | null

const CHANNELS = SKILLS.length + 1
const channelOf = (asked: Asked) => (asked === null ? 0 : 1 + SKILLS.indexOf(asked))

/** The farthest a unit covers, in metres as the crow flies; negative when its turnout alone is too long. */
export function reachM(kind: UnitKind, mode: TravelMode, { withinMs, travel }: CoverRules): number {
  const rideMs = withinMs - travel.turnoutMs[kind]
  return ((rideMs / 3_600_000) * travel.speedKmh[mode] * 1_000) / travel.detour
}

interface Standing {
  unit: CoverUnit
  /** Places it reaches. */
  reached: Int32Array
}

/**
 * CV1–CV3: which places somebody free can reach in time, kept by counts: a unit that moves, leaves or changes its duty touches
 * only the places around it.
 */
export class Cover {
  readonly places: readonly CoverPlace[]
  readonly rules: CoverRules
  readonly grid: PlaceGrid
  /** How many units cover a place, by channel: `counts[place * CHANNELS + channel]`. */
  readonly #counts: Uint16Array
  readonly #communities = new Int32Array(CHANNELS)
  readonly #households = new Float64Array(CHANNELS)
  readonly #units = new Map<string, Standing>()
  readonly #found: number[] = []
  /** By kind and mode, by place: what is within reach of it never changes. */
  readonly #around = new Map<string, (Int32Array | undefined)[]>()

  constructor(places: readonly CoverPlace[], rules: CoverRules = FIVE_MINUTES) {
    this.places = places
    this.rules = rules
    this.grid = placeGrid(
      Float64Array.from(places, ({ lng }) => lng),
      Float64Array.from(places, ({ lat }) => lat),
    )
    this.#counts = new Uint16Array(places.length * CHANNELS)
  }

  /** Takes a unit as it is now; answers the places that it covered before or covers now. */
  put(unit: CoverUnit): Int32Array {
    const before = this.#units.get(unit.id)
    if (before?.unit.isFree) this.#add(before, -1)
    const after = { unit, reached: unit.isFree ? this.reachedFrom(unit, unit.lng, unit.lat) : new Int32Array(0) }
    this.#units.set(unit.id, after)
    if (unit.isFree) this.#add(after, 1)
    return before ? union(before.reached, after.reached) : after.reached
  }

  /** A unit that is no longer known; answers the places it covered. */
  remove(id: string): Int32Array {
    const before = this.#units.get(id)
    if (!before) return new Int32Array(0)
    this.#add(before, -1)
    this.#units.delete(id)
    return before.reached
  }

  totals(asked: Asked = null): CoverTotals {
    const channel = channelOf(asked)
    return { communities: this.#communities[channel] as number, households: this.#households[channel] as number }
  }

  /** How many free units reach the place in time. */
  countAt(place: number, asked: Asked = null): number {
    return this.#counts[place * CHANNELS + channelOf(asked)] as number
  }

  units(): Iterable<CoverUnit> {
    return Array.from(this.#units.values(), ({ unit }) => unit)
  }

  /** The places a unit covers now, by index. */
  reachedBy(id: string): Int32Array {
    return this.#units.get(id)?.reached ?? new Int32Array(0)
  }

  /** The places such a unit would reach in time from a point. */
  reachedFrom({ kind, mode }: Pick<CoverUnit, 'kind' | 'mode'>, lng: number, lat: number): Int32Array {
    const { withinMs, travel } = this.rules
    const found = this.#found
    found.length = 0
    // A metre more than the formula's inverse: the estimate itself, rounded as it is, decides.
    const most = reachM(kind, mode, this.rules) + 1
    if (most > 1)
      this.grid.eachNear(lng, lat, most, (index) => {
        const place = this.places[index] as CoverPlace
        if (estimatedEtaMs(haversineM([lng, lat], [place.lng, place.lat]), kind, mode, travel) <= withinMs)
          found.push(index)
      })
    return Int32Array.from(found)
  }

  /** The places such a unit would reach in time from in front of a place. */
  reachedFromPlace(kin: Pick<CoverUnit, 'kind' | 'mode'>, place: number): Int32Array {
    const name = `${kin.kind} ${kin.mode}`
    const known = this.#around.get(name) ?? []
    this.#around.set(name, known)
    const { lng, lat } = this.places[place] as CoverPlace
    const reached = known[place] ?? this.reachedFrom(kin, lng, lat)
    known[place] = reached
    return reached
  }

  #add({ unit, reached }: Standing, change: 1 | -1): void {
    for (const place of reached) {
      this.#addAt(place, 0, change)
      for (const skill of unit.skills) this.#addAt(place, channelOf(skill), change)
    }
  }

  #addAt(place: number, channel: number, change: 1 | -1): void {
    const at = place * CHANNELS + channel
    const before = this.#counts[at] as number
    this.#counts[at] = before + change
    if (before + (change === 1 ? 0 : -1) !== 0) return
    this.#communities[channel] = (this.#communities[channel] as number) + change
    const { households } = this.places[place] as CoverPlace
    this.#households[channel] = (this.#households[channel] as number) + change * households
  }
}

function union(one: Int32Array, other: Int32Array): Int32Array {
  if (one.length === 0) return other
  return Int32Array.from(new Set([...one, ...other]))
}
