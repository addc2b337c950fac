import type { DayFacts } from '#domain/roster/frame.ts'
import type { HourCycle } from '#domain/roster/model.ts'
import { hours, type OnePerson, type PersonRule, type Tell } from './at.ts'

/** RO12: hours of the shifts that start on a day, against what is agreed with the person. */
export const hoursDay: PersonRule = (one, tell) => {
  const most = one.person.limits.dayMinutes
  if (most !== null) sumBy(one, (day) => day, most, tell)
}

/** RO13: hours of the shifts that start from a Monday to a Sunday, against what is agreed. */
export const hoursWeek: PersonRule = (one, tell) => {
  const most = one.person.limits.weekMinutes
  if (most !== null) sumBy(one, (day) => one.frame.at(day).week, most, tell)
}

/** By the day a shift starts; what is too much is told on the last day that adds to it. */
export function sumBy({ duties }: OnePerson, keyOf: (day: number) => number, most: number, tell: Tell): void {
  let [key, sum, last] = [Number.NaN, 0, -1]
  const close = () => {
    if (sum > most && last >= 0) tell(last, hours(sum - most))
  }
  for (const { day, span } of duties) {
    if (keyOf(day) !== key) {
      close()
      key = keyOf(day)
      sum = 0
    }
    sum += span.counted
    last = day
  }
  close()
}

/** RO14: hours worked within a month, to the minute of its midnights, against what is agreed. */
export const hoursMonth: PersonRule = (one, tell) => {
  const most = one.person.limits.monthMinutes
  if (most === null) return
  for (const { minutes, last } of workedBy(one, 'month', one.person.history.monthMinutes))
    if (minutes > most) tell(last, hours(minutes - most))
}

/** RO15: a comprehensive contract's cycle holds its statutory hours, and no more overtime than its months allow. */
export const hoursCycle: PersonRule = (one, tell) => {
  const { mode, cycle } = one.person
  if (mode !== 'comprehensive') return
  const kind = cycle ?? 'month'
  const most = normalMinutes(one, kind) + MONTHS[kind] * one.limits.overtimeMonthMinutes
  for (const { minutes, last } of cyclesOf(one)) if (minutes > most) tell(last, hours(minutes - most))
}

/** Months whose overtime a cycle may hold; of a week, that of the month it is in. */
const MONTHS: Record<HourCycle, number> = { week: 1, month: 1, quarter: 3, year: 12 }

export function normalMinutes({ limits }: OnePerson, cycle: HourCycle): number {
  return cycle === 'week' ? limits.weekMinutes : MONTHS[cycle] * limits.monthMinutes
}

export interface Worked {
  /** Before the period too, in the first of them. */
  minutes: number
  /** The last day of the period on which something was added. */
  last: number
}

/** The cycles of a comprehensive contract that the period touches. */
export const cyclesOf = (one: OnePerson): Worked[] => {
  const cycle = one.person.cycle ?? 'month'
  return workedBy(one, cycle, cycle === 'week' ? weekBefore(one) : one.person.history.cycleMinutes)
}

/** Worked before the first midnight in the week of the first day. */
function weekBefore({ frame, duties }: OnePerson): number {
  const { week } = frame.at(0)
  let minutes = 0
  for (const { day, span } of duties) {
    if (day >= 0) break
    if (frame.at(day).week === week) minutes += span.today
    if (day < -1 && frame.at(day + 1).week === week) minutes += span.tomorrow
  }
  return minutes
}

/** Minutes worked in each week, month …, a shift split at midnight; `before` belongs to the one of the first day. */
function workedBy({ frame, duties }: OnePerson, kind: HourCycle, before: number): Worked[] {
  const first = frame.at(0)[kind satisfies keyof DayFacts]
  const worked = new Map<number, Worked>()
  const add = (day: number, minutes: number) => {
    if (day < 0 || minutes === 0) return
    const key = frame.at(day)[kind]
    const { minutes: sum } = worked.get(key) ?? { minutes: key === first ? before : 0 }
    worked.set(key, { minutes: sum + minutes, last: Math.min(day, frame.problem.days - 1) })
  }
  for (const { day, span } of duties) {
    if (day < -1) continue
    add(day, span.today)
    add(day + 1, span.tomorrow)
  }
  return [...worked.values()]
}
