import type { Fix } from '#domain/fix.ts'
import { FIX_REFUSALS, type FixVerdict, refusedFix, TRAIL_REASONS } from '#domain/judge.ts'
import type { DeviceSource, ParsedFrame, Refusal } from './device-frame.ts'
import { accuracyOf, altitudeOf, batteryOf, headingOf, speedOf } from './fix-fields.ts'

/**
 * The compact form of the device socket. All numbers big-endian:
 *
 *   hello   u8 version, u8 1, u8 source (0 device, 1 simulator), secret as UTF-8 to the end (none: the header had it)
 *   fixes   u8 version, u8 2, u32 n, u8 count, count × 24 bytes:
 *           u48 at, i32 lng × 1e7, i32 lat × 1e7, u16 accuracy in 0.1 m, u16 speed in cm/s, u16 heading in 0.01°,
 *           i16 altitude in m, u8 battery in %, u8 reserved; the greatest value (altitude: the least) = unknown
 *   ack     u8 version, u8 130, u32 n, u8 count, count × u8 verdict
 *   kept    u8 version, u8 131, u32 n
 */
const VERSION = 1
const HELLO = 1
const FIXES = 2
const ACK = 130
const KEPT = 131
const FIX_BYTES = 24
const FIXES_HEAD = 7
const DEGREES = 1e7
const UNKNOWN_16 = 0xffff
const UNKNOWN_ALTITUDE = -0x8000
const UNKNOWN_8 = 0xff
const SOURCES: readonly DeviceSource[] = ['device', 'simulator']

/** Verdict bytes: 0 latest, from 1 the trail reasons, from 16 the refusals, each in the order of domain/judge.ts. */
const FIRST_TRAIL = 1
const FIRST_REFUSAL = 16

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function parseBinaryFromDevice(bytes: Uint8Array): ParsedFrame | Refusal {
  const [version, type] = bytes
  if (version === undefined || type === undefined) return refusal('badFrame', 'the frame is too short', null)
  if (version !== VERSION) return refusal('protocolVersion', `this server speaks version ${VERSION}`, null)
  if (type === HELLO) return readHello(bytes)
  if (type === FIXES) return readFixes(bytes)
  return refusal('badFrame', 'type must be 1 or 2', null)
}

function readHello(bytes: Uint8Array): ParsedFrame | Refusal {
  const source = SOURCES[bytes[2] ?? UNKNOWN_8]
  if (!source) return refusal('badFrame', 'source must be 0 or 1', null)
  const secret = new TextDecoder().decode(bytes.subarray(3))
  return { ok: true, frame: { type: 'hello', version: VERSION, secret: secret || null, source } }
}

function readFixes(bytes: Uint8Array): ParsedFrame | Refusal {
  if (bytes.length < FIXES_HEAD) return refusal('badFrame', 'the frame is too short', null)
  const view = viewOf(bytes)
  const n = view.getUint32(2)
  const count = view.getUint8(6)
  if (count === 0) return refusal('badFrame', 'fixes must be a list that is not empty', n)
  if (count > 100) return refusal('tooLarge', 'at most 100 fixes a frame', n)
  if (bytes.length !== FIXES_HEAD + count * FIX_BYTES)
    return refusal('badFrame', 'the length does not match the count', n)
  const fixes: Fix[] = []
  for (let index = 0; index < count; index++) fixes.push(readFix(view, FIXES_HEAD + index * FIX_BYTES))
  return { ok: true, frame: { type: 'fixes', n, fixes } }
}

function readFix(view: DataView, at: number): Fix {
  const scaled = (offset: number, scale: number) => {
    const raw = view.getUint16(at + offset)
    return raw === UNKNOWN_16 ? null : raw * scale
  }
  const altitude = view.getInt16(at + 20)
  return {
    at: view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2),
    lng: view.getInt32(at + 6) / DEGREES,
    lat: view.getInt32(at + 10) / DEGREES,
    accuracyM: accuracyOf(scaled(14, 0.1)),
    speedMps: speedOf(scaled(16, 0.01), 1),
    headingDeg: headingOf(scaled(18, 0.01)),
    altitudeM: altitude === UNKNOWN_ALTITUDE ? null : altitudeOf(altitude),
    batteryPct: batteryOf(view.getUint8(at + 22)),
    source: 'device',
  }
}

