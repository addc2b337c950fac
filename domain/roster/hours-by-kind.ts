import { type Duty, dutyOf, frameOf, pastOf, type RosterFrame } from './frame.ts'
import type { Roster, RosterPerson, RosterProblem } from './model.ts'
import type { OnePerson } from './rules/at.ts'
import { overtimeOf } from './rules/overtime.ts'

export const HOUR_KINDS = ['ordinary', 'overtime', 'restDay', 'holiday'] as const
/** Paid once, one and a half, twice and three times (劳动法 44). */
export type HourKind = (typeof HOUR_KINDS)[number]
export type MinutesByKind = Record<HourKind, number>

/**
 * RO44: what somebody works in the period, by kind. Minutes on a holiday are holiday's, to its midnights; overtime of a week that
 * comes from a seventh or sixth day, all of a shift, is rest-day work; the rest of overtime is overtime.
 */
export function hoursByKind(problem: RosterProblem, roster: Roster, personId: string): MinutesByKind {
  const frame = frameOf(problem)
  const person = problem.people[frame.personOf.get(personId) ?? -1]
  if (!person) throw new RangeError(`no ${personId} in the problem`)
  const own = roster.filter((entry) => entry.personId === personId).flatMap((slot) => dutyOf(frame, slot) ?? [])
  const duties = [...pastOf(frame, person), ...own].sort((a, b) => a.span.start - b.span.start)
  return sorted(frame, person, duties)
}

function sorted(frame: RosterFrame, person: RosterPerson, duties: readonly Duty[]): MinutesByKind {
  const one: OnePerson = { frame, person, limits: frame.problem.rules.limits, duties }
  const beyond = overtimeOf(one)
  const kinds: MinutesByKind = { ordinary: 0, overtime: 0, restDay: 0, holiday: 0 }
  // What a cycle has too much may be more than its last shift: it is found from the end backwards.
  let extra = 0
  for (const { day, span } of duties.toReversed()) {
    if (day < 0) break
    const onHoliday = (frame.at(day).isHoliday ? span.today : 0) + (frame.at(day + 1).isHoliday ? span.tomorrow : 0)
    while (beyond.length > 0 && (beyond.at(-1)?.day ?? -1) >= day) extra += beyond.pop()?.minutes ?? 0
    const own = Math.min(extra, span.counted - onHoliday)
    const isWhole = person.mode === 'standard' && own > 0 && own === span.counted
    extra -= own
    kinds.holiday += onHoliday
    kinds[isWhole ? 'restDay' : 'overtime'] += own
    kinds.ordinary += span.counted - onHoliday - own
  }
  return kinds
}
