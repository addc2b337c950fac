import { call } from '#console/lib/api.ts'
import { m } from '#console/lib/paraglide/messages.js'
import { places } from '#console/lib/places.svelte.ts'
import { session } from '#console/lib/session.svelte.ts'
import { named } from '#console/lib/words.ts'
import { firms as firmsRoute, units as unitsRoute } from '#wire/routes/fleet.ts'
import { responseAreas } from '#wire/routes/response.ts'

/** Names of whatever times are added up by; firms, units and own areas are read when they are first needed. */
export class Names {
  #firms: ReadonlyMap<string, string> = $state.raw(new Map())
  #units: ReadonlyMap<string, string> = $state.raw(new Map())
  #areas: ReadonlyMap<string, string> = $state.raw(new Map())

  async load(by: string): Promise<void> {
    if (by === 'provider' && this.#firms.size === 0 && session.can('unit.read')) {
      const told = await call(firmsRoute, {})
      if (told.ok) this.#firms = new Map(told.answer.map(({ id, name }) => [id, name]))
    }
    if (by === 'unit' && this.#units.size === 0 && session.can('unit.read')) {
      const told = await call(unitsRoute, {})
      if (told.ok) this.#units = new Map(told.answer.map(({ id, callsign }) => [id, callsign]))
    }
    if (by === 'area' && this.#areas.size === 0) {
      const told = await call(responseAreas, {})
      if (told.ok) this.#areas = new Map(told.answer.map(({ code, name }) => [code, named(name)]))
    }
  }

  of(by: string, key: string): string {
    if (key === '') return m.response_noArea()
    if (by === 'provider') return this.#firms.get(key) ?? key
    if (by === 'unit') return this.#units.get(key) ?? key
    if (by === 'community') return places.communityName(key) ?? key
    const place = places.districtName(key) || places.subdistricts.get(key)?.name || places.neighbourhoods.get(key)?.name
    return place || this.#areas.get(key) || key
  }
}
