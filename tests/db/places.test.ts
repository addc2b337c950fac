import gcoord from 'gcoord'
import { beforeAll, describe, expect, test } from 'vitest'
import type { TenantPlaces } from '#db/places/places-of.ts'
import { readTenantFile, SHENYANG_CONFIG } from '#db/places/read.ts'
import { firstCrossing, firstPinch, firstTouch, ringAreaM2, simpleRing } from '#db/places/rings.ts'
import { bboxContains, haversineM, pointInMultiPolygon } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import { tenantFromFile } from '#tests/support/tenant-file.ts'

/** DOMAIN §3.3: code, centre, km², 街道/镇/乡/other, 社区, 村. */
const DISTRICTS: [string, LngLat, number, [number, number, number, number], number, number][] = [
  ['210102', [123.4142, 41.7874], 60, [10, 0, 0, 0], 115, 10],
  ['210103', [123.4526, 41.7938], 60, [11, 0, 0, 0], 111, 0],
  ['210104', [123.4639, 41.8028], 99, [10, 0, 0, 0], 126, 17],
  ['210105', [123.4363, 41.8221], 66, [10, 0, 0, 0], 135, 3],
  ['210106', [123.328, 41.8185], 469, [14, 0, 0, 1], 195, 52],
  ['210111', [123.3381, 41.6624], 782, [12, 0, 0, 0], 64, 122],
  ['210112', [123.4436, 41.7125], 809, [12, 0, 0, 0], 116, 167],
  ['210113', [123.5775, 41.9104], 815, [10, 0, 0, 6], 71, 142],
  ['210114', [123.3022, 41.7914], 501, [10, 0, 0, 1], 131, 81],
  ['210115', [122.76, 41.5146], 1467, [4, 16, 0, 1], 25, 212],
  ['210123', [123.3376, 42.7255], 2167, [3, 5, 7, 0], 18, 161],
  ['210124', [123.4341, 42.4987], 2293, [2, 12, 5, 0], 12, 233],
  ['210181', [122.8314, 41.9831], 3311, [4, 20, 4, 0], 35, 339],
]

describe('the vendored places of Shenyang', () => {
  let places: TenantPlaces
  beforeAll(async () => {
    places = (await tenantFromFile(SHENYANG_CONFIG)).places
  })

  const outlineOf = (code: string) =>
    places.outlines?.features.find(({ id }) => id === code)?.geometry.coordinates as LngLat[][][]

  test('[PL1] there are 13 districts, 190 subdistricts and 2,693 neighbourhoods, each under a code of its own', () => {
    const { districts, subdistricts, neighbourhoods } = places
    expect([districts.length, subdistricts.length, neighbourhoods.length]).toEqual([13, 190, 2693])
    const codes = [...districts, ...subdistricts, ...neighbourhoods].map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    // Names are no keys: some neighbourhoods share theirs.
    expect(new Set(neighbourhoods.map(({ name }) => name)).size).toBeLessThan(neighbourhoods.length)
  })

  test('[PL1] codes have 6, 9 and 12 digits and begin with the code of a listed parent', () => {
    const districts = new Set(places.districts.map(({ code }) => code))
    const subdistricts = new Set(places.subdistricts.map(({ code }) => code))
    for (const code of districts) expect(code).toMatch(/^2101\d{2}$/)
    for (const { code, districtCode } of places.subdistricts) {
      expect(code).toMatch(/^\d{9}$/)
      expect(code.slice(0, 6)).toBe(districtCode)
      expect(districts).toContain(districtCode)
    }
    for (const { code, subdistrictCode } of places.neighbourhoods) {
      expect(code).toMatch(/^\d{12}$/)
      expect(code.slice(0, 9)).toBe(subdistrictCode)
      expect(subdistricts).toContain(subdistrictCode)
    }
  })

  test('[PL1] each district has the streets, towns, townships, neighbourhoods and villages that the registry counts', () => {
    for (const [district, , , kinds, neighbourhoods, villages] of DISTRICTS) {
      const own = places.subdistricts.filter(({ districtCode }) => districtCode === district)
      const found = (['subdistrict', 'town', 'township', 'other'] as const).map(
        (kind) => own.filter((subdistrict) => subdistrict.kind === kind).length,
      )
      expect(found, district).toEqual(kinds)
      const below = places.neighbourhoods.filter(({ code }) => code.startsWith(district))
      expect(below.filter(({ kind }) => kind === 'neighbourhood').length, district).toBe(neighbourhoods)
      expect(below.filter(({ kind }) => kind === 'village').length, district).toBe(villages)
    }
  })

  test('[PL1] virtual units are left out and real ones with like names stay', () => {
    const names = places.neighbourhoods.map(({ name }) => name)
    expect(names.filter((name) => /虚拟|生活区$/.test(name))).toEqual([])
    expect(names).toContain('农场社区')
    expect(names).toContain('辽宁省康平监狱社区')
  })

  test('[PL2] every centre is the published one and lies inside its own outline and no other', () => {
    for (const [code, centre] of DISTRICTS) {
      const district = places.districts.find((each) => each.code === code)
      expect(haversineM(district?.centre as LngLat, centre), code).toBeLessThan(10)
      const holders = DISTRICTS.filter(([other]) => pointInMultiPolygon(centre, outlineOf(other)))
      expect(holders.map(([holder]) => holder)).toEqual([code])
    }
  })

  test('[PL2] the outlines measure what the districts measure, within 2 %', () => {
    for (const [code, , km2] of DISTRICTS) {
      const measured = outlineOf(code).reduce((sum, [ring]) => sum + ringAreaM2((ring as LngLat[]).slice(0, -1)), 0)
      expect(Math.abs(measured / 1e6 / km2 - 1), code).toBeLessThan(0.02)
    }
  })

  test('[PL2] every ring is closed, simple and counter-clockwise', { timeout: 60_000 }, () => {
    for (const [code] of DISTRICTS) {
      for (const [ring] of outlineOf(code) as [LngLat[]][]) {
        expect(ring.at(-1), code).toEqual(ring[0])
        const opened = ring.slice(0, -1)
        expect([firstCrossing(opened), firstPinch(opened), firstTouch(opened)], code).toEqual([null, null, null])
        expect(ringAreaM2(opened), code).toBeGreaterThan(0)
      }
    }
  })

  test('[PL2] the box of the configuration holds every outline and is no wider than it must be', async () => {
    const read = await readTenantFile(SHENYANG_CONFIG)
    const { bbox } = (read as { config: { bbox: [number, number, number, number] } }).config
    const points = DISTRICTS.flatMap(([code]) => outlineOf(code).flat(2))
    expect(points.every((point) => bboxContains(bbox, point))).toBe(true)
    const [west, south, east, north] = [122.417, 41.198, 123.809, 43.04]
    for (const [i, published] of [west, south, east, north].entries())
      expect(bbox[i]).toBeCloseTo(published as number, 2)
  })
})

