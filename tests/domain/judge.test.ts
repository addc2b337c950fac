import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReceivedFix } from '#domain/fix.ts'
import { offsetM } from '#domain/geo.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import { EMPTY_TRACK, JUDGE_LIMITS, judge, type Track } from '#domain/judge.ts'
import type { Bbox, LngLat } from '#domain/places.ts'
import type { TravelMode } from '#domain/units.ts'

const BOX: Bbox = [122.4, 41.2, 123.9, 43.1]
const CENTRE: LngLat = [123.43, 41.8]
const NOW = Date.UTC(2026, 4, 4, 8)

const fix = (over: Partial<ReceivedFix> = {}): ReceivedFix => ({
  at: NOW,
  receivedAt: NOW,
  lng: CENTRE[0],
  lat: CENTRE[1],
  accuracyM: 10,
  speedMps: null,
  headingDeg: null,
  altitudeM: null,
  batteryPct: null,
  source: 'device',
  ...over,
})
const east = (metres: number) => {
  const [lng, lat] = offsetM(CENTRE, metres, 0)
  return { lng, lat }
}
const later = (ms: number, over: Partial<ReceivedFix> = {}) => fix({ at: NOW + ms, receivedAt: NOW + ms, ...over })
const ask = (track: Track, next: ReceivedFix, mode: TravelMode = 'ebike') => judge(track, next, mode, BOX, JUDGE_LIMITS)
const follow = (fixes: ReceivedFix[], mode: TravelMode = 'ebike') => {
  let track = EMPTY_TRACK
  return fixes.map((next) => {
    const judged = ask(track, next, mode)
    track = judged.track
    return judged.verdict.verdict === 'latest' ? 'latest' : judged.verdict.why
  })
}

describe('judging a fix', () => {
  test('a first fix in the city becomes the latest', () => {
    const judged = ask(EMPTY_TRACK, fix())
    expect(judged.verdict).toEqual({ verdict: 'latest' })
    expect(judged.track.last).toEqual(fix())
  })

  test.each([
    ['badNumbers', { lat: Number.NaN }],
    ['badNumbers', { lng: Number.POSITIVE_INFINITY }],
    ['badNumbers', { lat: 90.01 }],
    ['badNumbers', { at: Number.NaN }],
    ['nullIsland', { lng: 0.001, lat: -0.001 }],
    ['outsideTenant', { lng: 121.6, lat: 38.9 }],
  ])('[FL1] %s is refused and changes nothing', (why, over) => {
    const track = ask(EMPTY_TRACK, fix()).track
    const judged = ask(track, later(5_000, over))
    expect(judged.verdict).toEqual({ verdict: 'refused', why })
    expect(judged.track).toBe(track)
  })

  test('[FL1] null island is refused even by a tenant that holds it', () => {
    const judged = judge(EMPTY_TRACK, fix({ lng: 0, lat: 0 }), 'car', [-10, -10, 10, 10], JUDGE_LIMITS)
    expect(judged.verdict).toEqual({ verdict: 'refused', why: 'nullIsland' })
  })

  test('[FL2] 300 s ahead is taken, a millisecond more is refused; so is a week and a millisecond ago', () => {
    expect(follow([fix({ at: NOW + 300_000 })])).toEqual(['latest'])
    expect(follow([fix({ at: NOW + 300_001 })])).toEqual(['future'])
    expect(follow([fix({ at: NOW - 7 * DAY_MS })])).toEqual(['latest'])
    expect(follow([fix({ at: NOW - 7 * DAY_MS - 1 })])).toEqual(['tooOld'])
  })

  test('[FL3] a clock 280 s ahead that is set right loses no fix', () => {
    const ahead = [0, 5, 10].map((s) => later(s * SECOND_MS, { at: NOW + (s + 280) * SECOND_MS, ...east(s) }))
    expect(follow([...ahead, later(15 * SECOND_MS, east(15)), later(20 * SECOND_MS, east(20))])).toEqual(
      Array(5).fill('latest'),
    )
  })

  test('[FL3] a batch from a clock that is ahead keeps the order of the device', () => {
    const batch = [250, 255, 260, 255].map((s) => fix({ at: NOW + s * SECOND_MS, ...east(s - 250) }))
    expect(follow(batch)).toEqual(['latest', 'latest', 'latest', 'older'])
  })

  test('[FL4] an older fix is kept for the trail, a repeated one refused', () => {
    expect(follow([fix(), later(-1, east(3)), fix(), later(0, east(1))])).toEqual([
      'latest',
      'older',
      'repeated',
      'older',
    ])
  })

  test('[FL5] the cap of each mode and both accuracies decide what is a jump', () => {
    const moved = (metres: number, mode: TravelMode, accuracyM: number | null = 10) =>
      follow([fix({ accuracyM }), later(10 * SECOND_MS, { ...east(metres), accuracyM })], mode)[1]
    expect(moved(365, 'ebike')).toBe('latest')
    expect(moved(375, 'ebike')).toBe('jump')
    expect(moved(375, 'car')).toBe('latest')
    expect(moved(625, 'car')).toBe('jump')
    expect(moved(445, 'ebike', null)).toBe('latest')
    expect(moved(455, 'ebike', null)).toBe('jump')
    // Accuracies excuse 500 m at most.
    expect(moved(355 + 500, 'ebike', 900)).toBe('jump')
  })

  test('[FL5] a fix good to 1,000 m is taken, a worse one kept for the trail', () => {
    expect(follow([fix({ accuracyM: 1_000 }), later(5_000, { accuracyM: 1_001 })])).toEqual(['latest', 'inaccurate'])
  })

  test('[FL6] after one wrong first fix the third true one is the latest', () => {
    const wrong = fix(east(30_000))
    const truth = [5, 10, 15, 20].map((s) => later(s * SECOND_MS, east(s)))
    expect(follow([wrong, ...truth])).toEqual(['latest', 'jump', 'jump', 'latest', 'latest'])
  })

  test('[FL6] jumps that do not agree with each other convince nobody', () => {
    const wild = [1, 2, 3, 4, 5, 6].map((n) => later(n * SECOND_MS, east(n % 2 ? 20_000 : -20_000)))
    expect(follow([fix(), ...wild])).toEqual(['latest', ...Array(6).fill('jump')])
  })

  test('[FL6] a single outlier in a true track does not move the unit', () => {
    const track = [0, 5, 10, 15, 20].map((s) => later(s * SECOND_MS, s === 10 ? east(9_000) : east(s)))
    expect(follow(track)).toEqual(['latest', 'latest', 'jump', 'latest', 'latest'])
  })
})

