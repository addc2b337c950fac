import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Unit } from '#domain/units.ts'
import { CITY, startTestApp, T0, type TestApp, testCity } from '#tests/support/app.ts'
import { openConsole } from '#tests/support/console-socket.ts'
import { unitRow } from '#tests/support/fleet-city.ts'
import { CELLS_ACROSS } from '#wire/fleet-cells.ts'

const EVERYWHERE = { west: 0, east: CELLS_ACROSS - 1, north: 0, south: CELLS_ACROSS - 1 }
const UNITS = 4_000
let world: TestApp
let url: string
let rows: Unit[]

beforeAll(async () => {
  world = await startTestApp()
  url = await world.app.listen()
  rows = Array.from({ length: UNITS }, (_, n) => unitRow(CITY, 100 + n, T0 - 1_000))
  world.app.fleet.live.put(
    rows.map((unit) => ({ unit, consentedAt: T0 - 1_000 })),
    new Map([[CITY, testCity(CITY).bbox]]),
  )
})
afterAll(() => world.end())

/** Everybody moves on by a few metres, and the tick that tells it. */
function round(n: number) {
  const now = T0 + n * 1_000
  world.clock.set(now)
  rows.forEach(({ id }, index) => {
    const fix = {
      at: now,
      lng: 123.2 + index / 6_000 + n / 100_000,
      lat: 41.5,
      accuracyM: 5,
      speedMps: null,
      headingDeg: 90,
    }
    world.app.fleet.live.take(id, [{ ...fix, altitudeM: null, batteryPct: null, source: 'simulator' }], now)
  })
  world.ticker.pass(250)
}

describe('a console that stops reading', () => {
  test('[FL12] is sent no more than its socket holds, and is right again one frame after it reads on', async () => {
    const who = await world.withRole('dispatcher')
    const console = await openConsole(url, who.headers, CITY)
    if (typeof console === 'string') throw new Error(console)
    await console.watch(EVERYWHERE)
    round(1)
    await console.until(() => console.picture.size === UNITS)
    const tenant = world.app.fleet.live.tenant(CITY)
    const wire = (
      console.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }
    ).ws._socket
    wire.pause()
    let n = 1
    while ((tenant?.fanOut.skipped ?? 0) < 10 && n < 2_000) {
      round(++n)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(tenant?.fanOut.skipped).toBe(10)
    const held = console.frames
    wire.resume()
    const newest = () =>
      [...console.picture.values()].every(
        (unit) => unit.wx === world.app.fleet.live.seat(rows[unit.index - 100]?.id ?? '')?.wx,
      )
    while (!newest()) {
      round(++n)
      const before = console.frames
      await console.until(() => console.frames > before)
    }
    expect(console.picture.size).toBe(UNITS)
    // Far fewer frames than rounds: what was skipped never came.
    expect(console.frames - held).toBeLessThan(n - 10)
    console.socket.disconnect()
  })
})
