import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cover, type CoverPlace, type CoverUnit } from '#domain/cover.ts'
import { MOVE_RULES, suggestMoves } from '#domain/cover-moves.ts'
import { haversineM, offsetM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import { estimatedEtaMs } from '#domain/travel.ts'

const CENTRE: LngLat = [123.43, 41.8]

const placeAt = (id: string, east: number, north: number, households = 100): CoverPlace => {
  const [lng, lat] = offsetM(CENTRE, east, north)
  return { id, lng, lat, households }
}

const unitAt = (id: string, east: number, north: number, more: Partial<CoverUnit> = {}): CoverUnit => {
  const [lng, lat] = offsetM(CENTRE, east, north)
  return { id, lng, lat, kind: 'housekeeper', mode: 'ebike', skills: ['unlocking'], isFree: true, ...more }
}

const coverOf = (places: readonly CoverPlace[], units: readonly CoverUnit[]) => {
  const cover = new Cover(places)
  for (const unit of units) cover.put(unit)
  return cover
}

/** Every unit to every community, the whole cover made anew each time. */
function bestByHand(places: readonly CoverPlace[], units: readonly CoverUnit[]): number {
  const now = coverOf(places, units).totals().households
  let best = 0
  for (const unit of units)
    for (const { lng, lat } of places) {
      if (!unit.isFree || unit.kind === 'volunteer') continue
      if (estimatedEtaMs(haversineM([unit.lng, unit.lat], [lng, lat]), unit.kind, unit.mode) > MOVE_RULES.withinMs)
        continue
      const after = coverOf(
        places,
        units.map((each) => (each === unit ? { ...each, lng, lat } : each)),
      )
      best = Math.max(best, after.totals().households - now)
    }
  return best
}

describe('suggested moves', () => {
  test('[CV4] the second of two units at one post goes where nobody is', () => {
    const places = [placeAt('a', 0, 0, 500), placeAt('b', 2_000, 0, 300)]
    const moves = suggestMoves(coverOf(places, [unitAt('u1', 0, 0), unitAt('u2', 100, 0)]))
    expect(moves).toHaveLength(1)
    expect(moves[0]).toMatchObject({ unitId: 'u2', placeId: 'b', gained: { communities: 1, households: 300 } })
  })

  test('[CV4] no unit leaves more than it finds, goes too far, or is a volunteer', () => {
    const places = [placeAt('a', 0, 0, 500), placeAt('b', 2_000, 0, 300), placeAt('far', 30_000, 0, 9_000)]
    expect(suggestMoves(coverOf(places, [unitAt('u', 0, 0)]))).toEqual([])
    expect(suggestMoves(coverOf(places, [unitAt('v', 0, 0, { kind: 'volunteer' })]))).toEqual([])
  })

  test('[CV4] a skill that is asked for is moved, whatever else stands there', () => {
    const places = [placeAt('a', 0, 0), placeAt('b', 2_000, 0, 300)]
    const units = [
      unitAt('plumber', 0, 0, { skills: ['plumbingElectrical'] }),
      unitAt('other', 0, 0, { skills: ['plumbingElectrical'] }),
      unitAt('there', 2_000, 0, { skills: ['cleaning'] }),
    ]
    const moves = suggestMoves(coverOf(places, units), { ...MOVE_RULES, asked: 'plumbingElectrical' })
    expect(moves.map(({ placeId }) => placeId)).toEqual(['b'])
  })

  test('[CV4] the first move is the best there is, each says what it changes, and the cover is left as it was', () => {
    const offset = fc.integer({ min: -4_000, max: 4_000 })
    const anyPlaces = fc.array(fc.tuple(offset, offset, fc.integer({ min: 1, max: 900 })), {
      minLength: 1,
      maxLength: 20,
    })
    const anyUnits = fc.array(
      fc.tuple(offset, offset, fc.constantFrom('housekeeper', 'crew', 'volunteer'), fc.boolean()),
      {
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(anyPlaces, anyUnits, (rawPlaces, rawUnits) => {
        const places = rawPlaces.map(([east, north, households], i) => placeAt(`c${i}`, east, north, households))
        const units = rawUnits.map(([east, north, kind, isFree], i) =>
          unitAt(`u${i}`, east, north, { kind, mode: kind === 'crew' ? 'car' : 'ebike', isFree }),
        )
        const cover = coverOf(places, units)
        const before = cover.totals()
        const moves = suggestMoves(cover)
        expect(cover.totals()).toEqual(before)
        expect(moves[0]?.gained.households ?? 0).toBe(bestByHand(places, units))
        for (const { unitId, lng, lat, gained } of moves) {
          const unit = units.find(({ id }) => id === unitId) as CoverUnit
          const was = cover.totals()
          cover.put({ ...unit, lng, lat })
          expect(cover.totals().households - was.households).toBe(gained.households)
          expect(cover.totals().communities - was.communities).toBe(gained.communities)
        }
      }),
      { numRuns: 150 },
    )
  })
})
