import chineseDays from 'chinese-days'
import { daysFrom } from './days.ts'
import type { LocalDay } from './model.ts'

/** 全国年节放假办法, art. 2 (2025): thirteen days; those that a yearly notice adds by moving working days are not among them. */
const BY_DATE = new Set(['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'])
const BY_MOON = new Set(['1-1', '1-2', '1-3', '5-5', '8-15'])

/** RO39: the statutory holidays from the first day on, for so many days: the ones that are paid three times and fairly shared. */
export const holidaysFrom = (firstDay: LocalDay, days: number): LocalDay[] =>
  daysFrom(firstDay, days).filter(isStatutory)

function isStatutory(day: LocalDay): boolean {
  if (BY_DATE.has(day.slice(5)) || BY_MOON.has(moonDay(day))) return true
  const [, next = day] = daysFrom(day, 2)
  return moonDay(next) === '1-1' || day === chineseDays.getSolarTermDate(Number(day.slice(0, 4)), 4, 'pure_brightness')
}

/** Month and day by the moon; a leap month has no holidays. */
function moonDay(day: LocalDay): string {
  const { lunarMon, lunarDay, isLeap } = chineseDays.getLunarDate(day)
  return isLeap ? '' : `${lunarMon}-${lunarDay}`
}
