import { type ClusterDays, callableOn, coverIn, emptyClusters } from './cluster-days.ts'
import { type Duty, dutyOf, frameOf, pastOf, type RosterFrame } from './frame.ts'
import { type Force, fairGroupOf, forcesOf, judgePerson, shareIn, unfairness } from './judge.ts'
import type {
  Hurt,
  LocalDay,
  Roster,
  RosterEntry,
  RosterPerson,
  RosterProblem,
  RosterScore,
  RosterSlot,
  ScoreChange,
  SkillCover,
} from './model.ts'
import { RULE_KEYS, type RuleKey } from './rules.ts'

/** A roster kept judged: a change of one person's day reckons anew that person, the clusters of those hours and one fair share, nothing else. */
export interface Scoring {
  score(): RosterScore
  /** Whatever the person had on that day gives way to this; null = off duty. */
  change(personId: string, day: LocalDay, entry: RosterSlot | null): ScoreChange
  roster(): RosterEntry[]
  cover(): SkillCover[]
}

interface Judged {
  person: RosterPerson
  past: Duty[]
  /** Of the period, in no order. */
  own: Duty[]
  hurts: Hurt[]
}

interface Standing {
  frame: RosterFrame
  people: Judged[]
  days: ClusterDays
  /** By cluster and day. */
  clusterHurts: Hurt[][][]
  /** By own cluster: who is compared, and what it comes to. */
  groups: Map<string, { members: Judged[]; hurts: Hurt[] }>
}

export function openScoring(problem: RosterProblem, roster: Roster): Scoring {
  const frame = frameOf(problem)
  const standing = standingOf(frame, roster)
  return {
    score: () => totalOf(standing),
    change: (personId, day, entry) => change(standing, personId, day, entry),
    roster: () =>
      standing.people.flatMap(({ person, own }) => own.map(({ slot }) => ({ ...slot, personId: person.id }))),
    cover: () => coverIn(standing.days),
  }
}

function standingOf(frame: RosterFrame, roster: Roster): Standing {
  const { problem } = frame
  const days = emptyClusters(frame)
  const entries = Map.groupBy(roster, ({ personId }) => personId)
  for (const id of entries.keys()) if (!frame.personOf.has(id)) throw new RangeError(`no person ${id} in the problem`)
  const people = problem.people.map((person): Judged => {
    const own = (entries.get(person.id) ?? []).map((entry) => knownDuty(frame, entry))
    return { person, past: pastOf(frame, person), own, hurts: [] }
  })
  for (const { person, own } of people)
    for (const duty of own) putOn(frame, days, { person, duty, alone: isAlone(own, duty) }, 1)
  const standing: Standing = { frame, people, days, clusterHurts: [], groups: new Map() }
  for (const one of people) {
    one.hurts = personHurts(frame, one)
    const group = fairGroupOf(frame, one.person)
    if (group !== null) standing.groups.set(group, joined(standing.groups.get(group), one))
  }
  standing.clusterHurts = problem.clusters.map((_, c) =>
    Array.from({ length: problem.days }, (_, day) => clusterHurts(standing, c, day)),
  )
  for (const group of standing.groups.values()) group.hurts = fairHurts(frame, group.members)
  return standing
}

const joined = (group: { members: Judged[]; hurts: Hurt[] } | undefined, one: Judged) => ({
  members: [...(group?.members ?? []), one],
  hurts: [],
})

/** The first of a person's duties on a day: a second one does not take him off the list of those who could be called twice. */
const isAlone = (own: readonly Duty[], duty: Duty): boolean => own.find(({ day }) => day === duty.day) === duty

function knownDuty(frame: RosterFrame, slot: RosterSlot): Duty {
  const duty = dutyOf(frame, slot)
  if (!duty || duty.day < 0) throw new RangeError(`no such day, shift or cluster: ${JSON.stringify(slot)}`)
  return duty
}

interface Put {
  person: RosterPerson
  duty: Duty
  /** It is what takes the person off duty's list of that day. */
  alone: boolean
}

function putOn(frame: RosterFrame, days: ClusterDays, { person, duty, alone }: Put, by: 1 | -1): void {
  days.put(person, duty, by)
  if (alone) callableOn(frame, days.clusters, person, duty.day, by > 0 ? -1 : 1)
}

function change(standing: Standing, personId: string, date: LocalDay, slot: RosterSlot | null): ScoreChange {
  const { frame, people, days, groups } = standing
  const one = people[frame.personOf.get(personId) ?? -1]
  const day = frame.dayOf.get(date) ?? -1
  if (!one || day < 0 || day >= frame.problem.days) throw new RangeError(`no ${personId} on ${date} in the problem`)
  const next = slot ? knownDuty(frame, { ...slot, day: date }) : null
  const group = groups.get(fairGroupOf(frame, one.person) ?? '')
  const gone = one.own.filter((duty) => duty.day === day)
  const touched = clustersOf(frame, one.person, [...gone, ...(next ? [next] : [])])
  const before = sumOf(standing, one, group, touched, day)
  for (const [n, duty] of gone.entries()) putOn(frame, days, { person: one.person, duty, alone: n === 0 }, -1)
  one.own = one.own.filter((duty) => duty.day !== day)
  if (next) {
    one.own.push(next)
    putOn(frame, days, { person: one.person, duty: next, alone: true }, 1)
  }
  one.hurts = personHurts(frame, one)
  if (group) group.hurts = fairHurts(frame, group.members)
  for (const c of touched) {
    for (const at of [day, day + 1]) {
      const ofCluster = standing.clusterHurts[c]
      if (ofCluster && at < frame.problem.days) ofCluster[at] = clusterHurts(standing, c, at)
    }
  }
  const after = sumOf(standing, one, group, touched, day)
  return { breaks: after.breaks - before.breaks, points: after.points - before.points }
}

