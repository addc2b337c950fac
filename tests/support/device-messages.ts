import { encodeFixes, encodeHello } from '#wire/device-binary.ts'

/** Valid messages of every device format: what a fuzz run spoils and a flow test sends. */
export const SAMPLE_AT = Date.UTC(2026, 4, 4, 8)

const fix = {
  at: SAMPLE_AT,
  lng: 123.4315,
  lat: 41.8057,
  accuracyM: 8,
  speedMps: 4.2,
  headingDeg: 270,
  altitudeM: 41,
  batteryPct: 77,
}

export const SAMPLE_FIX = fix

const text = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

export const DEVICE_JSON = [
  { type: 'hello', version: 1, secret: 'a-secret-of-a-device' },
  { type: 'fixes', n: 1, fixes: [fix] },
  { type: 'fixes', n: 2, fixes: Array.from({ length: 20 }, (_, i) => ({ ...fix, at: fix.at + i * 5_000 })) },
].map(text)

export const DEVICE_BINARY = [
  encodeHello('a-secret-of-a-device', 'device'),
  encodeFixes(1, [fix]),
  encodeFixes(
    2,
    Array.from({ length: 20 }, (_, i) => ({ ...fix, at: fix.at + i * 5_000 })),
  ),
]

export const OSMAND_FORMS = [
  `id=a-secret&lat=41.8057&lon=123.4315&timestamp=${SAMPLE_AT / 1_000}&speed=8.1&bearing=270&altitude=41&accuracy=8&batt=77`,
  'deviceid=a-secret&location=41.8057,123.4315&timestamp=2026-05-04T08:00:00Z&speed=-1&heading=-1',
  'id=a-secret&lat=41.8057&lon=123.4315&timestamp=2026-05-04%2008:00:00&valid=true',
].map(text)

export const OSMAND_JSON = [
  {
    location: {
      timestamp: '2026-05-04T08:00:00.000Z',
      coords: { latitude: 41.8057, longitude: 123.4315, accuracy: 8, speed: 4.2, heading: 270, altitude: 41 },
      is_moving: true,
      odometer: 1_204,
      event: 'motionchange',
      battery: { level: 0.77, is_charging: false },
      activity: { type: 'in_vehicle' },
      extras: {},
    },
    device_id: 'a-secret',
  },
].map(text)

export const OWNTRACKS = [
  {
    _type: 'location',
    lat: 41.8057,
    lon: 123.4315,
    tst: SAMPLE_AT / 1_000,
    vel: 15,
    cog: 270,
    acc: 8,
    alt: 41,
    batt: 77,
    tid: 'xx',
    topic: 'owntracks/a/b',
  },
  { _type: 'waypoint', desc: 'gate', lat: 1, lon: 2, rad: 10, tst: 3 },
  { _type: 'lwt', tst: 1 },
].map(text)
