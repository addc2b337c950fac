import { describe, expect, test } from 'vitest'
import {
  AT_SITE_M,
  advance,
  fixOf,
  isAtSite,
  ROUND_M,
  release,
  sendTo,
  type Walker,
  walkerOf,
} from '#cli/simulator/walker.ts'
import { haversineM, offsetM } from '#domain/geo.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import { EMPTY_TRACK, JUDGE_LIMITS, judge } from '#domain/judge.ts'
import type { LngLat } from '#domain/places.ts'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import { TRAVEL_MODES, type TravelMode } from '#domain/units.ts'
import { aUnit } from '#tests/support/dispatch-rows.ts'

const T0 = Date.UTC(2026, 10, 3, 0, 0, 0)
const POST: LngLat = [123.43, 41.8]
const BOUNDS = [122, 41, 125, 43] as const

const unitOf = (mode: TravelMode) => aUnit({ id: `unit-${mode}`, mode, postLng: POST[0], postLat: POST[1] })
const around = (mode: TravelMode): LngLat[] =>
  [0, 1, 2, 3, 4].map((i) => offsetM(POST, ROUND_M[mode] * 0.6 * Math.cos(i), ROUND_M[mode] * 0.6 * Math.sin(i)))

const walkTo = (walker: Walker, places: readonly LngLat[], from: number, until: number, isThere: () => boolean) => {
  for (let at = from; at <= until; at += 5 * SECOND_MS) {
    advance(walker, places, at)
    if (isThere()) return at
  }
  return null
}

describe('a simulated unit', () => {
  test.each(TRAVEL_MODES)(
    '[SM1] by %s is never doubted by the judge, on its rounds and on its tasks, for six hours',
    (mode) => {
      const random = seededRandom(7, mode)
      const places = around(mode)
      const walker = walkerOf(unitOf(mode), places, 7, T0)
      let track = EMPTY_TRACK
      let moved = 0
      for (let at = T0 + SECOND_MS; at < T0 + 6 * HOUR_MS; at += wholeBetween(random, 1, 60) * SECOND_MS) {
        if (random() < 0.01) sendTo(walker, offsetM(POST, 2_000 * (random() - 0.5), 2_000 * (random() - 0.5)), at)
        if (random() < 0.01) release(walker, at)
        advance(walker, places, at)
        const fix = { ...fixOf(walker, at), receivedAt: at }
        const judged = judge(track, fix, mode, BOUNDS, JUDGE_LIMITS)
        // A unit that stands says the same again, with a new time.
        expect(judged.verdict).toEqual({ verdict: 'latest' })
        if (track.last && haversineM([fix.lng, fix.lat], [track.last.lng, track.last.lat]) > 20) moved++
        track = judged.track
      }
      expect(moved).toBeGreaterThan(20)
    },
  )

  test('[SM1] goes to the site of its task, stays there until released, and then takes up its rounds', () => {
    const places = around('ebike')
    const walker = walkerOf(unitOf('ebike'), places, 1, T0)
    const site = offsetM(POST, 700, -500)
    sendTo(walker, site, T0)
    const there = walkTo(walker, places, T0, T0 + 10 * MINUTE_MS, () => isAtSite(walker, site))
    expect(there).not.toBeNull()
    walkTo(walker, places, T0 + 10 * MINUTE_MS, T0 + 2 * HOUR_MS, () => false)
    expect(haversineM(walker.at, site)).toBeLessThanOrEqual(AT_SITE_M)
    release(walker, T0 + 2 * HOUR_MS)
    const gone = walkTo(walker, places, T0 + 2 * HOUR_MS, T0 + 3 * HOUR_MS, () => haversineM(walker.at, site) > 100)
    expect(gone).not.toBeNull()
  })

  test('[SM2] walks the same way from the same seed, and another from another', () => {
    const paths = [1, 1, 2].map((seed) => {
      const walker = walkerOf(unitOf('ebike'), around('ebike'), seed, T0)
      walkTo(walker, around('ebike'), T0, T0 + HOUR_MS, () => false)
      return walker.at.join()
    })
    expect(paths[0]).toBe(paths[1])
    expect(paths[2]).not.toBe(paths[0])
  })
})
