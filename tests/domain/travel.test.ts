import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { estimatedEtaMs, routedEtaMs, TRAVEL } from '#domain/travel.ts'
import { TRAVEL_MODES, UNIT_KINDS } from '#domain/units.ts'

describe('estimated time of arrival', () => {
  test('[RK1] a housekeeper on an e-bike 1,150 m away needs its turnout and five minutes', () => {
    // DOMAIN §2.4: e-bike 18 km/h, detour 1.3 → 1.15 km use all of the five minutes.
    const eta = estimatedEtaMs(1_153.846, 'housekeeper', 'ebike')
    expect(eta).toBe(TRAVEL.turnoutMs.housekeeper + 300_000)
  })

  test('[RK1] on foot a kilometre takes 17 min 20 s, by car 3 min 7 s', () => {
    const none = { ...TRAVEL, turnoutMs: { housekeeper: 0, crew: 0, volunteer: 0 } }
    expect(estimatedEtaMs(1_000, 'crew', 'foot', none)).toBe(1_040_000)
    expect(estimatedEtaMs(1_000, 'crew', 'car', none)).toBe(187_200)
  })

  test('[RK1] standing at the door still costs the turnout', () => {
    for (const kind of UNIT_KINDS) expect(estimatedEtaMs(0, kind, 'foot')).toBe(TRAVEL.turnoutMs[kind])
  })

  test('[RK1] a longer way never takes less time', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100_000, noNaN: true }),
        fc.double({ min: 0, max: 100_000, noNaN: true }),
        fc.constantFrom(...UNIT_KINDS),
        fc.constantFrom(...TRAVEL_MODES),
        (one, other, kind, mode) => {
          const [near, far] = one < other ? [one, other] : [other, one]
          expect(estimatedEtaMs(near, kind, mode)).toBeLessThanOrEqual(estimatedEtaMs(far, kind, mode))
        },
      ),
    )
  })

  test("[RK2] a car takes the router's time, a bike and feet its length at their own speed", () => {
    const way = { distanceM: 1_500, durationMs: 240_000 }
    expect(routedEtaMs(way, 'crew', 'car')).toBe(TRAVEL.turnoutMs.crew + 240_000)
    expect(routedEtaMs(way, 'crew', 'ebike')).toBe(TRAVEL.turnoutMs.crew + 300_000)
    expect(routedEtaMs(way, 'crew', 'foot')).toBe(TRAVEL.turnoutMs.crew + 1_200_000)
  })

  test('[RK2] the detour is not added to a way that was routed', () => {
    const way = { distanceM: 1_000, durationMs: 0 }
    expect(routedEtaMs(way, 'volunteer', 'ebike')).toBeLessThan(estimatedEtaMs(1_000, 'volunteer', 'ebike'))
  })
})
