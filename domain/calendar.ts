import { DAY_MS, HOUR_MS, type Instant } from './instant.ts'
import { localToInstant, zoneOffsets } from './zone.ts'

/** Days and months as a city counts them: terms, notices and daily proofs end at its own midnight, whatever zone the server is in. */
export interface Calendar {
  /** The same hour so many days later (or earlier). */
  plusDays(at: Instant, days: number): Instant
  /** The same day of the month so many months later (or earlier); the month's last day where it has no such day. */
  plusMonths(at: Instant, months: number): Instant
  /** `2026-03-04`. */
  dayOf(at: Instant): string
  /** Midnight at the beginning of that day. */
  startOfDay(at: Instant): Instant
  /** That hour of the city's clock on the day of the moment. */
  atHour(at: Instant, hour: number): Instant
}

export function calendarOf(timeZone: string): Calendar {
  const offsetAt = zoneOffsets(timeZone)
  const toInstant = localToInstant(timeZone)
  /** The local moment as if it were UTC. */
  const local = (at: Instant) => at + offsetAt(at)
  return {
    plusDays: (at, days) => toInstant(local(at) + days * DAY_MS),
    plusMonths: (at, months) => toInstant(monthsLater(local(at), months)),
    dayOf: (at) => new Date(local(at)).toISOString().slice(0, 10),
    startOfDay: (at) => toInstant(dayStart(local(at))),
    atHour: (at, hour) => toInstant(dayStart(local(at)) + hour * HOUR_MS),
  }
}

const dayStart = (local: number): number => Math.floor(local / DAY_MS) * DAY_MS

function monthsLater(local: number, months: number): number {
  const date = new Date(local)
  const month = date.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(date.getUTCDate(), lastDay)
  const timeOfDay = local - dayStart(local)
  return Date.UTC(date.getUTCFullYear(), month, day) + timeOfDay
}
