import { call } from '#console/lib/api.ts'
import type { Bbox, Community, District, LngLat, Neighbourhood, Subdistrict } from '#domain/places.ts'
import {
  communities as communitiesRoute,
  outline as outlineRoute,
  type PlaceTree,
  placeTree,
} from '#wire/routes/places.ts'
import { named } from './words.ts'

/** The city's places by code, read once: thousands of rows that hardly ever change. */
class Places {
  #districts: ReadonlyMap<string, District> = $state.raw(new Map())
  #subdistricts: ReadonlyMap<string, Subdistrict> = $state.raw(new Map())
  #neighbourhoods: ReadonlyMap<string, Neighbourhood> = $state.raw(new Map())
  #communities: ReadonlyMap<string, Community> = $state.raw(new Map())
  #outline: GeoJSON.FeatureCollection | null = $state.raw(null)
  #isLoaded = false

  get districts(): ReadonlyMap<string, District> {
    return this.#districts
  }

  get subdistricts(): ReadonlyMap<string, Subdistrict> {
    return this.#subdistricts
  }

  get neighbourhoods(): ReadonlyMap<string, Neighbourhood> {
    return this.#neighbourhoods
  }

  get communities(): ReadonlyMap<string, Community> {
    return this.#communities
  }

  get outline(): GeoJSON.FeatureCollection | null {
    return this.#outline
  }

  async load(): Promise<void> {
    if (this.#isLoaded) return
    const [tree, communities, outline] = await Promise.all([
      call(placeTree, {}),
      call(communitiesRoute, { query: {} }),
      call(outlineRoute, {}),
    ])
    if (tree.ok) this.#takeTree(tree.answer)
    if (communities.ok) this.#communities = new Map(communities.answer.map((each) => [each.id, each]))
    if (outline.ok) this.#outline = outline.answer
    this.#isLoaded = tree.ok && communities.ok && outline.ok
  }

  /** The box around every district and community; null while none is known. The tenant's own box holds the country around too. */
  get extent(): Bbox | null {
    const points = [
      ...Array.from(this.#districts.values(), ({ centre }) => centre),
      ...Array.from(this.#communities.values(), ({ lng, lat }) => [lng, lat] as const),
      ...outlinePoints(this.#outline),
    ]
    return points.length === 0 ? null : boxAround(points)
  }

  districtName(code: string | null): string {
    const district = code === null ? undefined : this.#districts.get(code)
    return district ? named(district.name) : ''
  }

  /** 和平区 · 南湖街道: where a thing is, as people say it. */
  areaName(place: { districtCode: string | null; subdistrictCode: string | null }): string {
    const subdistrict = place.subdistrictCode === null ? undefined : this.#subdistricts.get(place.subdistrictCode)
    return [this.districtName(place.districtCode), subdistrict?.name].filter(Boolean).join(' · ')
  }

  communityName(id: string | null): string | null {
    return id === null ? null : (this.#communities.get(id)?.name ?? null)
  }

  #takeTree(tree: PlaceTree): void {
    this.#districts = new Map(tree.districts.map((each) => [each.code, each]))
    this.#subdistricts = new Map(tree.subdistricts.map((each) => [each.code, each]))
    this.#neighbourhoods = new Map(tree.neighbourhoods.map((each) => [each.code, each]))
  }
}

function* outlinePoints(outline: GeoJSON.FeatureCollection | null): Generator<LngLat> {
  for (const { geometry } of outline?.features ?? []) {
    if (geometry.type !== 'MultiPolygon') continue
    for (const ring of geometry.coordinates.flat()) for (const [lng = 0, lat = 0] of ring) yield [lng, lat]
  }
}

function boxAround(points: Iterable<LngLat>): Bbox {
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const [lng, lat] of points) {
    west = Math.min(west, lng)
    east = Math.max(east, lng)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  return [west, south, east, north]
}

export const places = new Places()