/** Clusters whose hours, or whose list of those who could be called, a change touches. */
function clustersOf(frame: RosterFrame, { clusterIds }: RosterPerson, duties: readonly Duty[]): Set<number> {
  const served = clusterIds.map((id) => frame.clusterOf.get(id) ?? -1).filter((c) => c >= 0)
  return new Set([...served, ...duties.map(({ cluster }) => cluster)])
}

function sumOf(
  { clusterHurts }: Standing,
  one: Judged,
  group: { hurts: Hurt[] } | undefined,
  touched: ReadonlySet<number>,
  day: number,
): ScoreChange {
  const around = [...touched].flatMap((c) => [...(clusterHurts[c]?.[day] ?? []), ...(clusterHurts[c]?.[day + 1] ?? [])])
  const sum = { breaks: 0, points: 0 }
  for (const { isHard, points } of [...one.hurts, ...(group?.hurts ?? []), ...around]) {
    sum.points += points
    if (isHard) sum.breaks += 1
  }
  return sum
}

const inOrder = ({ past, own }: Judged): Duty[] => [...past, ...own].sort((a, b) => a.span.start - b.span.start)

function personHurts(frame: RosterFrame, one: Judged): Hurt[] {
  const hurts: Hurt[] = []
  judgePerson(frame, one.person, inOrder(one), (force, day, amount) =>
    hurts.push(hurtOf(force, amount, { ...NOBODY, personId: one.person.id, day: frame.at(day).day })),
  )
  return hurts
}

function clusterHurts({ frame, days }: Standing, c: number, day: number): Hurt[] {
  const one = days.clusters[c]
  const hurts: Hurt[] = []
  if (!one) return hurts
  const where = { ...NOBODY, clusterId: one.cluster.id, day: frame.at(day).day }
  for (const force of forcesOf(frame.problem.rules).cluster)
    force.rule(one, day, (amount, skill) => hurts.push(hurtOf(force, amount, { ...where, skill })))
  return hurts
}

function fairHurts(frame: RosterFrame, members: readonly Judged[]): Hurt[] {
  return forcesOf(frame.problem.rules).fair.flatMap((force) => {
    const shares = members.map((one) => shareIn(frame, one.person, inOrder(one), force.rule))
    return unfairness(shares).flatMap((amount, n) => {
      const where = { ...NOBODY, personId: members[n]?.person.id ?? null, day: frame.problem.firstDay }
      return amount > 0 ? [hurtOf(force, amount, where)] : []
    })
  })
}

type Where = Pick<Hurt, 'personId' | 'clusterId' | 'skill' | 'day'>
const NOBODY = { personId: null, clusterId: null, skill: null }

const hurtOf = ({ key, isHard, weight }: Force<unknown>, amount: number, where: Where): Hurt => ({
  ...where,
  rule: key,
  amount,
  points: isHard ? 0 : amount * weight,
  isHard,
})

function totalOf({ people, clusterHurts, groups, days, frame }: Standing): RosterScore {
  const hurts = [
    ...people.flatMap((one) => one.hurts),
    ...clusterHurts.flat(2),
    ...[...groups.values()].flatMap((group) => group.hurts),
  ]
  const none = RULE_KEYS.map((key) => [key, { amount: 0, points: 0, breaks: 0 }])
  const byRule = Object.fromEntries(none) as RosterScore['byRule']
  for (const { rule, amount, points, isHard } of hurts) addTo(byRule, rule, { amount, points, breaks: isHard ? 1 : 0 })
  const totals = Object.values(byRule)
  return {
    breaks: totals.reduce((sum, { breaks }) => sum + breaks, 0),
    points: totals.reduce((sum, { points }) => sum + points, 0),
    byRule,
    hurts,
    ...coveredHours(frame, days),
  }
}

function addTo(byRule: RosterScore['byRule'], rule: RuleKey, more: RosterScore['byRule'][RuleKey]): void {
  const total = byRule[rule]
  total.amount += more.amount
  total.points += more.points
  total.breaks += more.breaks
}

function coveredHours({ slotMinutes }: RosterFrame, { clusters }: ClusterDays) {
  let [demand, covered] = [0, 0]
  for (const { need, present } of clusters) {
    for (const [n, asked] of need.entries()) {
      for (const [slot, minutes] of slotMinutes.entries()) {
        demand += (asked[slot] as number) * minutes
        covered += Math.min(asked[slot] as number, present[n]?.[slot] as number) * minutes
      }
    }
  }
  return { demandHours: demand / 60, coveredHours: covered / 60 }
}
