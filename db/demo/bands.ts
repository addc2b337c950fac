import type { LngLat } from '#domain/places.ts'

const BANDS = 256

/**
 * The even-odd rule of domain/geo.ts over rings whose edges are sorted into bands of latitude first: an outline of four thousand
 * vertices is asked a hundred thousand times while a city is made up, and one band holds a few of its edges.
 */
export function bandedRings(rings: readonly (readonly LngLat[])[]): (point: LngLat) => boolean {
  const edges = rings.flatMap(edgesOf)
  const lats = edges.flatMap(([, latA, , latB]) => [latA, latB])
  const south = lats.reduce((least, lat) => Math.min(least, lat), Number.POSITIVE_INFINITY)
  const north = lats.reduce((most, lat) => Math.max(most, lat), Number.NEGATIVE_INFINITY)
  const bandOf = (lat: number) =>
    Math.min(BANDS - 1, Math.max(0, Math.floor(((lat - south) / (north - south)) * BANDS)))
  const bands: Edge[][] = Array.from({ length: BANDS }, () => [])
  for (const edge of edges) {
    const [first, last] = [bandOf(Math.min(edge[1], edge[3])), bandOf(Math.max(edge[1], edge[3]))]
    for (let band = first; band <= last; band++) bands[band]?.push(edge)
  }
  return ([lng, lat]) => {
    let inside = false
    for (const [lngA, latA, lngB, latB] of bands[bandOf(lat)] as Edge[]) {
      if (latA > lat !== latB > lat && lng < ((lngB - lngA) * (lat - latA)) / (latB - latA) + lngA) inside = !inside
    }
    return inside
  }
}

type Edge = readonly [lngA: number, latA: number, lngB: number, latB: number]

/** Each vertex with the one before it, as the rule walks a ring. */
const edgesOf = (ring: readonly LngLat[]): Edge[] =>
  ring.map(([lng, lat], i) => {
    const [lngB, latB] = ring[(i + ring.length - 1) % ring.length] as LngLat
    return [lng, lat, lngB, latB]
  })
