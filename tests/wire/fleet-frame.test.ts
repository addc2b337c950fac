import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIX_SOURCES } from '#domain/fix.ts'
import { haversineM } from '#domain/geo.ts'
import { DUTY_STATES } from '#domain/units.ts'
import { CELL_BITS, CELL_STEPS, lngLatOf, worldX, worldY } from '#wire/fleet-cells.ts'
import { type CellEntry, decodeFrame, encodeCell, joinCells, packState } from '#wire/fleet-frame.ts'
import { applyFrame, type FleetPicture } from '#wire/fleet-picture.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const [CX, CY] = [6_905, 3_070]
const entry = (index: number, over: Partial<CellEntry> = {}): CellEntry => ({
  index,
  wx: (CX << CELL_BITS) + (index % CELL_STEPS),
  wy: (CY << CELL_BITS) + 7,
  state: packState('onDuty', 'device', null),
  heardAt: NOW,
  ...over,
})
const frameOf = (...cells: Uint8Array[]) => decodeFrame(joinCells('changes', NOW, cells))

const anyEntry = fc.record({
  index: fc.integer({ min: 0, max: 2_000_000 }),
  dx: fc.nat(CELL_STEPS - 1),
  dy: fc.nat(CELL_STEPS - 1),
  duty: fc.constantFrom(...DUTY_STATES),
  source: fc.constantFrom(...FIX_SOURCES),
  headingDeg: fc.option(fc.double({ min: 0, max: 359.99, noNaN: true })),
  ageMs: fc.integer({ min: 0, max: 2 * 3_600_000 }),
})
const anyCell = fc.record({
  x: fc.integer({ min: 0, max: 8_191 }),
  y: fc.integer({ min: 0, max: 8_191 }),
  left: fc.uniqueArray(fc.nat(2_000_000), { maxLength: 20 }).map((left) => left.sort((a, b) => a - b)),
  seen: fc
    .uniqueArray(anyEntry, { maxLength: 60, selector: (given) => given.index })
    .map((seen) => seen.sort((a, b) => a.index - b.index)),
})

describe('fleet frame', () => {
  test('[WF6] any place on Web Mercator comes back within 1 m', () => {
    const lng = fc.double({ min: -180, max: 179.999, noNaN: true })
    const lat = fc.double({ min: -85, max: 85, noNaN: true })
    fc.assert(
      fc.property(lng, lat, (lng, lat) => {
        expect(haversineM(lngLatOf(worldX(lng), worldY(lat)), [lng, lat])).toBeLessThanOrEqual(1)
      }),
      { numRuns: 2_000 },
    )
  })

  test('[WF6, WF7] any cells, joined, come back as they were', () => {
    fc.assert(
      fc.property(fc.array(anyCell, { maxLength: 6 }), (cells) => {
        const encoded = cells.map(({ x, y, left, seen }) =>
          encodeCell(
            x,
            y,
            false,
            left,
            seen.map((unit) => ({
              index: unit.index,
              wx: (x << CELL_BITS) + unit.dx,
              wy: (y << CELL_BITS) + unit.dy,
              state: packState(unit.duty, unit.source, unit.headingDeg),
              heardAt: NOW - unit.ageMs,
            })),
            NOW,
          ),
        )
        const frame = frameOf(...encoded)
        expect(frame?.cells.map(({ x, y, left }) => ({ x, y, left }))).toEqual(
          cells.map(({ x, y, left }) => ({ x, y, left })),
        )
        frame?.cells.forEach((cell, n) => {
          cell.seen.forEach((unit, m) => {
            const given = cells[n]?.seen[m]
            if (!given) throw new Error('more came back than was sent')
            expect([unit.index, unit.wx % CELL_STEPS, unit.wy % CELL_STEPS]).toEqual([given.index, given.dx, given.dy])
            expect([unit.duty, unit.source]).toEqual([given.duty, given.source])
            const turned = unit.headingDeg === null ? null : Math.abs(unit.headingDeg - (given.headingDeg ?? 0))
            if (given.headingDeg === null) expect(unit.headingDeg).toBeNull()
            else expect(Math.min(turned ?? 360, 360 - (turned ?? 360))).toBeLessThanOrEqual(6)
            expect(NOW - unit.heardAt).toBeGreaterThanOrEqual(given.ageMs)
          })
        })
      }),
    )
  })

  test('[WF6] an age is off by 2 s up to a minute and by 5 s up to two', () => {
    for (let ageMs = 0; ageMs <= 120_000; ageMs += 137) {
      const [unit] =
        frameOf(encodeCell(CX, CY, false, [], [entry(1, { heardAt: NOW - ageMs })], NOW))?.cells[0]?.seen ?? []
      const told = NOW - (unit?.heardAt ?? 0)
      expect(told - ageMs).toBeGreaterThanOrEqual(0)
      expect(told - ageMs).toBeLessThanOrEqual(ageMs <= 60_000 ? 2_000 : 5_000)
    }
  })

  test('[WF7] every cut of a frame is refused, save where a cell ends', () => {
    const cells = [
      encodeCell(CX, CY, false, [4], [entry(300), entry(900)], NOW),
      encodeCell(CX + 1, CY, true, [], [entry(5)], NOW),
    ]
    const whole = joinCells('changes', NOW, cells)
    const ends = [10, 10 + (cells[0]?.length ?? 0), whole.length]
    for (let length = 0; length <= whole.length; length++) {
      expect(decodeFrame(whole.slice(0, length)) !== null).toBe(ends.includes(length))
    }
  })

  test('a hundred neighbours take less than 8 bytes each', () => {
    const seen = Array.from({ length: 100 }, (_, n) => entry(n * 110))
    expect(joinCells('changes', NOW, [encodeCell(CX, CY, false, [], seen, NOW)]).length / 100).toBeLessThan(8)
  })
})

describe('a console’s picture', () => {
  const here = encodeCell(CX, CY, false, [], [entry(1), entry(2)], NOW)
  const moved = [
    encodeCell(CX, CY, false, [1], [], NOW),
    encodeCell(CX + 1, CY, false, [], [entry(1, { wx: (CX + 1) << CELL_BITS })], NOW),
  ]

  test('[WF8] a unit that moves between cells stays, in either order and told twice', () => {
    for (const cells of [moved, moved.toReversed()]) {
      const picture: FleetPicture = new Map()
      for (const frame of [frameOf(here), frameOf(...cells), frameOf(...cells)]) if (frame) applyFrame(picture, frame)
      expect([...picture.keys()].sort()).toEqual([1, 2])
      expect(picture.get(1)?.wx).toBe((CX + 1) << CELL_BITS)
    }
  })

  test('[WF8] a whole cell drops whoever it does not list, and nobody elsewhere', () => {
    const picture: FleetPicture = new Map()
    const frames = [
      frameOf(here, encodeCell(CX + 9, CY, false, [], [entry(7, { wx: (CX + 9) << CELL_BITS })], NOW)),
      frameOf(encodeCell(CX, CY, true, [], [entry(2)], NOW)),
    ]
    for (const frame of frames) if (frame) applyFrame(picture, frame)
    expect([...picture.keys()].sort()).toEqual([2, 7])
  })

  test('[WF8] a snapshot replaces everything', () => {
    const picture: FleetPicture = new Map()
    for (const bytes of [joinCells('changes', NOW, [here]), joinCells('snapshot', NOW, [])]) {
      const frame = decodeFrame(bytes)
      if (frame) applyFrame(picture, frame)
    }
    expect(picture.size).toBe(0)
  })
})
