import gcoord from 'gcoord'
import type { LngLat, TileSource } from '#domain/places.ts'
import { lngLatOf, worldX, worldY } from '#wire/fleet-cells.ts'

type Datum = TileSource['datum']

const SYSTEMS = { WGS84: gcoord.WGS84, GCJ02: gcoord.GCJ02, BD09: gcoord.BD09 } as const

/** A WGS-84 point as a basemap of this datum draws it. gcoord mutates, so it is given a copy. */
export function toDatum([lng, lat]: LngLat, datum: Datum): LngLat {
  if (datum === 'WGS84') return [lng, lat]
  const [shiftedLng, shiftedLat] = gcoord.transform([lng, lat], gcoord.WGS84, SYSTEMS[datum]) as [number, number]
  return [shiftedLng, shiftedLat]
}

/** The WGS-84 point under a point of the basemap. */
export function fromDatum([lng, lat]: LngLat, datum: Datum): LngLat {
  if (datum === 'WGS84') return [lng, lat]
  const [trueLng, trueLat] = gcoord.transform([lng, lat], SYSTEMS[datum], gcoord.WGS84) as [number, number]
  return [trueLng, trueLat]
}

/** 1,024 steps are 0.011°: between the corners of such a block the shift is straight to within 0.1 m. */
const BLOCK_BITS = 10
const BLOCK = 1 << BLOCK_BITS

/** Moves world steps into a basemap's datum: the formula once a block corner, straight lines between. Tens of thousands a frame. */
export class DatumShift {
  readonly datum: Datum
  #corners = new Map<number, readonly [dx: number, dy: number]>()

  constructor(datum: Datum) {
    this.datum = datum
  }

  shift(wx: number, wy: number): [wx: number, wy: number] {
    if (this.datum === 'WGS84') return [wx, wy]
    const [bx, by] = [Math.floor(wx / BLOCK), Math.floor(wy / BLOCK)]
    const [fx, fy] = [wx / BLOCK - bx, wy / BLOCK - by]
    const [nw, ne, sw, se] = [this.#at(bx, by), this.#at(bx + 1, by), this.#at(bx, by + 1), this.#at(bx + 1, by + 1)]
    const mix = (axis: 0 | 1) =>
      (nw[axis] * (1 - fx) + ne[axis] * fx) * (1 - fy) + (sw[axis] * (1 - fx) + se[axis] * fx) * fy
    return [wx + mix(0), wy + mix(1)]
  }

  #at(bx: number, by: number): readonly [number, number] {
    const key = bx * 65_536 + by
    const known = this.#corners.get(key)
    if (known) return known
    const [wx, wy] = [bx << BLOCK_BITS, by << BLOCK_BITS]
    const [lng, lat] = toDatum(lngLatOf(wx, wy), this.datum)
    const corner = [worldX(lng) - wx, worldY(lat) - wy] as const
    this.#corners.set(key, corner)
    return corner
  }
}
