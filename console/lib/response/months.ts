import type { Calendar } from '#domain/calendar.ts'
import type { Instant } from '#domain/instant.ts'

const MONTHS = 13

/** This month and the twelve before, newest first, `YYYY-MM`. */
export const monthsUntil = (now: Instant, calendar: Calendar): string[] =>
  Array.from({ length: MONTHS }, (_, i) => calendar.dayOf(calendar.plusMonths(middleOf(now, calendar), -i)).slice(0, 7))

/** The middle of the month: so many months from it there is a month everywhere. */
const middleOf = (now: Instant, calendar: Calendar): Instant =>
  calendar.plusDays(calendar.startOfDay(now), 15 - Number(calendar.dayOf(now).slice(8)))

/** The last month that is over: what a report and a rating are first of. */
export const lastMonth = (now: Instant, calendar: Calendar): string => monthsUntil(now, calendar)[1] ?? ''

/** From its first midnight to that of the next, or until now. */
export function monthSpan(month: string, now: Instant, calendar: Calendar): { from: Instant; to: Instant } {
  const noon = Date.parse(`${month}-15T12:00Z`)
  const from = calendar.plusDays(calendar.startOfDay(noon), 1 - Number(calendar.dayOf(noon).slice(8)))
  return { from, to: Math.min(now, calendar.plusMonths(from, 1)) }
}
