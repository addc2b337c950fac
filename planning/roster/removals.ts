import type { Roster, RosterProblem } from '#domain/roster/model.ts'
import { openScoring } from '#domain/roster/scoring.ts'
import type { PersonRemoved } from '#domain/roster-explained.ts'

/** RH2: each person taken away in turn, the rest as it is: the people whose absence breaks cover, worst first. */
export function removePeople(problem: RosterProblem, roster: Roster): PersonRemoved[] {
  const scoring = openScoring(problem, roster)
  const whole = scoring.score().coveredHours
  const removed: PersonRemoved[] = []
  for (const [personId, own] of Map.groupBy(roster, (entry) => entry.personId)) {
    const days: string[] = []
    let before = whole
    for (const { day } of own) {
      scoring.change(personId, day, null)
      const { coveredHours } = scoring.score()
      if (coveredHours < before) days.push(day)
      before = coveredHours
    }
    for (const { personId: _, ...slot } of own) scoring.change(personId, slot.day, slot)
    if (before < whole) removed.push({ personId, hours: whole - before, days })
  }
  return removed.sort((a, b) => b.hours - a.hours || (a.personId < b.personId ? -1 : 1))
}
