import { offsetM } from '#domain/geo.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { LngLat } from '#domain/places.ts'
import { between, normal, seededRandom } from '#domain/random.ts'
import { metresBetween } from '#planning/policy/fleet.ts'
import type { Pace, RecordedRun, SimCall, SimUnit } from '#planning/policy/model.ts'
import type { World } from '#planning/policy/simulate.ts'

const CENTRE: LngLat = [123.43, 41.8]
export const START = Date.UTC(2026, 2, 2)

export const spot = (eastM: number, northM: number) => {
  const [lng, lat] = offsetM(CENTRE, eastM, northM)
  return { lng, lat }
}

/** A minute to leave, then 26 km/h of way, which is 20 km/h as the crow flies: 3 minutes a kilometre. */
export const PACE: Pace = {
  kind: 'crew',
  mode: 'car',
  turnoutMs: MINUTE_MS,
  turnoutSpread: 0,
  speedKmh: 26,
  speedSpread: 0,
  shared: 0,
}

export const unitAt = (id: string, eastM: number, northM: number, more: Partial<SimUnit> = {}): SimUnit => ({
  id,
  type: 'van',
  ...spot(eastM, northM),
  duty: null,
  ...more,
})

export const callAt = (id: string, minute: number, eastM: number, northM: number, busyMinutes = 20): SimCall => ({
  id,
  at: START + minute * MINUTE_MS,
  ...spot(eastM, northM),
  needs: [{ type: 'van', delayMs: 0, busyMs: busyMinutes * MINUTE_MS, isCalledOff: false }],
  actualMs: 0,
})

export const worldOf = (units: readonly SimUnit[], calls: readonly SimCall[], more: Partial<World> = {}): World => ({
  units,
  calls,
  paces: new Map([['van', PACE]]),
  demand: [],
  leadTypes: ['van'],
  coverRules: {
    withinMs: 5 * MINUTE_MS,
    travel: {
      turnoutMs: { housekeeper: 0, volunteer: 0, crew: PACE.turnoutMs },
      speedKmh: { foot: 4, ebike: 18, car: PACE.speedKmh },
      detour: 1.3,
    },
  },
  withinMs: 5 * MINUTE_MS,
  lossMs: 0,
  ...more,
})

/** The record of a town that always sends the nearest: nine vans on a grid, a call about every half hour, scatter of a fifth. */
export function townRecord(count: number, speedKmh: number): RecordedRun[] {
  const random = seededRandom(11, 'town')
  const posts = Array.from({ length: 9 }, (_, n) => ({
    id: `van-${n}`,
    ...spot(((n % 3) - 1) * 2_000, (Math.floor(n / 3) - 1) * 2_000),
  }))
  let at = START
  return Array.from({ length: count }, (_, n) => {
    at += between(random, 20, 40) * MINUTE_MS
    const call = spot(between(random, -3_000, 3_000), between(random, -3_000, 3_000))
    const [nearest] = [...posts].sort((a, b) => metresBetween(a, call) - metresBetween(b, call))
    const ride = (metresBetween(nearest as (typeof posts)[0], call) * 1.3 * 3_600) / speedKmh
    const sentAt = Math.round(at + 45 * SECOND_MS)
    const leftAt = Math.round(sentAt + 80 * SECOND_MS * Math.exp(0.2 * normal(random)))
    const onSiteAt = Math.round(leftAt + ride * Math.exp(0.2 * normal(random)))
    const reportedAt = Math.round(at)
    return {
      callId: `c${n}`,
      unitId: nearest?.id ?? '',
      type: 'van',
      ...call,
      reportedAt,
      sentAt,
      leftAt,
      onSiteAt,
      endedAt: onSiteAt + Math.round(HOUR_MS / 4),
    }
  })
}
