import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import type { Grant } from '#domain/access.ts'
import type { Fix } from '#domain/fix.ts'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import { fleetAudience } from '#server/fleet/audience.ts'
import { History } from '#server/fleet/history.ts'
import { LiveFleet } from '#server/fleet/live-fleet.ts'
import { Reach } from '#server/fleet/reach.ts'
import { CITY_BOX, CITY_CENTRE, fixAt, unitRow } from '#tests/support/fleet-city.ts'
import { EVERYWHERE, grant, watchFleet } from '#tests/support/fleet-console.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'
import { CELL_BITS, worldX, worldY } from '#wire/fleet-cells.ts'
import type { CellWindow } from '#wire/sockets.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
const BOUNDS = new Map([['a', CITY_BOX]])
let database: ClonedDatabase
let opened: OpenDb
let live: LiveFleet

beforeAll(async () => {
  database = await cloneDatabase()
  opened = openDb(database.url)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})
beforeEach(() => {
  live = new LiveFleet(new History(opened.db), new Reach())
})

const seat = (index: number, over: Partial<Unit> = {}, consentedAt: number | null = NOW - MINUTE_MS) => {
  const unit = unitRow('a', index, NOW - MINUTE_MS, over)
  live.put([{ unit, consentedAt }], BOUNDS)
  return unit.id
}
const reasons = (unitId: string, fix: Fix, now = NOW) =>
  live.take(unitId, [fix], now).verdicts.map((verdict) => (verdict.verdict === 'latest' ? 'latest' : verdict.why))
const console_ = (grants: Grant[], window: CellWindow = EVERYWHERE) => watchFleet(live, grants, window, NOW)
const tick = (now = NOW) => live.tenant('a')?.fanOut.tick(now)

describe('taking fixes', () => {
  test('[FL9] without duty or consent a fix is refused by name and kept nowhere', () => {
    expect(reasons(seat(1, { duty: 'offDuty' }), fixAt(NOW, 0))).toEqual(['offDutyFix'])
    expect(reasons(seat(2, { tracked: false }), fixAt(NOW, 0))).toEqual(['noConsent'])
    expect(reasons(seat(3, {}, null), fixAt(NOW, 0))).toEqual(['noConsent'])
    expect(reasons(seat(4, { duty: 'busy' }), fixAt(NOW, 0))).toEqual(['latest'])
    expect(reasons('nobody', fixAt(NOW, 0))).toEqual(['unknownUnit'])
    expect(live.last('a-unit-1')).toBeNull()
  })

  test('[FL9] a fix from before duty or consent began is refused, though it is sent on duty', () => {
    const id = seat(1, { dutySince: NOW - 10 * SECOND_MS }, NOW - MINUTE_MS)
    expect(reasons(id, fixAt(NOW, 0, { at: NOW - 11 * SECOND_MS }))).toEqual(['beforeDuty'])
    expect(reasons(id, fixAt(NOW, 0, { at: NOW - 10 * SECOND_MS }))).toEqual(['latest'])
    expect(reasons(seat(2, {}, NOW - SECOND_MS), fixAt(NOW, 0, { at: NOW - 2 * SECOND_MS }))).toEqual(['beforeDuty'])
  })

  test('[FL9] a task begun on duty does not begin duty anew: its earlier fixes still count', () => {
    const id = seat(1)
    seat(1, { duty: 'busy', dutySince: NOW })
    expect(reasons(id, fixAt(NOW, 0, { at: NOW - 20 * SECOND_MS }))).toEqual(['latest'])
  })

  test('[FL9] when consent is withdrawn or duty ends, place and recent fixes are gone at once', () => {
    const id = seat(1)
    const desk = console_([grant('dispatcher')])
    reasons(id, fixAt(NOW, 0))
    tick()
    expect([...desk.picture.keys()]).toEqual([1])
    seat(1, { tracked: false }, null)
    expect([live.last(id), live.recent(id)]).toEqual([null, []])
    tick()
    expect(desk.picture.size).toBe(0)
    expect(reasons(id, fixAt(NOW, 0, { at: NOW + 1 }))).toEqual(['noConsent'])
  })

  test('recent fixes are thinned to one in five seconds, the newest always among them', () => {
    const id = seat(1, { dutySince: NOW - 10 * MINUTE_MS }, NOW - 10 * MINUTE_MS)
    for (let s = -400; s <= 0; s++) reasons(id, fixAt(NOW, 0, { at: NOW + s * SECOND_MS }), NOW + s * SECOND_MS)
    const recent = live.recent(id)
    expect(recent.at(-1)?.at).toBe(NOW)
    expect(recent.length).toBeLessThan(50)
    expect(NOW - (recent[0]?.at ?? 0)).toBeGreaterThan(170 * SECOND_MS)
  })

  test('the truth bar counts duty and freshness', () => {
    for (const index of [1, 2, 3]) seat(index)
    seat(4, { duty: 'offDuty' })
    reasons('a-unit-1', fixAt(NOW, 0))
    expect(live.counts('a', NOW)).toEqual({ onDuty: 3, fresh: 1 })
    expect(live.counts('a', NOW + 2 * MINUTE_MS)).toEqual({ onDuty: 3, fresh: 0 })
  })
})

