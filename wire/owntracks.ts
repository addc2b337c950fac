import type { Fix } from '#domain/fix.ts'
import {
  accuracyOf,
  altitudeOf,
  batteryOf,
  fieldsOf,
  finite,
  headingOf,
  jsonOf,
  momentOf,
  speedOf,
  type Unparsed,
  unparsed,
} from './fix-fields.ts'

export interface OwnTracksMessage {
  ok: true
  /** null: a type other than `location`, or the empty body of a deleted friend; answered and ignored. */
  fix: Fix | null
}

const MPS_PER_KMH = 1_000 / 3_600

/**
 * The JSON of the OwnTracks apps in HTTP mode. `topic` and `tid` name a device and are not read: whose position it is
 * says the secret alone. Total: never throws.
 */
export function parseOwnTracks(text: string): OwnTracksMessage | Unparsed {
  if (text.trim() === '') return { ok: true, fix: null }
  const json = jsonOf(text)
  if (json === undefined) return unparsed('badJson', 'the body is no JSON')
  const message = fieldsOf(json)
  if (typeof message?._type !== 'string') return unparsed('badFrame', '_type is missing')
  if (message._type !== 'location') return { ok: true, fix: null }
  const [lat, lng, at] = [finite(message.lat), finite(message.lon), momentOf(message.tst)]
  if (lat === null || lng === null) return unparsed('badFrame', 'lat and lon must be numbers')
  if (at === null) return unparsed('badFrame', 'tst is no time')
  return {
    ok: true,
    fix: {
      at,
      lng,
      lat,
      accuracyM: accuracyOf(message.acc),
      speedMps: speedOf(message.vel, MPS_PER_KMH),
      headingDeg: headingOf(message.cog),
      altitudeM: altitudeOf(message.alt),
      batteryPct: batteryOf(message.batt),
      source: 'owntracks',
    },
  }
}
