import { describe, expect, test } from 'vitest'
import { DatumShift, fromDatum, toDatum } from '#console/lib/map/datum.ts'
import { haversineM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import { lngLatOf, worldX, worldY } from '#wire/fleet-cells.ts'

const PLACES: LngLat[] = [
  [123.4315, 41.8057],
  [122.83, 41.98],
  [123.35, 42.74],
  [123.79, 41.31],
]

describe('a basemap in another datum', () => {
  test('[DK9] draws Shenyang some 500 m away from where it is, and is turned back to within a metre', () => {
    for (const place of PLACES) {
      const drawn = toDatum(place, 'GCJ02')
      expect(haversineM(place, drawn)).toBeGreaterThan(400)
      expect(haversineM(place, drawn)).toBeLessThan(700)
      expect(haversineM(place, fromDatum(drawn, 'GCJ02'))).toBeLessThan(1)
    }
  })

  test('[DK9] WGS-84 tiles move nothing', () => {
    expect(toDatum([123.43, 41.8], 'WGS84')).toEqual([123.43, 41.8])
    expect(new DatumShift('WGS84').shift(5, 7)).toEqual([5, 7])
  })

  test('[DK9] the quick shift of tens of thousands agrees with the formula to two metres', () => {
    for (const datum of ['GCJ02', 'BD09'] as const) {
      const shift = new DatumShift(datum)
      for (const [lng, lat] of PLACES) {
        const [wx, wy] = shift.shift(worldX(lng), worldY(lat))
        expect(haversineM(lngLatOf(wx, wy), toDatum([lng, lat], datum))).toBeLessThan(2)
      }
    }
  })
})
