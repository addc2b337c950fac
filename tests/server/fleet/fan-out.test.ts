import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import { History } from '#server/fleet/history.ts'
import { LiveFleet } from '#server/fleet/live-fleet.ts'
import { Reach } from '#server/fleet/reach.ts'
import { CITY_BOX, CITY_CENTRE, fixAt, unitRow } from '#tests/support/fleet-city.ts'
import { EVERYWHERE, grant, watchFleet } from '#tests/support/fleet-console.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'
import { CELL_BITS, worldX, worldY } from '#wire/fleet-cells.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const BOUNDS = new Map([['a', CITY_BOX]])
let database: ClonedDatabase
let opened: OpenDb

beforeAll(async () => {
  database = await cloneDatabase()
  opened = openDb(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('move' as const), unit: fc.nat(11), cell: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('duty' as const), unit: fc.nat(11), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('firm' as const), unit: fc.nat(11), firm: fc.constantFrom('f1', 'f2') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('tick' as const),
      writable: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('look' as const), console: fc.nat(3), from: fc.nat(4), width: fc.nat(3) }),
  },
)

describe('any course of events', () => {
  test('[FL11, FL12] ends, one tick after the last skipped frame, with every console right', () => {
    const [x, y] = [worldX(CITY_CENTRE[0]) >> CELL_BITS, worldY(CITY_CENTRE[1]) >> CELL_BITS]
    const cellWidthM = 3_650
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const live = new LiveFleet(new History(opened.db), new Reach())
        const rows = Array.from(
          { length: 12 },
          (_, index): Partial<Unit> => ({ firmId: index % 2 ? 'f1' : 'f2', mode: 'car' }),
        )
        const apply = (index: number) =>
          live.put([{ unit: unitRow('a', index, NOW - MINUTE_MS, rows[index]), consentedAt: NOW - MINUTE_MS }], BOUNDS)
        for (const index of rows.keys()) apply(index)
        const desks = [
          grant('dispatcher'),
          grant('manager'),
          grant('providerManager', 'f1'),
          grant('providerManager', 'f2'),
        ].map((given) => ({
          given,
          window: EVERYWHERE,
          seen: watchFleet(live, [given], EVERYWHERE, NOW),
        }))
        let now = NOW
        for (const each of steps) {
          // Ten minutes a step: far enough for any cell to be in reach of any other.
          now += 10 * MINUTE_MS
          if (each.do === 'move') live.take(`a-unit-${each.unit}`, [fixAt(now, each.cell * cellWidthM)], now)
          if (each.do === 'duty') Object.assign(rows[each.unit] as object, { duty: each.on ? 'onDuty' : 'offDuty' })
          if (each.do === 'firm') Object.assign(rows[each.unit] as object, { firmId: each.firm })
          if (each.do === 'duty' || each.do === 'firm') apply(each.unit)
          if (each.do === 'tick') {
            desks.forEach((desk, n) => {
              desk.seen.writable = each.writable[n] ?? true
            })
            live.tenant('a')?.fanOut.tick(now)
          }
          const desk = each.do === 'look' ? desks[each.console] : undefined
          if (each.do === 'look' && desk) {
            desk.window = { west: x - 1 + each.from, east: x - 1 + each.from + each.width, north: y, south: y }
            desk.seen.watch(desk.window)
          }
        }
        for (const desk of desks) desk.seen.writable = true
        live.tenant('a')?.fanOut.tick(now)
        for (const { given, window, seen } of desks) {
          const expected = [...rows.keys()].filter((index) => {
            const { cell, unit } = live.seat(`a-unit-${index}`) ?? { cell: null, unit: null }
            const mine = given.firmId === null || unit?.firmId === given.firmId
            return (
              cell !== null &&
              mine &&
              cell.x >= window.west &&
              cell.x <= window.east &&
              cell.y >= window.north &&
              cell.y <= window.south
            )
          })
          expect([...seen.picture.keys()].sort((a, b) => a - b)).toEqual(expected)
          for (const [index, unit] of seen.picture) {
            const held = live.seat(`a-unit-${index}`)
            expect([unit.wx, unit.wy, unit.duty]).toEqual([held?.wx, held?.wy, held?.unit.duty])
          }
        }
      }),
      {
        numRuns: 300,
        examples: [
          // It changes its firm after it has left the cell where the old firm saw it, and before anybody was told.
          [
            [
              { do: 'move', unit: 8, cell: 0 },
              { do: 'tick', writable: [true, true, true, true] },
              { do: 'move', unit: 8, cell: 1 },
              { do: 'firm', unit: 8, firm: 'f1' },
            ],
          ],
          [
            [
              { do: 'move', unit: 8, cell: 0 },
              { do: 'tick', writable: [true, true, true, true] },
              { do: 'duty', unit: 8, on: false },
              { do: 'firm', unit: 8, firm: 'f1' },
            ],
          ],
        ],
      },
    )
  })
})
