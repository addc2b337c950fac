import type { Duty, RosterFrame } from '#domain/roster/frame.ts'
import type { DutyCluster } from '#domain/roster/model.ts'
import type { Skill } from '#domain/units.ts'

/** Who is on duty in one cluster. */
export interface OneCluster {
  frame: RosterFrame
  cluster: DutyCluster
  /** By demand: people asked for and present in each hour of the period. */
  need: readonly Float64Array[]
  present: readonly Int16Array[]
  /** People at once in each hour. */
  people: Int16Array
  /** Those whose shift starts on a day (−1 = the day before the period). */
  dutiesOn(day: number): readonly Duty[]
  /** On each day: people off duty who could be called. */
  callable: Int16Array
}

export type ClusterTell = (amount: number, skill: Skill | null) => void

/** A rule that looks at one day of one cluster. */
export type ClusterRule = (one: OneCluster, day: number, tell: ClusterTell) => void

/** RO1: hours of a skill that nobody covers. */
export const coverUnder: ClusterRule = (one, day, tell) =>
  eachSkill(one, day, tell, (need, present) => Math.max(0, need - present))

/** RO2: hours of a skill with more people than asked for and the slack allows. */
export const coverOver: ClusterRule = (one, day, tell) =>
  eachSkill(one, day, tell, (need, present, slack) => (slack === null ? 0 : Math.max(0, present - need - slack)))

type PerHour = (need: number, present: number, slack: number | null) => number

function eachSkill({ frame, cluster, need, present }: OneCluster, day: number, tell: ClusterTell, amountOf: PerHour) {
  for (const [n, { skill, slack }] of cluster.demand.entries()) {
    let minutes = 0
    for (let slot = day * 24; slot < day * 24 + 24; slot++) {
      const amount = amountOf(need[n]?.[slot] as number, present[n]?.[slot] as number, slack)
      if (amount > 0) minutes += amount * (frame.slotMinutes[slot] as number)
    }
    if (minutes > 0) tell(minutes / 60, skill)
  }
}

/** RO3: hours of people beyond those who may be on duty at once. */
export const crowd: ClusterRule = ({ frame, cluster, people }, day, tell) => {
  if (cluster.mostAtOnce === null) return
  let minutes = 0
  for (let slot = day * 24; slot < day * 24 + 24; slot++) {
    const over = (people[slot] as number) - cluster.mostAtOnce
    if (over > 0) minutes += over * (frame.slotMinutes[slot] as number)
  }
  if (minutes > 0) tell(minutes / 60, null)
}

/** RO4: so many who serve the cluster are off duty and could be called. */
export const relief: ClusterRule = ({ cluster, callable }, day, tell) => {
  const missing = cluster.reliefs - (callable[day] as number)
  if (missing > 0) tell(missing, null)
}

/** RO5: each moment at which somebody leaves, demand goes on and nobody stays who was there for the hand-over. */
export const handover: ClusterRule = (one, day, tell) => {
  const { cluster, frame } = one
  if (cluster.handoverMinutes === 0) return
  const around = [...one.dutiesOn(day - 1), ...one.dutiesOn(day)]
  const moments = new Set(around.map(({ span }) => span.untilMinute).filter((at) => Math.floor(at / 1_440) === day))
  let missed = 0
  for (const at of moments) {
    const slot = Math.floor(at / 60)
    const goesOn = slot < frame.slotMinutes.length && one.need.some((need) => (need[slot] as number) > 0)
    const isMet = around.some(({ span }) => span.fromMinute <= at - cluster.handoverMinutes && span.untilMinute > at)
    if (goesOn && !isMet) missed += 1
  }
  if (missed > 0) tell(missed, null)
}
