import { describe, expect, test } from 'vitest'
import { bboxContains, bearingDeg, haversineM, offsetM, pointInPolygon } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'

describe('geometry on the ground', () => {
  test('[GE1] a degree of latitude is 111.2 km, one of longitude shrinks with the cosine, and the antimeridian is no wall', () => {
    expect(haversineM([0, 0], [0, 1])).toBeCloseTo(111_195, 0)
    expect(haversineM([123, 60], [124, 60]) / haversineM([123, 0], [124, 0])).toBeCloseTo(0.5, 3)
    expect(haversineM([179.9, 0], [-179.9, 0])).toBeCloseTo(haversineM([0, 0], [0.2, 0]), 3)
    expect(haversineM([10, 20], [10, 20])).toBe(0)
  })

  test('[GE1] an offset of some hundred metres is as long as it says', () => {
    const from: LngLat = [123.43, 41.8]
    expect(haversineM(from, offsetM(from, 300, 400))).toBeCloseTo(500, 1)
  })

  test('a bearing is 0 to the north, 90 to the east, and never 360', () => {
    expect(bearingDeg([123, 41], [123, 42])).toBeCloseTo(0, 6)
    expect(bearingDeg([123, 0], [124, 0])).toBeCloseTo(90, 6)
    expect(bearingDeg([123, 42], [123, 41])).toBeCloseTo(180, 6)
    expect(bearingDeg([0, 0], [-1e-9, 1])).toBeLessThan(360)
  })

  test('[GE2] a hole is outside, its surrounding inside', () => {
    const ring = (from: number, to: number): LngLat[] => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
      [from, from],
    ]
    const rings = [ring(0, 10), ring(4, 6)]
    expect(pointInPolygon([2, 2], rings)).toBe(true)
    expect(pointInPolygon([5, 5], rings)).toBe(false)
    expect(pointInPolygon([11, 5], rings)).toBe(false)
  })

  test('[GE2] the edge belongs to the box', () => {
    expect(bboxContains([0, 0, 1, 1], [1, 0])).toBe(true)
    expect(bboxContains([0, 0, 1, 1], [1.000001, 0])).toBe(false)
  })
})