export function encodeHello(secret: string, source: DeviceSource): Uint8Array {
  const text = new TextEncoder().encode(secret)
  const bytes = new Uint8Array(3 + text.length)
  bytes.set([VERSION, HELLO, SOURCES.indexOf(source)])
  bytes.set(text, 3)
  return bytes
}

export function encodeFixes(n: number, fixes: readonly Omit<Fix, 'source'>[]): Uint8Array {
  const bytes = new Uint8Array(FIXES_HEAD + fixes.length * FIX_BYTES)
  const view = viewOf(bytes)
  bytes.set([VERSION, FIXES])
  view.setUint32(2, n)
  view.setUint8(6, fixes.length)
  fixes.forEach((fix, index) => {
    writeFix(view, FIXES_HEAD + index * FIX_BYTES, fix)
  })
  return bytes
}

function writeFix(view: DataView, at: number, fix: Omit<Fix, 'source'>) {
  const scaled = (offset: number, value: number | null, scale: number) =>
    view.setUint16(at + offset, value === null ? UNKNOWN_16 : Math.min(UNKNOWN_16 - 1, Math.round(value / scale)))
  view.setUint16(at, Math.floor(fix.at / 2 ** 32))
  view.setUint32(at + 2, fix.at % 2 ** 32)
  view.setInt32(at + 6, Math.round(fix.lng * DEGREES))
  view.setInt32(at + 10, Math.round(fix.lat * DEGREES))
  scaled(14, fix.accuracyM, 0.1)
  scaled(16, fix.speedMps, 0.01)
  scaled(18, fix.headingDeg, 0.01)
  view.setInt16(at + 20, fix.altitudeM === null ? UNKNOWN_ALTITUDE : Math.round(fix.altitudeM))
  view.setUint8(at + 22, fix.batteryPct === null ? UNKNOWN_8 : Math.round(fix.batteryPct))
}

const verdictByte = (verdict: FixVerdict): number => {
  if (verdict.verdict === 'latest') return 0
  return verdict.verdict === 'trail'
    ? FIRST_TRAIL + TRAIL_REASONS.indexOf(verdict.why)
    : FIRST_REFUSAL + FIX_REFUSALS.indexOf(verdict.why)
}

function verdictOf(byte: number): FixVerdict | null {
  if (byte === 0) return { verdict: 'latest' }
  const why = TRAIL_REASONS[byte - FIRST_TRAIL]
  if (why) return { verdict: 'trail', why }
  const refusal = FIX_REFUSALS[byte - FIRST_REFUSAL]
  return refusal ? refusedFix(refusal) : null
}

export function encodeAck(n: number, verdicts: readonly FixVerdict[]): Uint8Array {
  const bytes = new Uint8Array(FIXES_HEAD + verdicts.length)
  bytes.set([VERSION, ACK])
  viewOf(bytes).setUint32(2, n)
  bytes[6] = verdicts.length
  verdicts.forEach((verdict, index) => {
    bytes[FIXES_HEAD + index] = verdictByte(verdict)
  })
  return bytes
}

export function encodeKept(n: number): Uint8Array {
  const bytes = new Uint8Array(6)
  bytes.set([VERSION, KEPT])
  viewOf(bytes).setUint32(2, n)
  return bytes
}

export type BinaryToDevice = { type: 'ack'; n: number; verdicts: FixVerdict[] } | { type: 'kept'; n: number }

/** The device's side; null = not a frame of this version. */
export function decodeToDevice(bytes: Uint8Array): BinaryToDevice | null {
  if (bytes[0] !== VERSION || bytes.length < 6) return null
  const n = viewOf(bytes).getUint32(2)
  if (bytes[1] === KEPT) return { type: 'kept', n }
  if (bytes[1] !== ACK || bytes.length !== FIXES_HEAD + (bytes[6] ?? 0)) return null
  const verdicts = Array.from(bytes.subarray(FIXES_HEAD), verdictOf)
  return verdicts.every((verdict) => verdict !== null) ? { type: 'ack', n, verdicts } : null
}

const refusal = (code: Refusal['code'], why: string, n: number | null): Refusal => ({ ok: false, code, why, n })
