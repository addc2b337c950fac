import { describe, expect, test } from 'vitest'
import { UnitClusters } from '#console/lib/map/clusters.ts'
import { Hits } from '#console/lib/map/hits.ts'
import { spread } from '#console/lib/map/spread.ts'
import { placeAt, scaleAt, toX, toY, type View } from '#console/lib/map/view.ts'
import { unitsAt } from '#console/routes/(console)/map/past-scene.ts'
import type { Unit } from '#domain/units.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'

describe('the view', () => {
  test('turns places into pixels and back', () => {
    const scale = scaleAt(15)
    const view: View = {
      scale,
      originX: worldX(123.4) * scale,
      originY: worldY(41.9) * scale,
      width: 800,
      height: 600,
      zoom: 15,
    }
    const [lng, lat] = placeAt(view, toX(view, worldX(123.41)), toY(view, worldY(41.89)))
    expect(lng).toBeCloseTo(123.41, 4)
    expect(lat).toBeCloseTo(41.89, 4)
  })
})

describe('a stack', () => {
  test('[DK10] is drawn apart: every unit can be hit, none is lost', () => {
    const marks = Array.from({ length: 30 }, (_, index) => ({ index, x: 100, y: 100 }))
    const { legs } = spread(marks)
    expect(legs).toHaveLength(30)
    for (const a of marks)
      for (const b of marks) if (a.index < b.index) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(12)
  })

  test('[DK10] marks that stand apart stay where they are', () => {
    const marks = [
      { x: 0, y: 0 },
      { x: 200, y: 0 },
    ]
    expect(spread(marks).legs).toEqual([])
    expect(marks).toEqual([
      { x: 0, y: 0 },
      { x: 200, y: 0 },
    ])
  })
})

describe('clusters', () => {
  const units = Array.from({ length: 50 }, (_, index) => ({
    index,
    wx: worldX(123.43) + index,
    wy: worldY(41.8),
    state: index < 20 ? ('stale' as const) : ('available' as const),
  }))

  test('[DK10] hold every unit once and say in which states they are', () => {
    const { clusters, lone } = new UnitClusters().around(() => units, [122, 41, 124, 43], 9, 0)
    expect(clusters).toHaveLength(1)
    expect(lone.size).toBe(0)
    expect(clusters[0]).toMatchObject({ size: 50, counts: { stale: 20, available: 30 } })
  })

  test('[DK10] the counts of nested clusters do not leak into each other', () => {
    const made = new UnitClusters()
    const count = (zoom: number) => {
      const { clusters } = made.around(() => units, [122, 41, 124, 43], zoom, 0)
      return clusters.reduce((sum, each) => sum + (each.counts.stale ?? 0), 0)
    }
    expect([count(6), count(9), count(6)]).toEqual([20, 20, 20])
  })
})

describe('what is under the pointer', () => {
  test('is the topmost mark within reach, or nothing', () => {
    const hits = new Hits()
    hits.add(10, 10, 5, { kind: 'unit', index: 1 })
    hits.add(12, 10, 5, { kind: 'ticket', id: 't' })
    expect(hits.at(11, 10)).toEqual({ kind: 'ticket', id: 't' })
    expect(hits.at(90, 90)).toBeNull()
  })
})

describe('a playback', () => {
  test('shows each unit where it was, and nobody who had been silent', () => {
    const playback = {
      from: 0,
      to: 60_000,
      stepMs: 1_000,
      units: [
        {
          unitId: 'a',
          points: [
            [0, 123.4, 41.8],
            [30, 123.5, 41.8],
          ] as [number, number, number][],
        },
        { unitId: 'b', points: [[1, 123.4, 41.8]] as [number, number, number][] },
      ],
    }
    const known = new Map(['a', 'b'].map((id, index) => [id, { id, index } as Unit]))
    const then = unitsAt(playback, 31_000, known)
    expect([...then.units.keys()]).toEqual([0])
    expect(then.seen.get(0)?.wx).toBe(worldX(123.5))
  })
})
