import type { Duty, RosterFrame } from './frame.ts'
import { pastOf } from './frame.ts'
import type { RosterPerson, SkillCover } from './model.ts'
import type { OneCluster } from './rules/cover.ts'

/** Who is on duty in every cluster, kept up duty by duty. */
export interface ClusterDays {
  clusters: readonly OneCluster[]
  /** A duty begins (1) or is taken back (−1). */
  put(person: RosterPerson, duty: Duty, by: 1 | -1): void
}

/** Without anybody on duty but those whose last shift before the period reaches into it. */
export function emptyClusters(frame: RosterFrame): ClusterDays {
  const { problem } = frame
  const lists = problem.clusters.map(() => Array.from({ length: problem.days + 1 }, (): Duty[] => []))
  const clusters = problem.clusters.map((cluster, c): OneCluster => {
    const slots = problem.days * 24
    return {
      frame,
      cluster,
      need: frame.need[c] ?? [],
      present: cluster.demand.map(() => new Int16Array(slots)),
      people: new Int16Array(slots),
      dutiesOn: (day) => lists[c]?.[day + 1] ?? [],
      callable: new Int16Array(problem.days),
    }
  })
  const put = (person: RosterPerson, duty: Duty, by: 1 | -1) => {
    const one = clusters[duty.cluster]
    if (!one) return
    const list = lists[duty.cluster]?.[duty.day + 1] as Duty[]
    if (by > 0) list.push(duty)
    else list.splice(list.indexOf(duty), 1)
    addCover(one, person, duty, by)
  }
  for (const person of problem.people) {
    for (const duty of pastOf(frame, person)) if (duty.day === -1) put(person, duty, 1)
    for (let day = 0; day < problem.days; day++) callableOn(frame, clusters, person, day, 1)
  }
  return { clusters, put }
}

function addCover({ cluster, present, people }: OneCluster, { skills }: RosterPerson, duty: Duty, by: 1 | -1): void {
  const { firstSlot, endSlot } = duty.span
  const offers = cluster.demand.map(({ skill }) => isOffered(skills, duty, skill))
  for (let slot = firstSlot; slot < endSlot; slot++) {
    people[slot] = (people[slot] as number) + by
    for (const [n, is] of offers.entries()) {
      const counts = present[n] as Int16Array
      if (is) counts[slot] = (counts[slot] as number) + by
    }
  }
}

const isOffered = (skills: RosterPerson['skills'], { slot }: Duty, skill: RosterPerson['skills'][number]): boolean =>
  slot.skill === undefined ? skills.includes(skill) : slot.skill === skill && skills.includes(skill)

/** RO4: somebody becomes (1), or is no longer (−1), one who could be called on that day. Nobody on leave is, nor a volunteer. */
export function callableOn(
  frame: RosterFrame,
  clusters: readonly OneCluster[],
  person: RosterPerson,
  day: number,
  by: 1 | -1,
): void {
  const date = frame.at(day).day
  const isAway = person.leave.some(({ from, until }) => from <= date && date <= until)
  if (person.mode === 'volunteer' || isAway) return
  for (const id of person.clusterIds) {
    const callable = clusters[frame.clusterOf.get(id) ?? -1]?.callable
    if (callable) callable[day] = (callable[day] as number) + by
  }
}

/** The heat strip: who was asked for and who is there, hour by hour. */
export const coverIn = ({ clusters }: ClusterDays): SkillCover[] =>
  clusters.flatMap(({ cluster, need, present }) =>
    cluster.demand.map(({ skill }, n) => ({
      clusterId: cluster.id,
      skill,
      needed: [...(need[n] ?? [])],
      present: [...(present[n] ?? [])],
    })),
  )
