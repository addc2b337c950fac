import type { Instant } from '#domain/instant.ts'

/** What an `<input type="datetime-local">` shows for a moment, in the city's time zone. */
export function localInput(at: Instant, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '00'
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** As such an input writes it. */
const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** The moment such an input means in the city's time zone, whatever zone the phone is in; null = not a date. */
export function fromLocalInput(text: string, timeZone: string): Instant | null {
  // Date.parse makes a date of almost anything.
  const asUtc = SHAPE.test(text) ? Date.parse(`${text}:00Z`) : Number.NaN
  if (Number.isNaN(asUtc)) return null
  // Twice, because the offset at the guess may be that of the other side of a summer-time change.
  const once = asUtc - offsetAt(asUtc, timeZone)
  return asUtc - offsetAt(once, timeZone)
}

const offsetAt = (at: Instant, timeZone: string): number =>
  Date.parse(`${localInput(at, timeZone)}:00Z`) - Math.floor(at / 60_000) * 60_000
