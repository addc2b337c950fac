import { DAYS_BACK } from '#domain/roster/frame.ts'
import type { OnePerson, PersonRule, Tell } from './at.ts'

/** RO19: in every week from Monday to Sunday one day on which nothing is worked, not even the end of a night shift. */
export const restDay: PersonRule = ({ frame, duties }, tell) => {
  const { days } = frame.problem
  const works = new Uint8Array(days + DAYS_BACK + 2)
  for (const { day, span } of duties) {
    works[day + DAYS_BACK] = 1
    if (span.tomorrow > 0) works[day + 1 + DAYS_BACK] = 1
  }
  for (let sunday = 6 - frame.at(0).weekday; sunday < days; sunday += 7) {
    const week = works.subarray(sunday - 6 + DAYS_BACK, sunday + 1 + DAYS_BACK)
    if (week.every((works) => works === 1)) tell(sunday, 1)
  }
}

interface Stretch {
  from: number
  /** Included. */
  until: number
}

/** Days in a row on which a shift starts. */
function stretches({ duties }: OnePerson, isMeant: (index: number) => boolean = () => true): Stretch[] {
  const found: Stretch[] = []
  for (const [index, { day }] of duties.entries()) {
    if (!isMeant(index)) continue
    const last = found.at(-1)
    if (last && day <= last.until + 1) last.until = day
    else found.push({ from: day, until: day })
  }
  return found
}

/** Each day beyond the most in a row. */
function tellBeyond(found: readonly Stretch[], most: number, tell: Tell): void {
  for (const { from, until } of found) {
    for (let day = Math.max(0, from + most); day <= until; day++) tell(day, 1)
  }
}

/** RO20: days in a row that the law lets somebody work. */
export const consecutiveDays: PersonRule = (one, tell) => tellBeyond(stretches(one), one.limits.consecutiveDays, tell)

/** RO21: runs of work neither longer nor shorter than people like; one that the end of the period cuts off is not called short. */
export const workRun: PersonRule = (one, tell) => {
  const { least, most } = one.limits.workRun
  const found = stretches(one)
  tellBeyond(found, most, tell)
  for (const { from, until } of found) {
    const length = until - from + 1
    if (length < least && until >= 0 && until < one.frame.problem.days - 1) tell(until, least - length)
  }
}

/** RO22: days off come together; only between two runs of work is it known. */
export const offRun: PersonRule = (one, tell) => {
  let before: Stretch | undefined
  for (const run of stretches(one)) {
    const off = before ? run.from - before.until - 1 : Number.POSITIVE_INFINITY
    if (off < one.limits.offRunLeast && run.from >= 0) tell(run.from, one.limits.offRunLeast - off)
    before = run
  }
}

/** RO25: nights in a row. */
export const nightRun: PersonRule = (one, tell) =>
  tellBeyond(
    stretches(one, (index) => one.duties[index]?.shift.isNight === true),
    one.limits.nightRunMost,
    tell,
  )
