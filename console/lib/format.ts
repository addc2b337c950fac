import { m } from '#console/lib/paraglide/messages.js'
import type { Instant } from '#domain/instant.ts'
import { locale } from './locale.svelte.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const two = (value: number) => String(value).padStart(2, '0')
const formats = new Map<string, Intl.DateTimeFormat>()

function format(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.current} ${timeZone} ${JSON.stringify(options)}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale.current, { timeZone, hourCycle: 'h23', ...options })
  formats.set(key, known)
  return known
}

/** 14:05:09, in the city's time zone: a control room reads seconds. */
export const timeOfDay = (at: Instant, timeZone: string): string =>
  format(timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at)

export const minuteOfDay = (at: Instant, timeZone: string): string =>
  format(timeZone, { hour: '2-digit', minute: '2-digit' }).format(at)

export const dayAndTime = (at: Instant, timeZone: string): string =>
  format(timeZone, { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
    at,
  )

/** The time alone on the same day, with the date on any other. */
export const shortMoment = (at: Instant, now: Instant, timeZone: string): string => {
  const day = format(timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' })
  return day.format(at) === day.format(now) ? timeOfDay(at, timeZone) : dayAndTime(at, timeZone)
}

export const fullMoment = (at: Instant, timeZone: string): string =>
  format(timeZone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(at)

/** 4:59, 1:02:03, 2 d 03:04, with a minus once it is past: the face of a clock that counts. */
export function countdown(ms: number): string {
  const past = ms < 0
  const left = Math.abs(past ? Math.floor(ms / SECOND) : Math.ceil(ms / SECOND))
  const [days, hours] = [Math.floor(left / 86_400), Math.floor(left / 3_600) % 24]
  const [minutes, seconds] = [Math.floor(left / 60) % 60, left % 60]
  const body =
    days > 0
      ? `${m.spanDays({ n: days })} ${two(hours)}:${two(minutes)}`
      : hours > 0
        ? `${hours}:${two(minutes)}:${two(seconds)}`
        : `${minutes}:${two(seconds)}`
  return past ? `−${body}` : body
}

/** 12 s, 4 min, 3 h, 2 d: how long ago or how long it took. */
export function span(ms: number): string {
  const length = Math.max(0, ms)
  if (length < MINUTE) return m.spanSeconds({ n: Math.round(length / SECOND) })
  if (length < HOUR) return m.spanMinutes({ n: Math.round(length / MINUTE) })
  if (length < DAY) return m.spanHours({ n: Math.round((length / HOUR) * 10) / 10 })
  return m.spanDays({ n: Math.round(length / DAY) })
}

export const distance = (metres: number): string =>
  metres < 1_000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1_000).toFixed(metres < 10_000 ? 1 : 0)} km`

export const count = (value: number): string => new Intl.NumberFormat(locale.current).format(value)

export const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.floor((part / whole) * 100)} %`
