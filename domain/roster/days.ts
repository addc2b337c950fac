import { DAY_MS } from '#domain/instant.ts'
import type { LocalDay } from './model.ts'

/** Days of a calendar have no zone and no clock changes: they are counted as UTC midnights. */
export const dayNumber = (day: LocalDay): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS)

/** So many days, from the day of that number on. */
export const daysOfNumbers = (first: number, count: number): LocalDay[] =>
  Array.from({ length: count }, (_, n) => new Date((first + n) * DAY_MS).toISOString().slice(0, 10))

export const daysFrom = (first: LocalDay, count: number): LocalDay[] => daysOfNumbers(dayNumber(first), count)
