import type { Fix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import {
  accuracyOf,
  altitudeOf,
  batteryOf,
  type Fields,
  fieldsOf,
  finite,
  headingOf,
  jsonOf,
  momentOf,
  speedOf,
  type Unparsed,
  unparsed,
} from './fix-fields.ts'

/** What a phone with Traccar Client (or OsmAnd) sent. The identifier typed in the app is the device's secret. */
export interface OsmAndMessage {
  ok: true
  secret: string
  /** Empty when the message holds no position (a heartbeat, `valid=false`): answered and ignored. */
  fixes: Fix[]
}

const MPS_PER_KNOT = 1_852 / 3_600
const MAX_FIXES = 100

/** The query form (GET, or POST without a body) and the body of a form POST: speed in knots. Total: never throws. */
export function parseOsmAndForm(encoded: string, now: Instant): OsmAndMessage | Unparsed {
  const form = new URLSearchParams(encoded)
  const secret = form.get('id') ?? form.get('deviceid')
  if (!secret) return unparsed('badFrame', 'id is missing')
  const [lat, lng] = form.has('location')
    ? (form.get('location') ?? '').split(',')
    : [form.get('lat') ?? undefined, form.get('lon') ?? undefined]
  const isInvalid = ['false', '0'].includes(form.get('valid') ?? '')
  if (isInvalid || (lat === undefined && lng === undefined)) return { ok: true, secret, fixes: [] }
  const at = form.has('timestamp') ? momentOf(form.get('timestamp')) : now
  if (at === null) return unparsed('badFrame', 'timestamp is no time')
  const fix = place(lat, lng, at)
  if (!fix) return unparsed('badFrame', 'lat and lon must be numbers')
  fix.accuracyM = accuracyOf(form.get('accuracy'))
  fix.speedMps = speedOf(form.get('speed'), MPS_PER_KNOT)
  fix.headingDeg = headingOf(form.get('bearing') ?? form.get('heading'))
  fix.altitudeM = altitudeOf(form.get('altitude'))
  fix.batteryPct = batteryOf(form.get('batt'))
  return { ok: true, secret, fixes: [fix] }
}

/** The JSON body of Traccar Client 9 and later: speed in m/s, battery from 0 to 1, one location or a list. Total: never throws. */
export function parseOsmAndJson(text: string, now: Instant): OsmAndMessage | Unparsed {
  const json = jsonOf(text)
  if (json === undefined) return unparsed('badJson', 'the body is no JSON')
  const message = fieldsOf(json)
  const secret = message?.device_id
  if (!message || typeof secret !== 'string' || secret === '') return unparsed('badFrame', 'device_id is missing')
  const locations = Array.isArray(message.location) ? message.location : [message.location]
  if (locations.length > MAX_FIXES) return unparsed('tooLarge', `at most ${MAX_FIXES} locations`)
  const fixes: Fix[] = []
  for (const [index, location] of locations.entries()) {
    if (location === undefined || location === null) continue
    const fix = fixOf(fieldsOf(location), now)
    if (typeof fix === 'string') return unparsed('badFrame', `location ${index}: ${fix}`)
    fixes.push(fix)
  }
  return { ok: true, secret, fixes }
}

function fixOf(location: Fields | null, now: Instant): Fix | string {
  const coords = fieldsOf(location?.coords)
  if (!location || !coords) return 'coords is missing'
  const at = location.timestamp === undefined ? now : momentOf(location.timestamp)
  if (at === null) return 'timestamp is no time'
  const fix = place(coords.latitude, coords.longitude, at)
  if (!fix) return 'latitude and longitude must be numbers'
  const level = finite(fieldsOf(location.battery)?.level)
  fix.accuracyM = accuracyOf(coords.accuracy)
  fix.speedMps = speedOf(coords.speed, 1)
  fix.headingDeg = headingOf(coords.heading)
  fix.altitudeM = altitudeOf(coords.altitude)
  fix.batteryPct = level === null ? null : batteryOf(level * 100)
  return fix
}

function place(lat: unknown, lng: unknown, at: Instant): Fix | null {
  const [latDeg, lngDeg] = [finite(lat), finite(lng)]
  if (latDeg === null || lngDeg === null) return null
  return {
    at,
    lng: lngDeg,
    lat: latDeg,
    accuracyM: null,
    speedMps: null,
    headingDeg: null,
    altitudeM: null,
    batteryPct: null,
    source: 'osmand',
  }
}
