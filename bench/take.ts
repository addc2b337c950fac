import { offsetM } from '#domain/geo.ts'
import { SECOND_MS } from '#domain/instant.ts'
import { LiveFleet } from '#server/fleet/live-fleet.ts'
import { Reach } from '#server/fleet/reach.ts'
import type { Bench } from './bench.ts'
import { makeWorld, TENANT, UNITS } from './fanout/world.ts'

const ROUNDS = 120
const STEP_MS = 5 * SECOND_MS
const NO_HISTORY = { add: () => undefined, kept: () => Promise.resolve(true) }

/** What a fix costs on its way from a door to the map: judged, kept in memory, placed in its cell. */
export const take: Bench = {
  about: `${UNITS} units, each reporting in its turn: judge, memory and cell, without doors, history and consoles.`,
  async run(report) {
    const world = await makeWorld(0)
    const live = new LiveFleet(NO_HISTORY, new Reach())
    const rows = world.units.map((unit) => ({ unit, consentedAt: 0 }))
    live.put(rows, new Map([[TENANT, world.bounds]]))
    let [cpu, now] = [process.cpuUsage(), Date.UTC(2026, 0, 1)]
    for (let round = 0; round < ROUNDS; round++) {
      // The first half warms up.
      if (round === ROUNDS / 2) cpu = process.cpuUsage()
      for (const { id, postLng, postLat } of world.units) {
        const [lng, lat] = offsetM([postLng, postLat], round % 20, 0)
        const fix = { at: now, lng, lat, accuracyM: 10, speedMps: 1, headingDeg: 90, altitudeM: null, batteryPct: null }
        live.take(id, [{ ...fix, source: 'simulator' }], now)
      }
      now += STEP_MS
      live.tenant(TENANT)?.fanOut.tick(now)
    }
    const used = process.cpuUsage(cpu)
    const value = ((used.user + used.system) * 1_000) / ((ROUNDS / 2) * UNITS)
    report({ bench: 'take', case: 'judged', metric: 'cpuNsPerFix', value, unit: 'ns' })
  },
}