describe('watching', () => {
  test('[FL10] a provider sees its own crews; who may watch nobody has no audience', () => {
    seat(1, { firmId: 'f1' })
    seat(2, { firmId: 'f2' })
    const [desk, provider] = [console_([grant('manager')]), console_([grant('providerManager', 'f1')])]
    reasons('a-unit-1', fixAt(NOW, 0))
    reasons('a-unit-2', fixAt(NOW, 10))
    tick()
    expect([...desk.picture.keys()]).toEqual([1, 2])
    expect([...provider.picture.keys()]).toEqual([1])
    expect(fleetAudience([grant('fieldWorker'), grant('auditor'), grant('subdistrictOfficer')], 'a')).toBeNull()
    expect(fleetAudience([grant('dispatcher')], 'b')).toBeNull()
  })

  test('[FL10] a unit that changes its firm changes hands on open consoles', () => {
    seat(1, { firmId: 'f1' })
    const [one, two] = ['f1', 'f2'].map((firm) => console_([grant('providerManager', firm)]))
    reasons('a-unit-1', fixAt(NOW, 0))
    tick()
    seat(1, { firmId: 'f2' })
    tick()
    expect([one?.picture.size, two?.picture.size]).toEqual([0, 1])
  })

  test('[FL11] equal windows get the very same bytes, and a quiet tick sends nothing', () => {
    seat(1)
    const [one, two] = [console_([grant('dispatcher')]), console_([grant('manager')])]
    reasons('a-unit-1', fixAt(NOW, 0))
    tick()
    tick()
    expect(one.bytes).toHaveLength(1)
    expect(one.bytes[0]).toBe(two.bytes[0])
  })

  test('[FL11] a window shows its own cells only, and a new one starts from what is there', () => {
    seat(1)
    reasons('a-unit-1', fixAt(NOW, 0))
    const [x, y] = [worldX(CITY_CENTRE[0]) >> CELL_BITS, worldY(CITY_CENTRE[1]) >> CELL_BITS]
    const desk = console_([grant('dispatcher')], { west: x - 2, east: x - 1, north: y, south: y })
    tick()
    expect(desk.picture.size).toBe(0)
    desk.watch({ west: x, east: x, north: y, south: y })
    expect(desk.picture.size).toBe(1)
  })

  test('[FL12] a console that cannot write gets no frame, owes nothing but cells, and catches up in one', () => {
    for (let index = 0; index < 20; index++) seat(index)
    const desk = console_([grant('dispatcher')])
    desk.writable = false
    for (let round = 1; round <= 1_000; round++) {
      for (let index = 0; index < 20; index++) {
        reasons(
          `a-unit-${index}`,
          fixAt(NOW, index * 500 + round, { at: NOW + round * SECOND_MS }),
          NOW + round * SECOND_MS,
        )
      }
      tick(NOW + round * SECOND_MS)
    }
    expect(desk.bytes).toHaveLength(0)
    desk.writable = true
    tick(NOW + 1_001 * SECOND_MS)
    expect(desk.bytes).toHaveLength(1)
    expect(desk.picture.size).toBe(20)
    expect(desk.bytes[0]?.length).toBeLessThan(300)
  })
})
