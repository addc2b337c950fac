import { MINUTE_MS } from '#domain/instant.ts'
import type { Duty } from '#domain/roster/frame.ts'
import { hours, type OnePerson, type PersonRule } from './at.ts'

/** RO8: one shift a day. */
export const oneShift: PersonRule = ({ duties }, tell) => {
  for (const [before, after] of pairs(duties)) if (before.day === after.day && after.day >= 0) tell(after.day, 1)
}

/** RO9: the least rest between two shifts; told in hours that are missing. */
export const restShort: PersonRule = (one, tell) => missingRest(one, one.limits.restLeastMinutes, tell)

/** RO10: a good rest between two shifts. */
export const restSoft: PersonRule = (one, tell) => missingRest(one, one.limits.restGoodMinutes, tell)

function missingRest({ duties }: OnePerson, wanted: number, tell: Parameters<PersonRule>[1]): void {
  for (const [before, after] of pairs(duties)) {
    const rest = (after.span.start - before.span.end) / MINUTE_MS
    if (after.day >= 0 && rest < wanted) tell(after.day, hours(wanted - rest))
  }
}

/** RO11: shifts that may not follow on the next day. */
export const succession: PersonRule = ({ duties, limits }, tell) => {
  if (limits.successions.length === 0) return
  for (const [before, after] of pairs(duties)) {
    if (after.day < 0 || after.day !== before.day + 1) continue
    if (limits.successions.some(([from, to]) => from === before.shift.id && to === after.shift.id)) tell(after.day, 1)
  }
}

function* pairs(duties: readonly Duty[]): Generator<[Duty, Duty]> {
  for (let n = 1; n < duties.length; n++) yield [duties[n - 1] as Duty, duties[n] as Duty]
}