describe('the datum', () => {
  const WGS84: LngLat = [123.43, 41.8]
  const eastM = (from: LngLat, to: LngLat) => Math.sign(to[0] - from[0]) * haversineM(from, [to[0], from[1]])
  const northM = (from: LngLat, to: LngLat) => Math.sign(to[1] - from[1]) * haversineM(from, [from[0], to[1]])

  test('[PL2] canary: at the reference point GCJ-02 lies 509 m east and 270 m north, and comes back to 0.11 m', () => {
    const gcj02 = gcoord.transform([WGS84[0], WGS84[1]], gcoord.WGS84, gcoord.GCJ02)
    expect(Math.abs(eastM(WGS84, gcj02) - 509)).toBeLessThan(2)
    expect(Math.abs(northM(WGS84, gcj02) - 270)).toBeLessThan(2)
    const back = gcoord.transform([...gcj02] as [number, number], gcoord.GCJ02, gcoord.WGS84)
    expect(haversineM(back, WGS84)).toBeLessThanOrEqual(0.11)
  })

  test('[PL2] vendored centres were converted once: back in GCJ-02 they are the label points of the source', async () => {
    const { places } = await tenantFromFile(SHENYANG_CONFIG)
    // 和平区 and 新民市 as the source has them, GCJ-02.
    const source = new Map<string, LngLat>([
      ['210102', [123.420368, 41.789833]],
      ['210181', [122.836723, 41.985186]],
    ])
    for (const [code, point] of source) {
      const centre = places.districts.find((district) => district.code === code)?.centre as LngLat
      const gcj02 = gcoord.transform([centre[0], centre[1]], gcoord.WGS84, gcoord.GCJ02)
      expect(haversineM(gcj02, point)).toBeLessThan(1.5)
    }
  })
})

describe('a ring made simple', () => {
  const SQUARE: LngLat[] = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
  ]
  const [A, B, C, D] = SQUARE as [LngLat, LngLat, LngLat, LngLat]

  test('[PL2] loses a vertex given twice and a spike', () => {
    const { ring, repair } = simpleRing([A, B, B, [4, 2], [6, 2], [4, 2], C, D])
    expect(ring).toEqual([A, B, [4, 2], C, D])
    expect(repair).toEqual({ duplicateVertices: 1, spikes: 1, crossings: 0, pinches: 0 })
  })

  test('[PL2] is uncrossed without losing a vertex', () => {
    const { ring, repair } = simpleRing([A, C, B, D])
    expect(ring).toEqual(SQUARE)
    expect(repair).toEqual({ duplicateVertices: 0, spikes: 0, crossings: 1, pinches: 0 })
  })

  test('[PL2] is cut where it touches itself, and the larger part stays', () => {
    const { ring, repair } = simpleRing([A, B, C, [5, 5], [5, 4], C, D])
    expect(ring).toEqual(SQUARE)
    expect(repair).toEqual({ duplicateVertices: 0, spikes: 0, crossings: 0, pinches: 1 })
  })

  test('[PL2] a line that runs back over itself is a spike', () => {
    const { ring } = simpleRing([
      [0, 0],
      [4, 0],
      [4, 4],
      [8, 4],
      [6, 4],
      [2, 4],
      [0, 4],
    ])
    expect([firstCrossing(ring), firstPinch(ring), firstTouch(ring)]).toEqual([null, null, null])
    expect(ring).not.toContainEqual([8, 4])
  })
})
