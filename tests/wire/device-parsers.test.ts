import { describe, expect, test } from 'vitest'
import { FIX_REFUSALS, type FixVerdict, TRAIL_REASONS } from '#domain/judge.ts'
import {
  DEVICE_JSON,
  OSMAND_FORMS,
  OSMAND_JSON,
  OWNTRACKS,
  SAMPLE_AT,
  SAMPLE_FIX,
} from '#tests/support/device-messages.ts'
import { decodeToDevice, encodeAck, encodeFixes, encodeHello, encodeKept } from '#wire/device-binary.ts'
import { MAX_FRAME_BYTES, parseFromDevice } from '#wire/device-frame.ts'
import { parseOsmAndForm, parseOsmAndJson } from '#wire/osmand.ts'
import { parseOwnTracks } from '#wire/owntracks.ts'

const NOW = SAMPLE_AT + 60_000
const said = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)
const fixes = (over: object) => JSON.stringify({ type: 'fixes', n: 7, fixes: [SAMPLE_FIX, { ...SAMPLE_FIX, ...over }] })

describe('device frames', () => {
  test('[WF5] a binary frame says what the JSON frame says', () => {
    const json = parseFromDevice(said(DEVICE_JSON[2]))
    const binary = parseFromDevice(
      encodeFixes(
        2,
        Array.from({ length: 20 }, (_, i) => ({ ...SAMPLE_FIX, at: SAMPLE_AT + i * 5_000 })),
      ),
    )
    expect(json.ok).toBe(true)
    expect(binary).toEqual(json)
    expect(parseFromDevice(encodeHello('a-secret-of-a-device', 'device'))).toEqual(
      parseFromDevice(said(DEVICE_JSON[0])),
    )
  })

  test('[WF5] unknown stays unknown in both forms', () => {
    const unknown = { accuracyM: null, speedMps: null, headingDeg: null, altitudeM: null, batteryPct: null }
    const expected = {
      ok: true,
      frame: { type: 'fixes', n: 1, fixes: [{ ...SAMPLE_FIX, ...unknown, source: 'device' }] },
    }
    expect(parseFromDevice(encodeFixes(1, [{ ...SAMPLE_FIX, ...unknown }]))).toEqual(expected)
    const { at, lng, lat } = SAMPLE_FIX
    expect(parseFromDevice(JSON.stringify({ type: 'fixes', n: 1, fixes: [{ at, lng, lat, speedMps: -1 }] }))).toEqual(
      expected,
    )
  })

  test('[WF5] every verdict survives an acknowledgement', () => {
    const verdicts: FixVerdict[] = [
      { verdict: 'latest' },
      ...TRAIL_REASONS.map((why): FixVerdict => ({ verdict: 'trail', why })),
      ...FIX_REFUSALS.map((why): FixVerdict => ({ verdict: 'refused', why })),
    ]
    expect(decodeToDevice(encodeAck(4_000_000_000, verdicts))).toEqual({ type: 'ack', n: 4_000_000_000, verdicts })
    expect(decodeToDevice(encodeKept(9))).toEqual({ type: 'kept', n: 9 })
  })

  test('[WF2] one malformed fix refuses the frame and is named', () => {
    expect(parseFromDevice(fixes({ lat: '41' }))).toEqual({
      ok: false,
      code: 'badFrame',
      why: 'fix 1: lat must be a number',
      n: 7,
    })
    expect(parseFromDevice(fixes({ at: undefined }))).toMatchObject({ code: 'badFrame', n: 7 })
    expect(parseFromDevice(encodeFixes(7, [SAMPLE_FIX]).slice(0, -1))).toMatchObject({ code: 'badFrame', n: 7 })
  })

  test('[WF2] 100 fixes are taken, 101 are too many', () => {
    const many = (count: number) => Array.from({ length: count }, () => SAMPLE_FIX)
    expect(parseFromDevice(encodeFixes(1, many(100))).ok).toBe(true)
    expect(parseFromDevice(encodeFixes(1, many(101)))).toMatchObject({ code: 'tooLarge', n: 1 })
    expect(parseFromDevice(JSON.stringify({ type: 'fixes', n: 1, fixes: many(101) }))).toMatchObject({
      code: 'tooLarge',
    })
    expect(parseFromDevice(' '.repeat(MAX_FRAME_BYTES + 1))).toMatchObject({ code: 'tooLarge' })
  })

  test('[WF1] another protocol version is named', () => {
    expect(parseFromDevice('{"type":"hello","version":2}')).toMatchObject({ code: 'protocolVersion' })
    expect(parseFromDevice(Uint8Array.of(2, 1, 0))).toMatchObject({ code: 'protocolVersion' })
  })
})

const osmAndFix = { ...SAMPLE_FIX, source: 'osmand', speedMps: expect.closeTo(4.167, 3) }

