import type { Fix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import type { FixVerdict } from '#domain/judge.ts'
import type { DeviceCloseReason } from '#wire/codes.ts'
import { parseBinaryFromDevice } from './device-binary.ts'
import {
  accuracyOf,
  altitudeOf,
  batteryOf,
  fieldsOf,
  finite,
  headingOf,
  jsonOf,
  speedOf,
  type Unparsed,
  unparsed,
} from './fix-fields.ts'

/** What is said on the device socket, both ways; docs/protocol-devices.md is its page. */
export const DEVICE_PROTOCOL = 1

export const MAX_FIXES = 100
export const MAX_FRAME_BYTES = 65_536

export type DeviceSource = 'device' | 'simulator'

export type FromDevice =
  /** The first frame, unless the upgrade request carried `Authorization: Bearer`. */
  | { type: 'hello'; version: number; secret: string | null; source: DeviceSource }
  /** At most 100 fixes, oldest first; `n` is the device's own number for this frame. */
  | { type: 'fixes'; n: number; fixes: Fix[] }

export type DeviceError = DeviceCloseReason | 'badJson'

export type ToDevice =
  | { type: 'welcome'; version: number; now: Instant; maxFixes: number; maxBytes: number }
  /** Judged: one verdict a fix, in the frame's order. */
  | { type: 'ack'; n: number; verdicts: FixVerdict[] }
  /** On disk: the device may forget frame `n`. */
  | { type: 'kept'; n: number }
  | { type: 'error'; code: DeviceError; message: string; n: number | null; retryAfterMs: number | null }

export interface ParsedFrame {
  ok: true
  frame: FromDevice
}

/** `n` is the number of the refused frame, where it could be read. */
export type Refusal = Unparsed & { n: number | null }

/** Text frames are JSON, binary frames the compact form. Total over any bytes: never throws. */
export function parseFromDevice(message: string | Uint8Array): ParsedFrame | Refusal {
  if (message.length > MAX_FRAME_BYTES) return refusal('tooLarge', `at most ${MAX_FRAME_BYTES} bytes a frame`)
  return typeof message === 'string' ? parseJson(message) : parseBinaryFromDevice(message)
}

const refusal = (code: Unparsed['code'], why: string, n: number | null = null): Refusal => ({
  ...unparsed(code, why),
  n,
})

function parseJson(text: string): ParsedFrame | Refusal {
  const json = jsonOf(text)
  if (json === undefined) return refusal('badJson', 'the frame is no JSON')
  const frame = fieldsOf(json)
  if (frame?.type === 'hello') return parseHello(frame)
  if (frame?.type === 'fixes') return parseFixes(frame)
  return refusal('badFrame', 'type must be hello or fixes')
}

function parseHello(frame: Record<string, unknown>): ParsedFrame | Refusal {
  const { version, secret = null, source = 'device' } = frame
  if (version !== DEVICE_PROTOCOL) return refusal('protocolVersion', `this server speaks version ${DEVICE_PROTOCOL}`)
  if (secret !== null && typeof secret !== 'string') return refusal('badFrame', 'secret must be a text')
  if (source !== 'device' && source !== 'simulator') return refusal('badFrame', 'source must be device or simulator')
  return { ok: true, frame: { type: 'hello', version, secret, source } }
}

function parseFixes(frame: Record<string, unknown>): ParsedFrame | Refusal {
  const { n, fixes: given } = frame
  if (!isFrameNumber(n)) return refusal('badFrame', 'n must be a whole number from 0 to 4294967295')
  if (!Array.isArray(given) || given.length === 0)
    return refusal('badFrame', 'fixes must be a list that is not empty', n)
  if (given.length > MAX_FIXES) return refusal('tooLarge', `at most ${MAX_FIXES} fixes a frame`, n)
  const fixes: Fix[] = []
  for (const [index, item] of given.entries()) {
    const fix = parseFix(item)
    if (typeof fix === 'string') return refusal('badFrame', `fix ${index}: ${fix}`, n)
    fixes.push(fix)
  }
  return { ok: true, frame: { type: 'fixes', n, fixes } }
}

const isFrameNumber = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 0 && (n as number) < 2 ** 32

function parseFix(item: unknown): Fix | string {
  const fields = fieldsOf(item)
  if (!fields) return 'must be an object'
  const { at, lng, lat } = fields
  if (typeof at !== 'number' || finite(at) === null) return 'at must be epoch milliseconds'
  if (typeof lng !== 'number' || finite(lng) === null) return 'lng must be a number'
  if (typeof lat !== 'number' || finite(lat) === null) return 'lat must be a number'
  return {
    at: Math.round(at),
    lng,
    lat,
    accuracyM: accuracyOf(fields.accuracyM),
    speedMps: speedOf(fields.speedMps, 1),
    headingDeg: headingOf(fields.headingDeg),
    altitudeM: altitudeOf(fields.altitudeM),
    batteryPct: batteryOf(fields.batteryPct),
    source: 'device',
  }
}
