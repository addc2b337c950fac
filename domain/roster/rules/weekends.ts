import { inPeriod, type OnePerson, type PersonRule } from './at.ts'

/** Weekends with a shift that starts on them, as weeks with their days. */
function weekendsOf(one: OnePerson): Map<number, number[]> {
  const weekends = new Map<number, number[]>()
  for (const { day } of inPeriod(one)) {
    const { isWeekend, week } = one.frame.at(day)
    if (isWeekend) weekends.set(week, [...(weekends.get(week) ?? []), day])
  }
  return weekends
}

/** RO23: weekends with work in the period. */
export const weekends: PersonRule = (one, tell) => {
  for (const days of [...weekendsOf(one).values()].slice(one.limits.weekendsMost)) tell(days[0] as number, 1)
}

/** RO24: a weekend is worked whole or not at all. */
export const splitWeekend: PersonRule = (one, tell) => {
  const { frame } = one
  for (const days of weekendsOf(one).values()) {
    const [first = 0] = days
    const other = frame.at(first).weekday === 5 ? first + 1 : first - 1
    const isKnown = other >= 0 && other < frame.problem.days
    if (isKnown && days.every((day) => day === first)) tell(first, 1)
  }
}

/** RO26: public holidays with work in the period. */
export const holidays: PersonRule = (one, tell) => {
  const days = inPeriod(one).filter(({ day }) => one.frame.at(day).isHoliday)
  for (const { day } of days.slice(one.limits.holidaysMost)) tell(day, 1)
}

/** What is shared fairly over a rolling year: what somebody brings along, and the period's own. */
export const shareOf = {
  fairNights: (one: OnePerson) => one.person.history.nights + inPeriod(one).filter(({ shift }) => shift.isNight).length,
  fairWeekends: (one: OnePerson) => one.person.history.weekends + weekendsOf(one).size,
  fairHolidays: (one: OnePerson) =>
    one.person.history.holidays + inPeriod(one).filter(({ day }) => one.frame.at(day).isHoliday).length,
}