describe('OsmAnd', () => {
  test('[WF3] the query form: knots, percent, epoch seconds', () => {
    expect(parseOsmAndForm(said(OSMAND_FORMS[0]), NOW)).toEqual({ ok: true, secret: 'a-secret', fixes: [osmAndFix] })
  })

  test('[WF3] deviceid, location, ISO time, and −1 for unknown', () => {
    const { at, lng, lat } = SAMPLE_FIX
    const unknown = { accuracyM: null, speedMps: null, headingDeg: null, altitudeM: null, batteryPct: null }
    expect(parseOsmAndForm(said(OSMAND_FORMS[1]), NOW)).toEqual({
      ok: true,
      secret: 'a-secret',
      fixes: [{ at, lng, lat, ...unknown, source: 'osmand' }],
    })
  })

  test.each([
    ['1777881600', SAMPLE_AT],
    ['1777881600000', SAMPLE_AT],
    ['2026-05-04T08:00:00Z', SAMPLE_AT],
    ['2026-05-04T08:00:00', SAMPLE_AT],
    ['2026-05-04T16:00:00.250+08:00', SAMPLE_AT + 250],
    ['2026-05-04T16:00:00%2B0800', SAMPLE_AT],
    ['2026-05-04 08:00:00', SAMPLE_AT],
    ['2026-05-04+08:00:00', SAMPLE_AT],
  ])('[WF3] the time %s is one moment', (timestamp, at) => {
    const encoded = timestamp.includes('.250') ? timestamp.replace('+', '%2B') : timestamp
    expect(parseOsmAndForm(`id=s&lat=41&lon=123&timestamp=${encoded}`, NOW)).toMatchObject({ fixes: [{ at }] })
  })

  test('[WF3] without a time it is now; with one that is none it is refused', () => {
    expect(parseOsmAndForm('id=s&lat=41&lon=123', NOW)).toMatchObject({ fixes: [{ at: NOW }] })
    expect(parseOsmAndForm('id=s&lat=41&lon=123&timestamp=yesterday', NOW)).toMatchObject({ code: 'badFrame' })
    expect(parseOsmAndForm('id=s&lat=41&lon=123&timestamp=-5', NOW)).toMatchObject({ code: 'badFrame' })
  })

  test('[WF3] a message without a valid position is answered and ignored', () => {
    expect(parseOsmAndForm('id=s&batt=50', NOW)).toEqual({ ok: true, secret: 's', fixes: [] })
    expect(parseOsmAndForm('id=s&lat=41&lon=123&valid=false', NOW)).toEqual({ ok: true, secret: 's', fixes: [] })
    expect(parseOsmAndJson('{"device_id":"s"}', NOW)).toEqual({ ok: true, secret: 's', fixes: [] })
  })

  test('[WF3] the JSON body: m/s, battery as a share', () => {
    expect(parseOsmAndJson(said(OSMAND_JSON[0]), NOW)).toEqual({
      ok: true,
      secret: 'a-secret',
      fixes: [{ ...SAMPLE_FIX, source: 'osmand' }],
    })
  })

  test('[WF3] JSON: −1 is unknown, a list is a batch, nothing else passes', () => {
    const coords = { latitude: 41, longitude: 123, speed: -1, heading: -1, accuracy: -1 }
    const location = { timestamp: SAMPLE_AT, coords, battery: { level: -1 } }
    expect(parseOsmAndJson(JSON.stringify({ device_id: 's', location: [location, location] }), NOW)).toMatchObject({
      fixes: [{ speedMps: null, headingDeg: null, accuracyM: null, batteryPct: null }, { at: SAMPLE_AT }],
    })
    expect(parseOsmAndJson('{"device_id":"s","location":{}}', NOW)).toMatchObject({ code: 'badFrame' })
    expect(parseOsmAndJson('{"location":{}}', NOW)).toMatchObject({ code: 'badFrame' })
    expect(parseOsmAndJson('lat=1', NOW)).toMatchObject({ code: 'badJson' })
  })
})

describe('OwnTracks', () => {
  test('[WF4] a location: km/h, epoch seconds; topic and tid are not read', () => {
    expect(parseOwnTracks(said(OWNTRACKS[0]))).toEqual({ ok: true, fix: { ...osmAndFix, source: 'owntracks' } })
  })

  test('[WF4] other types and an empty body are answered and ignored', () => {
    for (const text of [said(OWNTRACKS[1]), said(OWNTRACKS[2]), '']) {
      expect(parseOwnTracks(text)).toEqual({ ok: true, fix: null })
    }
    expect(parseOwnTracks('{"lat":1}')).toMatchObject({ code: 'badFrame' })
    expect(parseOwnTracks('{"_type":"location","lat":1,"lon":2}')).toMatchObject({ code: 'badFrame' })
  })
})
