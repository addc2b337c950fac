import type { LocalDay, RosterEntry, ShiftKind } from '#domain/roster/model.ts'
import type { DayColumn } from './days.ts'
import { countedMinutes } from './kinds.ts'

export interface PersonTotals {
  shifts: number
  minutes: number
  nights: number
  /** Weekends with work in them. */
  weekends: number
}

/** What one person has in the period, for the last columns of the grid. */
export function totalsOf(
  entries: Iterable<RosterEntry>,
  kinds: ReadonlyMap<string, ShiftKind>,
  columns: ReadonlyMap<LocalDay, DayColumn & { week: number }>,
): PersonTotals {
  const weekends = new Set<number>()
  const totals = { shifts: 0, minutes: 0, nights: 0 }
  for (const { shiftId, day } of entries) {
    const kind = kinds.get(shiftId)
    if (!kind) continue
    totals.shifts += 1
    totals.minutes += countedMinutes(kind)
    if (kind.isNight) totals.nights += 1
    const column = columns.get(day)
    if (column?.isWeekend) weekends.add(column.week)
  }
  return { ...totals, weekends: weekends.size }
}
