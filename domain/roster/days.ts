import { DAY_MS } from '#domain/instant.ts'
import type { LocalDay } from './model.ts'

/** Days of a calendar have no zone and no clock changes: they are counted as UTC midnights. */
export const dayNumber = (day: LocalDay): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS)

const dayAt = (number: number): LocalDay => new Date(number * DAY_MS).toISOString().slice(0, 10)

export const daysFrom = (first: LocalDay, count: number): LocalDay[] =>
  Array.from({ length: count }, (_, n) => dayAt(dayNumber(first) + n))