const anyFix = fc.record({
  at: fc.oneof(fc.integer({ min: NOW - DAY_MS, max: NOW + DAY_MS }), fc.double()),
  receivedAt: fc.integer({ min: NOW, max: NOW + 10 * MINUTE_MS }),
  lng: fc.oneof(fc.double({ min: BOX[0], max: BOX[2], noNaN: true }), fc.double()),
  lat: fc.oneof(fc.double({ min: BOX[1], max: BOX[3], noNaN: true }), fc.double()),
  accuracyM: fc.option(fc.double({ min: 0, max: 2_000, noNaN: true })),
  speedMps: fc.constant(null),
  headingDeg: fc.constant(null),
  altitudeM: fc.constant(null),
  batteryPct: fc.constant(null),
  source: fc.constant('device' as const),
})

describe('judging any fixes in any order', () => {
  test('[FL1, FL2] whatever is the latest lies in the box and is not from the future', () => {
    fc.assert(
      fc.property(fc.array(anyFix, { maxLength: 30 }), (fixes) => {
        let track = EMPTY_TRACK
        for (const next of fixes) {
          track = ask(track, next).track
          const { last } = track
          if (!last) continue
          expect(last.lng >= BOX[0] && last.lng <= BOX[2] && last.lat >= BOX[1] && last.lat <= BOX[3]).toBe(true)
          expect(last.at - last.receivedAt).toBeLessThanOrEqual(JUDGE_LIMITS.futureMs)
        }
      }),
    )
  })

  test('[FL4] the latest never steps back in device time, save for a clock that was ahead', () => {
    fc.assert(
      fc.property(fc.array(anyFix, { maxLength: 30 }), (fixes) => {
        let track = EMPTY_TRACK
        for (const next of fixes) {
          const before = track.last
          track = ask(track, next).track
          if (!before || !track.last || before === track.last) continue
          expect(track.last.at).toBeGreaterThanOrEqual(Math.min(before.at, before.receivedAt))
        }
      }),
    )
  })

  test('[FL6] however a track begins, four true fixes in a row end as the latest', () => {
    fc.assert(
      fc.property(fc.array(anyFix, { maxLength: 10 }), (fixes) => {
        let track = EMPTY_TRACK
        for (const next of fixes) track = ask(track, { ...next, receivedAt: NOW }).track
        const start = 11 * MINUTE_MS
        for (let n = 0; n < 4; n++) track = ask(track, later(start + n * 5_000, east(n * 10))).track
        expect(track.last?.at).toBe(NOW + start + 15_000)
      }),
    )
  })
})
