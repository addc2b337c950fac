import type { Instant } from './instant.ts'
import { localToInstant } from './zone.ts'

/** Reads one cell; null = it cannot be read. */
export type ReadMoment = (text: string) => Instant | null

/** Formats with a name of their own; every other one is a pattern of the letters below. */
const NAMED = ['iso', 's', 'ms'] as const

/** ISO 8601: date, or date and time; without an offset it is local to the file's zone. */
const ISO = ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", 'yyyy-MM-dd HH:mm:ss', 'yyyy-MM-dd HH:mm', 'yyyy-MM-dd']

/** What each run of letters matches. One letter or two mean the same: files are rarely true to either. */
const TOKENS: Readonly<Record<string, { field: Field; pattern: string }>> = {
  yyyy: { field: 'year', pattern: '(\\d{4})' },
  MM: { field: 'month', pattern: '(\\d{1,2})' },
  M: { field: 'month', pattern: '(\\d{1,2})' },
  dd: { field: 'day', pattern: '(\\d{1,2})' },
  d: { field: 'day', pattern: '(\\d{1,2})' },
  HH: { field: 'hour', pattern: '(\\d{1,2})' },
  H: { field: 'hour', pattern: '(\\d{1,2})' },
  hh: { field: 'hour12', pattern: '(\\d{1,2})' },
  h: { field: 'hour12', pattern: '(\\d{1,2})' },
  mm: { field: 'minute', pattern: '(\\d{1,2})' },
  m: { field: 'minute', pattern: '(\\d{1,2})' },
  ss: { field: 'second', pattern: '(\\d{1,2})' },
  s: { field: 'second', pattern: '(\\d{1,2})' },
  SSS: { field: 'fraction', pattern: '(\\d{1,9})' },
  S: { field: 'fraction', pattern: '(\\d{1,9})' },
  a: { field: 'half', pattern: '([AaPp]\\.?[Mm]\\.?|上午|下午)' },
  XXX: { field: 'offset', pattern: '([Zz]|[+-]\\d{2}:?\\d{2})' },
  X: { field: 'offset', pattern: '([Zz]|[+-]\\d{2}:?\\d{2})' },
}
type Field = 'year' | 'month' | 'day' | 'hour' | 'hour12' | 'minute' | 'second' | 'fraction' | 'half' | 'offset'

interface Compiled {
  expression: RegExp
  fields: Field[]
}

/** Whether `momentReader` takes this format. */
export const isTimeFormat = (format: string): boolean =>
  (NAMED as readonly string[]).includes(format) || compile(format) !== null

/** Whether the runtime's table of time zones has this name. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone })
    return true
  } catch {
    return false
  }
}

/** IM2: a reader for one format, in one zone with its changes of clock. A format that `isTimeFormat` refuses reads nothing. */
export function momentReader(format: string, timeZone: string): ReadMoment {
  if (format === 's') return epochReader(1_000)
  if (format === 'ms') return epochReader(1)
  const toInstant = localToInstant(timeZone)
  if (format !== 'iso') return patternReader(compile(format), toInstant)
  const readers = ISO.flatMap((pattern) => [`${pattern}XXX`, `${pattern}.SSSXXX`, pattern, `${pattern}.SSS`])
    .map(compile)
    .map((compiled) => patternReader(compiled, toInstant))
  return (text) => {
    for (const read of readers) {
      const at = read(text)
      if (at !== null) return at
    }
    return null
  }
}

const epochReader =
  (unitMs: number): ReadMoment =>
  (text) =>
    /^\s*\d{1,14}(\.\d{1,9})?\s*$/.test(text) ? inRange(Math.round(Number(text) * unitMs)) : null

/** The last moment that every part of the house can say. */
const LAST = Date.UTC(9999, 11, 31)
const inRange = (at: Instant): Instant | null => (at >= 0 && at <= LAST ? at : null)

function compile(format: string): Compiled | null {
  const fields: Field[] = []
  let expression = ''
  for (const [part] of format.matchAll(/'[^']*'|([A-Za-z])\1*|\s+|[\s\S]/g)) {
    const token = TOKENS[part]
    if (token) fields.push(token.field)
    else if (/^[A-Za-z]/.test(part) || part === "'") return null
    expression += token?.pattern ?? literal(part)
  }
  const needed: Field[] = ['year', 'month', 'day']
  const twice = fields.some((field, i) => fields.indexOf(field) !== i)
  const halved = fields.includes('hour12') === fields.includes('half')
  if (twice || !halved || !needed.every((field) => fields.includes(field))) return null
  if (fields.includes('hour') && fields.includes('hour12')) return null
  return { expression: new RegExp(`^\\s*${expression}\\s*$`), fields }
}

function literal(part: string): string {
  if (/^\s/.test(part)) return '\\s+'
  const text = part.startsWith("'") ? part.slice(1, -1) : part
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

function patternReader(compiled: Compiled | null, toInstant: (local: number) => Instant): ReadMoment {
  if (!compiled) return () => null
  const { expression, fields } = compiled
  return (text) => {
    const found = expression.exec(text)
    if (!found) return null
    const said: Partial<Record<Field, string>> = {}
    for (const [i, field] of fields.entries()) said[field] = found[i + 1] as string
    const local = localOf(said)
    if (local === null) return null
    return inRange(said.offset === undefined ? toInstant(local) : local - offsetOf(said.offset))
  }
}

/** The local moment as if it were UTC, or null for a 30 February or a 25 o'clock. */
function localOf(said: Partial<Record<Field, string>>): number | null {
  const number = (field: Field, otherwise = 0) => Number(said[field] ?? otherwise)
  const [year, month, day] = [number('year'), number('month'), number('day')]
  const [minute, second] = [number('minute'), number('second')]
  const hour = said.hour12 === undefined ? number('hour') : hourOfHalf(number('hour12'), said.half ?? '')
  if (hour === null || hour > 23 || minute > 59 || second > 59 || year < 1970) return null
  const ms = Math.trunc(Number(`0.${said.fraction ?? '0'}`) * 1_000)
  const midnight = Date.UTC(year, month - 1, day)
  const read = new Date(midnight)
  if (read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day) return null
  return midnight + ((hour * 60 + minute) * 60 + second) * 1_000 + ms
}

/** 12 AM is midnight, 12 PM is noon. */
function hourOfHalf(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (/^(p|下午)/i.test(half) ? 12 : 0)
}

function offsetOf(text: string): number {
  if (/^z$/i.test(text)) return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return (text.startsWith('-') ? -minutes : minutes) * 60_000
}
