/** What every position format shares: numbers that may be missing, wrong or the word for "unknown". Nothing here throws. */

export type Fields = Record<string, unknown>

export const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

/** undefined: the text is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A finite number, also one written as text (forms know nothing else); null for anything else. */
export function finite(value: unknown): number | null {
  const number = typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

const within = (value: unknown, low: number, high: number): number | null => {
  const number = finite(value)
  return number !== null && number >= low && number <= high ? number : null
}

/** Negative (−1 by custom) and absurd values mean that the device does not know. */
export const accuracyOf = (metres: unknown) => within(metres, 0, 100_000)
export const altitudeOf = (metres: unknown) => within(metres, -1_000, 30_000)
export const batteryOf = (percent: unknown) => within(percent, 0, 100)

/** Faster than sound: no unit of ours. */
const MAX_SPEED_MPS = 340
export const speedOf = (value: unknown, mpsPerUnit: number): number | null => {
  const number = finite(value)
  return number === null ? null : within(number * mpsPerUnit, 0, MAX_SPEED_MPS)
}

export const headingOf = (degrees: unknown): number | null => {
  const number = within(degrees, 0, 360)
  return number === 360 ? 0 : number
}

const CALENDAR = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?$/

/** A moment in seconds or milliseconds since 1970, in ISO 8601, or `yyyy-MM-dd HH:mm:ss`; without a zone it is UTC. null = none of these. */
export function momentOf(value: unknown): number | null {
  const number = finite(value)
  if (number !== null) return epochMs(number)
  const parts = typeof value === 'string' ? CALENDAR.exec(value.trim()) : null
  if (!parts) return null
  const [, year, month, day, hour, minute, second = '00', fraction = '0', zone = 'Z'] = parts
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3)}${offset}`)
  return Number.isNaN(at) ? null : at
}

/** Seconds stay below this until 2038, milliseconds have been above it since 1970-01-25: the border Traccar draws too. */
const LAST_SECONDS = 2 ** 31 - 1
const LAST_INSTANT = 8_640_000_000_000_000

function epochMs(number: number): number | null {
  if (number < 0 || number > LAST_INSTANT) return null
  return Math.round(number < LAST_SECONDS ? number * 1_000 : number)
}

/** A parse that failed: the code goes to the device, the sentence says where. */
export interface Unparsed {
  ok: false
  code: 'badJson' | 'badFrame' | 'tooLarge' | 'protocolVersion'
  why: string
}

export const unparsed = (code: Unparsed['code'], why: string): Unparsed => ({ ok: false, code, why })
