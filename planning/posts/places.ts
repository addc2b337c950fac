import { type CoverRules, FIVE_MINUTES, reachM } from '#domain/cover.ts'
import { haversineM } from '#domain/geo.ts'
import { placeGrid } from '#domain/place-grid.ts'
import { estimatedEtaMs } from '#domain/travel.ts'
import type { TravelMode, UnitKind } from '#domain/units.ts'
import { type CoveringModel, coveringModel } from './covering/model.ts'
import type { PostsModel } from './model.ts'

/** A community with what it asks for: reports expected, or households. */
export interface DemandPlace {
  id: string
  lng: number
  lat: number
  weight: number
}

/** Where a post may be, or already is. */
export interface PostSite {
  id: string
  lng: number
  lat: number
  isStanding: boolean
}

/** Who is to stand there. */
export interface Posted {
  kind: UnitKind
  mode: TravelMode
}

/** PO10: a place is within reach of a site when who stands there is on site in time, turnout, detour and speed reckoned in. */
export function coveringOf(
  places: readonly DemandPlace[],
  sites: readonly PostSite[],
  { kind, mode }: Posted,
  rules: CoverRules = FIVE_MINUTES,
): CoveringModel {
  const grid = placeGrid(
    Float64Array.from(places, ({ lng }) => lng),
    Float64Array.from(places, ({ lat }) => lat),
  )
  const most = reachM(kind, mode, rules) + 1
  const reaches = sites.map(({ lng, lat }) => {
    const near: number[] = []
    if (most > 1)
      grid.eachNear(lng, lat, most, (index) => {
        const { lng: east, lat: north } = places[index] as DemandPlace
        if (estimatedEtaMs(haversineM([lng, lat], [east, north]), kind, mode, rules.travel) <= rules.withinMs)
          near.push(index)
      })
    return Int32Array.from(near).sort()
  })
  return coveringModel(
    Float64Array.from(places, ({ weight }) => weight),
    reaches,
    standingOf(sites),
  )
}

/**
 * PO11: the p-median of the same question: the sum over places of weight × seconds until who stands at its post is there. `capacity` is the
 * weight that one post can take; without it, whatever comes.
 */
export function medianOf(
  places: readonly DemandPlace[],
  sites: readonly PostSite[],
  { kind, mode }: Posted,
  { posts, capacity = Number.POSITIVE_INFINITY, travel = FIVE_MINUTES.travel }: MedianAsked,
): PostsModel {
  const cost = new Float64Array(sites.length * places.length)
  for (const [row, site] of sites.entries())
    for (const [column, place] of places.entries()) {
      const etaMs = estimatedEtaMs(haversineM([site.lng, site.lat], [place.lng, place.lat]), kind, mode, travel)
      cost[row * places.length + column] = (place.weight * etaMs) / 1_000
    }
  return {
    sites: sites.length,
    customers: places.length,
    cost,
    demand: Float64Array.from(places, ({ weight }) => weight),
    capacity: new Float64Array(sites.length).fill(capacity),
    posts,
    isStanding: standingOf(sites),
  }
}

export interface MedianAsked {
  posts: number
  capacity?: number
  travel?: CoverRules['travel']
}

const standingOf = (sites: readonly PostSite[]) => Uint8Array.from(sites, ({ isStanding }) => (isStanding ? 1 : 0))
