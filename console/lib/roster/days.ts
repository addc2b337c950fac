import { locale } from '#console/lib/locale.svelte.ts'
import { dayNumber, daysFrom } from '#domain/roster/days.ts'
import type { LocalDay } from '#domain/roster/model.ts'

export interface DayColumn {
  day: LocalDay
  /** 0 = Monday. */
  weekday: number
  isWeekend: boolean
  isHoliday: boolean
  isMonthStart: boolean
}

/** 1 January 1970 was a Thursday. */
export const weekdayOf = (day: LocalDay): number => (((dayNumber(day) + 3) % 7) + 7) % 7

export function dayColumns(firstDay: LocalDay, days: number, holidays: readonly LocalDay[]): DayColumn[] {
  const isHoliday = new Set(holidays)
  return daysFrom(firstDay, days).map((day) => {
    const weekday = weekdayOf(day)
    return {
      day,
      weekday,
      isWeekend: weekday >= 5,
      isHoliday: isHoliday.has(day),
      isMonthStart: day.endsWith('-01'),
    }
  })
}

const formats = new Map<string, Intl.DateTimeFormat>()
const texts = new Map<string, string>()

/** Kept once made: a grid asks thousands of times for the same days. A day of the calendar has no zone: it is read as it is counted, in UTC. */
function formatted(day: LocalDay, name: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale.current} ${name}`
  const known = texts.get(`${key} ${day}`)
  if (known !== undefined) return known
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale.current, { timeZone: 'UTC', ...options })
  formats.set(key, format)
  const text = format.format(Date.parse(`${day}T00:00:00Z`))
  texts.set(`${key} ${day}`, text)
  return text
}

/** 三 / W: as narrow as a column. */
export const weekdayLetter = (day: LocalDay): string => formatted(day, 'narrow', { weekday: 'narrow' })
/** 11月25日 周三 / Wed, Nov 25. */
export const dayText = (day: LocalDay): string =>
  formatted(day, 'long', { month: 'short', day: 'numeric', weekday: 'short' })
export const dateText = (day: LocalDay): string =>
  formatted(day, 'date', { year: 'numeric', month: '2-digit', day: '2-digit' })
/** 25 alone, with the month where one begins. */
export const columnText = ({ day, isMonthStart }: DayColumn, isFirst: boolean): string =>
  isFirst || isMonthStart ? `${Number(day.slice(5, 7))}/${Number(day.slice(8))}` : String(Number(day.slice(8)))

/** 08:00–16:00, the next day's end marked. */
export function hoursText({ startMinute, lengthMinutes }: { startMinute: number; lengthMinutes: number }): string {
  const end = startMinute + lengthMinutes
  return `${clock(startMinute)}–${clock(end % 1_440)}${end > 1_440 ? ' +1' : ''}`
}

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
