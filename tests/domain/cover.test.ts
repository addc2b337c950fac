import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Cover, type CoverPlace, type CoverUnit, FIVE_MINUTES, reachM } from '#domain/cover.ts'
import { haversineM, offsetM } from '#domain/geo.ts'
import type { LngLat } from '#domain/places.ts'
import { estimatedEtaMs } from '#domain/travel.ts'
import { SKILLS, type Skill, TRAVEL_MODES, UNIT_KINDS } from '#domain/units.ts'

const CENTRE: LngLat = [123.43, 41.8]

const placeAt = (id: string, east: number, north: number, households = 100): CoverPlace => {
  const [lng, lat] = offsetM(CENTRE, east, north)
  return { id, lng, lat, households }
}

const unitAt = (id: string, east: number, north: number, more: Partial<CoverUnit> = {}): CoverUnit => {
  const [lng, lat] = offsetM(CENTRE, east, north)
  return { id, lng, lat, kind: 'housekeeper', mode: 'ebike', skills: ['unlocking'], isFree: true, ...more }
}

/** What the rules say, place by place and unit by unit, with nothing kept. */
function byHand(places: readonly CoverPlace[], units: readonly CoverUnit[], asked: Skill | null): number[] {
  return places.map(
    (place) =>
      units.filter(
        ({ isFree, skills, kind, mode, lng, lat }) =>
          isFree &&
          (asked === null || skills.includes(asked)) &&
          estimatedEtaMs(haversineM([lng, lat], [place.lng, place.lat]), kind, mode) <= FIVE_MINUTES.withinMs,
      ).length,
  )
}

const anyOffset = fc.integer({ min: -3_000, max: 3_000 })
const anyPlaces = fc
  .array(fc.tuple(anyOffset, anyOffset, fc.integer({ min: 0, max: 3_000 })), { maxLength: 60 })
  .map((all) => all.map(([east, north, households], i) => placeAt(`c${i}`, east, north, households)))
const anyUnit = fc
  .record({
    id: fc.integer({ min: 0, max: 12 }),
    east: anyOffset,
    north: anyOffset,
    kind: fc.constantFrom(...UNIT_KINDS),
    mode: fc.constantFrom(...TRAVEL_MODES),
    skills: fc.uniqueArray(fc.constantFrom(...SKILLS), { maxLength: 4 }),
    isFree: fc.boolean(),
  })
  .map(({ id, east, north, ...more }) => unitAt(`u${id}`, east, north, more))

describe('five-minute cover', () => {
  test('[CV1] a housekeeper on an e-bike covers 1,038 m around it, a crew in a car 1,282 m, a volunteer on foot 202 m', () => {
    expect(Math.round(reachM('housekeeper', 'ebike', FIVE_MINUTES))).toBe(1_038)
    expect(Math.round(reachM('crew', 'car', FIVE_MINUTES))).toBe(1_282)
    expect(Math.round(reachM('volunteer', 'foot', FIVE_MINUTES))).toBe(202)
  })

  test('[CV1] a community just inside the five minutes is covered, one just outside is not', () => {
    const cover = new Cover([placeAt('in', 1_037, 0, 700), placeAt('out', 1_040, 0, 900)])
    cover.put(unitAt('u', 0, 0))
    expect(cover.totals()).toEqual({ communities: 1, households: 700 })
    expect([cover.countAt(0), cover.countAt(1)]).toEqual([1, 0])
  })

  test('[CV2] a unit with a task or off duty covers nothing, and covers again when it is free', () => {
    const cover = new Cover([placeAt('a', 0, 0)])
    cover.put(unitAt('u', 0, 0, { isFree: false }))
    expect(cover.totals().communities).toBe(0)
    cover.put(unitAt('u', 0, 0))
    expect(cover.totals().communities).toBe(1)
    cover.remove('u')
    expect(cover.totals()).toEqual({ communities: 0, households: 0 })
  })

  test('[CV2] who asks for a skill is told only of those who have it', () => {
    const cover = new Cover([placeAt('a', 0, 0)])
    cover.put(unitAt('u', 0, 0, { skills: ['unlocking'] }))
    expect(cover.totals('unlocking').communities).toBe(1)
    expect(cover.totals('liftRescue').communities).toBe(0)
  })

  test('[CV3] after any run of changes the cover is what looking at everything says', () => {
    fc.assert(
      fc.property(anyPlaces, fc.array(fc.tuple(fc.boolean(), anyUnit), { maxLength: 40 }), (places, changes) => {
        const cover = new Cover(places)
        const units = new Map<string, CoverUnit>()
        for (const [stays, unit] of changes) {
          const before = new Map(places.map((_, i) => [i, cover.countAt(i)]))
          const touched = stays ? cover.put(unit) : cover.remove(unit.id)
          if (stays) units.set(unit.id, unit)
          else units.delete(unit.id)
          for (const [index, count] of before) if (cover.countAt(index) !== count) expect([...touched]).toContain(index)
        }
        for (const asked of [null, ...SKILLS]) {
          const counts = byHand(places, [...units.values()], asked)
          expect(places.map((_, index) => cover.countAt(index, asked))).toEqual(counts)
          const covered = places.filter((_, index) => (counts[index] as number) > 0)
          expect(cover.totals(asked)).toEqual({
            communities: covered.length,
            households: covered.reduce((sum, { households }) => sum + households, 0),
          })
        }
      }),
      { numRuns: 200 },
    )
  })

  test('[CV3] the same near a pole and across the antimeridian, where cells are no help', () => {
    for (const [lng, lat] of [
      [179.999, -20],
      [10, 88],
    ] as const) {
      const [east, north] = offsetM([lng, lat], 500, 200)
      const place = { id: 'a', lng: east > 180 ? east - 360 : east, lat: north, households: 5 }
      const cover = new Cover([place])
      cover.put({ id: 'u', lng, lat, kind: 'crew', mode: 'car', skills: [], isFree: true })
      expect(cover.totals().households).toBe(5)
    }
  })
})
