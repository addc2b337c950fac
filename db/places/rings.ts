import { EARTH_RADIUS_M, radians } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'

/** What was wrong with a ring and how it was put right, so that the vendoring script can say it. */
export interface RingRepair {
  duplicateVertices: number
  spikes: number
  crossings: number
  /** Places where the ring touched itself; the smaller loop was cut off. */
  pinches: number
}

/** An open ring (first point not repeated) made simple: no duplicate vertices, spikes, crossings or self-touching. */
export function simpleRing(source: readonly LngLat[]): { ring: LngLat[]; repair: RingRepair } {
  const withoutDuplicates = source.filter((point, i) => !samePoint(point, at(source, i - 1)))
  const repair = { duplicateVertices: source.length - withoutDuplicates.length, spikes: 0, crossings: 0, pinches: 0 }
  let ring = withoutDuplicates
  for (;;) {
    const tip = spikeAt(ring)
    if (tip !== null) {
      // A, B, A → A: the tip and one of its equal neighbours go.
      ring = ring.filter((_, i) => i !== tip && i !== (tip + 1) % ring.length)
      repair.spikes++
      continue
    }
    const crossing = firstCrossing(ring)
    if (crossing) {
      ring = uncrossed(ring, crossing)
      repair.crossings++
      continue
    }
    const touch = firstTouch(ring)
    if (touch) {
      // The touched edge gets the touching vertex too: a spike or a pinch, which the next rounds take away.
      ring = ring.toSpliced(touch.edge + 1, 0, touch.point)
      continue
    }
    const pinch = firstPinch(ring)
    if (!pinch) return { ring, repair }
    ring = largerLoop(ring, pinch)
    repair.pinches++
  }
}

/** Signed area in square metres on the sphere: positive when the ring runs counter-clockwise. */
export function ringAreaM2(ring: readonly LngLat[]): number {
  let sum = 0
  for (let i = 0; i < ring.length; i++) {
    const [lng1, lat1] = at(ring, i)
    const [lng2, lat2] = at(ring, i + 1)
    sum += radians(lng2 - lng1) * (2 + Math.sin(radians(lat1)) + Math.sin(radians(lat2)))
  }
  return (-sum * EARTH_RADIUS_M * EARTH_RADIUS_M) / 2
}

/** First pair of edges that cross in their inner parts, as the indexes of their first vertices; null when there is none. */
export function firstCrossing(ring: readonly LngLat[]): [number, number] | null {
  for (let i = 0; i < ring.length; i++) {
    for (let j = i + 2; j < ring.length; j++) {
      if (edgesCross(at(ring, i), at(ring, i + 1), at(ring, j), at(ring, j + 1))) return [i, j]
    }
  }
  return null
}

/** First vertex that lies in the inner part of an edge; null when there is none. */
export function firstTouch(ring: readonly LngLat[]): { edge: number; point: LngLat } | null {
  for (let edge = 0; edge < ring.length; edge++) {
    const from = at(ring, edge)
    const to = at(ring, edge + 1)
    const point = ring.find((vertex) => liesInside(from, to, vertex))
    if (point) return { edge, point }
  }
  return null
}

/** First vertex that the ring visits twice; null when there is none. */
export function firstPinch(ring: readonly LngLat[]): [number, number] | null {
  const visited = new Map<string, number>()
  for (const [i, point] of ring.entries()) {
    const key = point.join()
    const before = visited.get(key)
    if (before !== undefined) return [before, i]
    visited.set(key, i)
  }
  return null
}

const at = (ring: readonly LngLat[], i: number) => ring[(i + ring.length) % ring.length] as LngLat

const samePoint = (a: LngLat, b: LngLat) => a[0] === b[0] && a[1] === b[1]

function spikeAt(ring: readonly LngLat[]): number | null {
  for (let i = 0; i < ring.length; i++) if (samePoint(at(ring, i - 1), at(ring, i + 1))) return i
  return null
}

/** The stretch between the two edges run backwards: same vertices, no crossing, shorter line. */
function uncrossed(ring: readonly LngLat[], [first, second]: [number, number]): LngLat[] {
  return [...ring.slice(0, first + 1), ...ring.slice(first + 1, second + 1).reverse(), ...ring.slice(second + 1)]
}

function largerLoop(ring: readonly LngLat[], [first, second]: [number, number]): LngLat[] {
  const inner = ring.slice(first, second)
  const outer = [...ring.slice(0, first), ...ring.slice(second)]
  return Math.abs(ringAreaM2(inner)) > Math.abs(ringAreaM2(outer)) ? inner : outer
}

function edgesCross(a: LngLat, b: LngLat, c: LngLat, d: LngLat): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0
}

function liesInside(from: LngLat, to: LngLat, point: LngLat): boolean {
  if (samePoint(point, from) || samePoint(point, to) || turn(from, to, point) !== 0) return false
  const within = (axis: 0 | 1) =>
    Math.min(from[axis], to[axis]) <= point[axis] && point[axis] <= Math.max(from[axis], to[axis])
  return within(0) && within(1)
}

/** Which way a, b, c bends: 1 left, -1 right, 0 straight. Exact on the source's 1/1024° grid. */
function turn(a: LngLat, b: LngLat, c: LngLat): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
}
