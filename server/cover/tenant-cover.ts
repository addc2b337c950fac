import { type Asked, Cover, type CoverPlace, type CoverTotals } from '#domain/cover.ts'
import { MOVE_RULES, type SuggestedMove, suggestMoves } from '#domain/cover-moves.ts'
import { type CoverState, packInside, placesKeyOf, standsAt } from '#domain/cover-state.ts'
import type { Instant } from '#domain/instant.ts'
import type { Skill, TravelMode, Unit, UnitKind } from '#domain/units.ts'
import type { FleetView } from '#server/fleet/view.ts'

/** How a unit counted at the last look. */
interface Counted {
  kind: UnitKind
  mode: TravelMode
  skills: readonly Skill[]
  lng: number
  lat: number
}

/** One city's live cover: the communities as they were read, and every unit as it stood at the last look. */
export class TenantCover {
  readonly placesKey: string
  readonly #cover: Cover
  readonly #all: CoverTotals
  readonly #counted = new Map<string, Counted>()
  #unseen: Unit[] = []
  #moves = new Map<Asked, { at: Instant; moves: SuggestedMove[] }>()

  /** `places` in the order of their ids. */
  constructor(places: readonly CoverPlace[]) {
    this.placesKey = placesKeyOf(places)
    this.#cover = new Cover(places)
    const households = places.reduce((sum, each) => sum + each.households, 0)
    this.#all = { communities: places.length, households }
  }

  /** CV3, CV5: takes up whatever has changed since the last look; answers whether anything has. */
  look(fleet: FleetView, tenant: string, now: Instant): boolean {
    const gone = new Set(this.#counted.keys())
    const unseen: Unit[] = []
    let changes = 0
    for (const unit of fleet.units(tenant)) {
      // Most of a city is off duty or on a task: no need to look where those are.
      const stands = unit.duty === 'onDuty' ? standsAt(unit, fleet.last(unit.id), now) : null
      if (stands === 'unseen') unseen.push(unit)
      if (stands === null || stands === 'unseen') continue
      gone.delete(unit.id)
      if (isSame(this.#counted.get(unit.id), stands)) continue
      this.#counted.set(unit.id, stands)
      this.#cover.put(stands)
      changes++
    }
    for (const id of gone) {
      this.#counted.delete(id)
      this.#cover.remove(id)
    }
    const isOther = changes > 0 || gone.size > 0 || unseen.length !== this.#unseen.length
    this.#unseen = unseen
    return isOther
  }

  state(asked: Asked, now: Instant): CoverState {
    const cover = this.#cover
    const has = ({ skills }: { skills: readonly Skill[] }) => asked === null || skills.includes(asked)
    return {
      at: now,
      asked,
      placesKey: this.placesKey,
      covered: cover.totals(asked),
      all: this.#all,
      counted: asked === null ? this.#counted.size : [...this.#counted.values()].filter(has).length,
      unseen: this.#unseen.filter(has).length,
      inside: packInside(cover.places.length, (place) => cover.countAt(place, asked) > 0),
    }
  }

  /** CV4, at most once in `everyMs` for a question: it is the dearest thing here. */
  moves(asked: Asked, now: Instant, everyMs: number): { at: Instant; moves: SuggestedMove[] } {
    const known = this.#moves.get(asked)
    if (known && now - known.at < everyMs) return known
    const made = { at: now, moves: suggestMoves(this.#cover, { ...MOVE_RULES, asked }) }
    this.#moves.set(asked, made)
    return made
  }
}

const isSame = (one: Counted | undefined, other: Counted) =>
  one !== undefined &&
  one.lng === other.lng &&
  one.lat === other.lat &&
  one.skills === other.skills &&
  one.kind === other.kind &&
  one.mode === other.mode
