import { type Duty, dutyOf } from '#domain/roster/frame.ts'
import { judgePerson } from '#domain/roster/judge.ts'
import type { RuleKey } from '#domain/roster/rules.ts'
import { type Board, type Days, type Member, ownToll } from './board.ts'

/** A shift that a person could have on a day, as far as that day alone can tell. */
export interface Choice {
  duty: Duty
  /** What it costs in wishes, distance, news of a change … beside being off duty that day. */
  points: number
}

/** Rules that look at a day by itself. */
const OF_ONE_DAY: ReadonlySet<RuleKey> = new Set<RuleKey>([
  'qualified',
  'reach',
  'hoursDay',
  'overtimeDay',
  'protectedStaff',
  'leave',
  'availability',
  'volunteerNight',
  'wishes',
  'stability',
  'closeness',
])

export type Choices = readonly (readonly Choice[])[]

/** By day: everything that no rule of a single day forbids; nothing on a day that is not free. */
export function choicesOf(board: Board, member: Member): Choices {
  const { frame } = board
  const { problem } = frame
  const clusters = member.person.clusterIds.filter((id) => {
    const cluster = problem.clusters[frame.clusterOf.get(id) ?? -1]
    return cluster?.demand.some(({ skill }) => member.person.skills.includes(skill))
  })
  const slots = clusters.flatMap((clusterId) => problem.shifts.map(({ id }) => ({ shiftId: id, clusterId })))
  const off = dayToll(board, member, null)
  return Array.from({ length: problem.days }, (_, day) => {
    if (member.isFree[day] === 0) return []
    return slots.flatMap((slot) => {
      const duty = dutyOf(frame, { ...slot, day: frame.at(day).day })
      const toll = duty && dayToll(board, member, duty)
      return duty && toll && toll.breaks <= off.breaks ? [{ duty, points: toll.points - off.points }] : []
    })
  })
}

function dayToll({ frame }: Board, { person }: Member, duty: Duty | null) {
  const toll = { breaks: 0, points: 0 }
  judgePerson(frame, person, duty ? [duty] : [], ({ key, isHard, weight }, _, amount) => {
    if (!OF_ONE_DAY.has(key)) return
    if (isHard) toll.breaks += 1
    else toll.points += amount * weight
  })
  return toll
}

/** Every way somebody could spend the free days, each with its own toll; null where there are more than so many. */
export function allDays(board: Board, member: Member, choices: Choices, most: number): Days[] | null {
  let ways: (Duty | null)[][] = [[]]
  for (const [day, ofDay] of choices.entries()) {
    const duties = member.isFree[day] === 0 ? [null] : [null, ...ofDay.map(({ duty }) => duty)]
    if (ways.length * duties.length > most) return null
    ways = ways.flatMap((way) => duties.map((duty) => [...way, duty]))
  }
  const least = Math.min(...ways.map((way) => ownToll(board, member, way).breaks))
  return ways.filter((way) => ownToll(board, member, way).breaks === least)
}
