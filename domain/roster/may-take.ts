import { type Duty, dutyOf, frameOf, pastOf, type RosterFrame } from './frame.ts'
import { judgePerson } from './judge.ts'
import type { MayTake, Roster, RosterPerson, RosterProblem, RosterSlot } from './model.ts'
import { kindOf, type RuleKey } from './rules.ts'

interface Toll {
  points: number
  /** How much each hard rule is broken. */
  broken: Map<RuleKey, number>
}

/**
 * RO43: whether somebody may take a slot beside what he has: barred is what breaks a hard rule that is not broken already.
 * A shift that somebody gives up in exchange is left out of the roster handed in.
 */
export function mayTake(problem: RosterProblem, roster: Roster, personId: string, slot: RosterSlot): MayTake {
  const frame = frameOf(problem)
  const person = problem.people[frame.personOf.get(personId) ?? -1]
  const duty = dutyOf(frame, slot)
  if (!person || !duty || duty.day < 0)
    throw new RangeError(`no ${personId} for ${JSON.stringify(slot)} in the problem`)
  const own = roster.filter((entry) => entry.personId === personId)
  const before = tollOf(frame, person, own)
  const after = tollOf(frame, person, [...own, slot])
  const bars = [...after.broken]
    .filter(([rule, amount]) => amount > (before.broken.get(rule) ?? 0) + ROUNDING)
    .map(([rule]) => rule)
  if (isCrowded(frame, roster, duty)) bars.push('crowd')
  if (bars.length > 0) return { ok: false, bars }
  return { ok: true, points: after.points - before.points }
}

/** Hours are sums of minutes over sixty. */
const ROUNDING = 1e-9

function tollOf(frame: RosterFrame, person: RosterPerson, own: readonly RosterSlot[]): Toll {
  const duties = [...pastOf(frame, person), ...own.flatMap((slot) => dutyOf(frame, slot) ?? [])]
  const toll: Toll = { points: 0, broken: new Map() }
  judgePerson(
    frame,
    person,
    duties.sort((a, b) => a.span.start - b.span.start),
    ({ key, isHard, weight }, _, amount) => {
      if (isHard) toll.broken.set(key, (toll.broken.get(key) ?? 0) + amount)
      else toll.points += amount * weight
    },
  )
  return toll
}

/** RO3 for one slot: in some hour of it there are as many in the cluster as there may be. */
function isCrowded(frame: RosterFrame, roster: Roster, { cluster, slot, day, span }: Duty): boolean {
  const { clusters, rules } = frame.problem
  const most = clusters[cluster]?.mostAtOnce ?? null
  if (most === null || kindOf(rules, 'crowd') !== 'hard') return false
  const near = roster
    .filter(({ clusterId }) => clusterId === slot.clusterId)
    .flatMap((entry) => dutyOf(frame, entry) ?? [])
    .filter((other) => Math.abs(other.day - day) <= 1)
  for (let hour = span.firstSlot; hour < span.endSlot; hour++) {
    const there = near.filter((other) => other.span.firstSlot <= hour && hour < other.span.endSlot)
    if (there.length >= most) return true
  }
  return false
}
