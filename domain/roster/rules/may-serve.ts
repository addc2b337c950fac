import { hours, inPeriod, type PersonRule } from './at.ts'
import { overtimeOf } from './overtime.ts'

/** RO6: on duty for a skill one has, in a cluster that asks for one of them. */
export const qualified: PersonRule = (one, tell) => {
  const { skills } = one.person
  for (const { day, cluster, slot } of inPeriod(one)) {
    const asked = one.frame.problem.clusters[cluster]?.demand ?? []
    const offered = slot.skill === undefined ? skills : skills.filter((skill) => skill === slot.skill)
    if (!asked.some(({ skill }) => offered.includes(skill))) tell(day, 1)
  }
}

/** RO7: only in the clusters one serves. */
export const reach: PersonRule = (one, tell) => {
  for (const { day, slot } of inPeriod(one)) if (!one.person.clusterIds.includes(slot.clusterId)) tell(day, 1)
}

/** RO27: while protected no night, and no overtime whatever the contract. */
export const protectedStaff: PersonRule = (one, tell) => {
  const { frame, limits } = one
  const { protections, mode } = one.person
  if (protections.length === 0) return
  const isProtected = (day: number) =>
    protections.some(({ from, until }) => from <= frame.at(day).day && frame.at(day).day <= until)
  for (const { day, shift, span } of inPeriod(one)) {
    if (!isProtected(day) && !(span.tomorrow > 0 && isProtected(day + 1))) continue
    if (shift.isNight) tell(day, 1)
    if (mode !== 'standard' && span.counted > limits.dayMinutes) tell(day, hours(span.counted - limits.dayMinutes))
  }
  if (mode !== 'standard') return
  for (const { day, minutes } of overtimeOf(one)) if (isProtected(day)) tell(day, hours(minutes))
}

/** RO28: no shift reaches into a day of leave. */
export const leave: PersonRule = (one, tell) => {
  const { frame } = one
  const isAway = (day: number) =>
    one.person.leave.some(({ from, until }) => from <= frame.at(day).day && frame.at(day).day <= until)
  for (const { day, span } of inPeriod(one)) if (isAway(day) || (span.tomorrow > 0 && isAway(day + 1))) tell(day, 1)
}

/** RO29: whoever has said when lies wholly within it. */
export const availability: PersonRule = (one, tell) => {
  const { available } = one.person
  if (available === null) return
  for (const { day, shift, slot } of inPeriod(one)) {
    const end = shift.startMinute + shift.lengthMinutes
    const isOffered = available.some(
      (offer) => offer.day === slot.day && offer.fromMinute <= shift.startMinute && offer.untilMinute >= end,
    )
    if (!isOffered) tell(day, 1)
  }
}

/** RO30: a volunteer has no night unless nights were said to be welcome. */
export const volunteerNight: PersonRule = (one, tell) => {
  if (one.person.mode !== 'volunteer' || one.person.takesNights) return
  for (const { day, shift } of inPeriod(one)) if (shift.isNight) tell(day, 1)
}
