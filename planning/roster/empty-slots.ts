import { daysFrom } from '#domain/roster/days.ts'
import { frameOf } from '#domain/roster/frame.ts'
import { mayTake } from '#domain/roster/may-take.ts'
import type { LocalDay, Roster, RosterProblem, RosterSlot } from '#domain/roster/model.ts'
import { LIFTABLE_RULES } from '#domain/roster/rules.ts'
import { coverOf } from '#domain/roster/score.ts'
import type { EmptySlot } from '#domain/roster-explained.ts'

/** Explained at most so many; a roster that lacks more lacks people. */
const MOST_SLOTS = 60

/** RH3: every day on which a skill lacks somebody, with the shift that would fill most of those hours, and each person with the skill. */
export function emptySlots(problem: RosterProblem, roster: Roster): EmptySlot[] {
  const days = daysFrom(problem.firstDay, problem.days)
  const lacking = coverOf(problem, roster).flatMap(({ clusterId, skill, needed, present }) =>
    days.map((day, n) => ({ clusterId, skill, day, hours: hoursShort(needed, present, n * 24) })),
  )
  return lacking
    .filter(({ hours }) => hours.length > 0)
    .slice(0, MOST_SLOTS)
    .flatMap((lack) => {
      const shiftId = fillingShift(problem, lack.day, lack.hours)
      return shiftId === null ? [] : [explained(problem, roster, { ...lack, shiftId })]
    })
}

const hoursShort = (needed: readonly number[], present: readonly number[], from: number): number[] =>
  Array.from({ length: 24 }, (_, hour) => hour).filter(
    (hour) => (present[from + hour] ?? 0) < (needed[from + hour] ?? 0),
  )

/** The shift that fills most of the hours that lack somebody, of those the shortest. */
function fillingShift(problem: RosterProblem, day: LocalDay, hours: readonly number[]): string | null {
  const frame = frameOf(problem)
  const from = (frame.dayOf.get(day) ?? 0) * 24
  const filled = problem.shifts.map((shift) => {
    const { firstSlot, endSlot } = frame.spanOf(shift, from / 24)
    return { shift, filled: hours.filter((hour) => firstSlot <= from + hour && from + hour < endSlot).length }
  })
  const [best] = filled.sort((a, b) => b.filled - a.filled || a.shift.lengthMinutes - b.shift.lengthMinutes)
  return best && best.filled > 0 ? best.shift.id : null
}

type Lack = Omit<EmptySlot, 'barred' | 'remedy'>

function explained(problem: RosterProblem, roster: Roster, lack: Lack): EmptySlot {
  const slot: RosterSlot = { day: lack.day, shiftId: lack.shiftId, clusterId: lack.clusterId }
  const able = problem.people.filter(({ skills }) => skills.includes(lack.skill))
  const barred: EmptySlot['barred'] = []
  const ways: NonNullable<EmptySlot['remedy']>[] = []
  for (const { id } of able) {
    const verdict = mayTake(problem, roster, id, slot)
    if (verdict.ok) ways.push({ personId: id, lifts: [], points: verdict.points })
    else {
      barred.push({ personId: id, rules: verdict.bars })
      // Only hours and rest can be lifted, and for an urgent repair alone.
      if (verdict.bars.every((rule) => LIFTABLE_RULES.has(rule)))
        ways.push({ personId: id, lifts: verdict.bars, points: null })
    }
  }
  const [remedy = null] = ways.sort((a, b) => a.lifts.length - b.lifts.length || (a.points ?? 0) - (b.points ?? 0))
  return { ...lack, barred, remedy }
}
