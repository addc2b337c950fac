import { hours, type OnePerson, type PersonRule } from './at.ts'
import { cyclesOf, normalMinutes, sumBy } from './hours.ts'

export interface Overtime {
  /** The day on which the shift starts that it is part of, or that the cycle is filled. */
  day: number
  minutes: number
}

/**
 * Overtime by contract: of a standard one what a shift has beyond eight hours and a week beyond forty, in order; of a
 * comprehensive one what a cycle has beyond its statutory hours. Irregular contracts and volunteers have none.
 */
export function overtimeOf(one: OnePerson): Overtime[] {
  const { mode } = one.person
  if (mode === 'standard') return standardOvertime(one)
  if (mode !== 'comprehensive') return []
  const normal = normalMinutes(one, one.person.cycle ?? 'month')
  return cyclesOf(one).flatMap(({ minutes, last }) =>
    minutes > normal ? [{ day: last, minutes: minutes - normal }] : [],
  )
}

function standardOvertime({ frame, duties, limits }: OnePerson): Overtime[] {
  const overtime: Overtime[] = []
  let [week, ordinary] = [Number.NaN, 0]
  for (const { day, span } of duties) {
    if (frame.at(day).week !== week) {
      week = frame.at(day).week
      ordinary = 0
    }
    const own = Math.min(span.counted, limits.dayMinutes, limits.weekMinutes - ordinary)
    ordinary += own
    if (span.counted > own && day >= 0) overtime.push({ day, minutes: span.counted - own })
  }
  return overtime
}

/** RO16: how long a standard contract's day may become. */
export const overtimeDay: PersonRule = (one, tell) => {
  const { dayMinutes, overtimeDayMinutes } = one.limits
  if (one.person.mode === 'standard') sumBy(one, (day) => day, dayMinutes + overtimeDayMinutes, tell)
}

/** RO17: overtime of a month. Longer cycles are held by their own sum (RO15). */
export const overtimeMonth: PersonRule = (one, tell) => {
  const { mode, cycle, history } = one.person
  if (mode !== 'standard' && !(mode === 'comprehensive' && cycle === 'week')) return
  const { frame, limits } = one
  let [month, sum] = [frame.at(0).month, history.monthOvertimeMinutes]
  for (const { day, minutes } of overtimeOf(one)) {
    if (frame.at(day).month !== month) {
      month = frame.at(day).month
      sum = 0
    }
    const over = (total: number) => Math.max(0, total - limits.overtimeMonthMinutes)
    if (over(sum + minutes) > over(sum)) tell(day, hours(over(sum + minutes) - over(sum)))
    sum += minutes
  }
}

/** RO18: every hour of overtime costs. */
export const overtime: PersonRule = (one, tell) => {
  for (const { day, minutes } of overtimeOf(one)) tell(day, hours(minutes))
}
