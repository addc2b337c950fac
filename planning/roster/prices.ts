import type { Duty } from '#domain/roster/frame.ts'
import type { RuleKey } from '#domain/roster/rules.ts'
import type { Board, Member } from './board.ts'
import type { Choices } from './choices.ts'

/** A hard rule of cover, where a city has made one hard: dearer than anything soft. */
const DEAREST = 100_000

/** What each choice of each day would do to the whole, were it the only one; infinite = it breaks a hard rule. The person stands off duty on the board. */
export function pricesOf(board: Board, member: Member, choices: Choices): Float64Array[] {
  const weights = weightsOf(board)
  const isOffered = board.clusters.clusters.map(({ cluster }) =>
    cluster.demand.map(({ skill }) => member.person.skills.includes(skill)),
  )
  const fair = fairPrices(board, member)
  return choices.map((ofDay, day) => {
    const called = calledAway(board, member, day, weights.relief)
    return Float64Array.from(ofDay, ({ duty, points }) => {
      const cover = coverPrice(board, duty, isOffered[duty.cluster] ?? [], weights)
      return points + cover + called + fair(duty)
    })
  })
}

interface Weights {
  under: number
  over: number
  crowd: number
  relief: number
}

function weightsOf({ forces, frame }: Board): Weights {
  const of = (key: RuleKey) => {
    const force = forces.cluster.find((one) => one.key === key)
    if (!force) return 0
    return force.isHard ? DEAREST : frame.problem.rules.settings[key].weight
  }
  const crowd = forces.cluster.find(({ key }) => key === 'crowd')
  return {
    under: of('coverUnder'),
    over: of('coverOver'),
    crowd: crowd?.isHard === true ? Number.POSITIVE_INFINITY : of('crowd'),
    relief: of('relief'),
  }
}

function coverPrice({ clusters, frame }: Board, duty: Duty, isOffered: readonly boolean[], weights: Weights): number {
  const one = clusters.clusters[duty.cluster]
  if (!one) return Number.POSITIVE_INFINITY
  const { cluster, people, need, present } = one
  const most = cluster.mostAtOnce ?? Number.POSITIVE_INFINITY
  let minutes = 0
  for (let slot = duty.span.firstSlot; slot < duty.span.endSlot; slot++) {
    const length = frame.slotMinutes[slot] as number
    if ((people[slot] as number) >= most) minutes += length * weights.crowd
    for (let n = 0; n < isOffered.length; n++) {
      if (!isOffered[n]) continue
      const spare = (present[n]?.[slot] as number) - (need[n]?.[slot] as number)
      if (spare < 0) minutes -= length * weights.under
      else if (weights.over > 0 && spare >= (cluster.demand[n]?.slack ?? Number.POSITIVE_INFINITY))
        minutes += length * weights.over
    }
  }
  return minutes / 60
}

/** RO4: on duty one is nobody who could be called. */
function calledAway({ clusters, frame }: Board, { person }: Member, day: number, weight: number): number {
  if (weight === 0) return 0
  const short = person.clusterIds.filter((id) => {
    const one = clusters.clusters[frame.clusterOf.get(id) ?? -1]
    return one !== undefined && (one.callable[day] as number) <= one.cluster.reliefs
  })
  return short.length * weight
}

/** What one more night, or a day of a weekend or holiday, adds to the spread of the group as it stands. */
function fairPrices({ forces, groups, frame }: Board, { group, shares }: Member): (duty: Duty) => number {
  const all = groups[group]
  const price = (key: RuleKey) => {
    const n = forces.fair.findIndex((force) => force.key === key)
    const force = forces.fair[n]
    if (!all || !force) return 0
    const [own, sum] = [shares[n] as number, all.sum[n] as number]
    return force.weight * (2 * own + 1 - (2 * sum + 1) / Math.max(1, all.size))
  }
  const [night, weekend, holiday] = [price('fairNights'), price('fairWeekends'), price('fairHolidays')]
  return ({ day, shift }) => {
    const { isWeekend, isHoliday } = frame.at(day)
    // Two days of a weekend are one weekend.
    return (shift.isNight ? night : 0) + (isWeekend ? weekend / 2 : 0) + (isHoliday ? holiday : 0)
  }
}
