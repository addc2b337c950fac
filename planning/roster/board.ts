import { type ClusterDays, callableOn, emptyClusters } from '#domain/roster/cluster-days.ts'
import { type Duty, dutyOf, frameOf, pastOf, type RosterFrame } from '#domain/roster/frame.ts'
import {
  type FairRule,
  type Force,
  type Forces,
  fairGroupOf,
  forcesOf,
  judgePerson,
  type PersonTell,
  shareIn,
} from '#domain/roster/judge.ts'
import type { Roster, RosterEntry, RosterPerson, RosterProblem } from '#domain/roster/model.ts'

/** What something costs: hard rules broken, and the points of the soft ones. Fewer breaks come first. */
export interface Toll {
  breaks: number
  points: number
}

/** Points are sums of fractions. */
const ROUNDING = 1e-7

export const isLess = (one: Toll, other: Toll): boolean =>
  one.breaks < other.breaks || (one.breaks === other.breaks && one.points < other.points - ROUNDING)

/** Off duty, or on one shift, day by day. */
export type Days = readonly (Duty | null)[]

export interface Member {
  person: RosterPerson
  past: Duty[]
  /** Of days that are not the search's to change: fixed, frozen, or taken elsewhere. */
  held: Duty[]
  isFree: Uint8Array
  /** What is done on the free days. */
  on: Days
  toll: Toll
  /** Shares of the fair rules in force; compared within the group (−1 = with nobody). */
  shares: number[]
  group: number
}

/** A roster that is being searched: everything it costs kept up, person by person and cluster by cluster and day. */
export interface Board {
  frame: RosterFrame
  forces: Forces
  members: Member[]
  clusters: ClusterDays
  /** By cluster × days + day. */
  dayToll: Toll[]
  groups: Group[]
  total: Toll
}

interface Group {
  size: number
  /** By fair rule: sum of the shares, and of their squares. */
  sum: number[]
  squares: number[]
}

export function openBoard(problem: RosterProblem, start: Roster): Board {
  const frame = frameOf(problem)
  const forces = forcesOf(problem.rules)
  const clusters = emptyClusters(frame)
  const groupOf = new Map<string, number>()
  const entries = Map.groupBy(start, ({ personId }) => personId)
  const members = problem.people.map((person): Member => {
    const own = (entries.get(person.id) ?? []).flatMap((entry) => dutyOf(frame, entry) ?? [])
    const key = fairGroupOf(frame, person)
    if (key !== null && !groupOf.has(key)) groupOf.set(key, groupOf.size)
    const group = key === null ? -1 : (groupOf.get(key) as number)
    const isFree = freeDays(frame, person, own)
    return {
      person,
      past: pastOf(frame, person),
      held: heldOf(frame, person, own, isFree),
      isFree,
      on: Array.from({ length: problem.days }, (_, day) =>
        isFree[day] === 1 ? (own.find((duty) => duty.day === day) ?? null) : null,
      ),
      toll: { breaks: 0, points: 0 },
      shares: forces.fair.map(() => 0),
      group,
    }
  })
  const none = () => forces.fair.map(() => 0)
  const groups = Array.from({ length: groupOf.size }, (): Group => ({ size: 0, sum: none(), squares: none() }))
  const board: Board = {
    frame,
    forces,
    members,
    clusters,
    dayToll: Array.from({ length: problem.clusters.length * problem.days }, () => ({ breaks: 0, points: 0 })),
    groups,
    total: { breaks: 0, points: 0 },
  }
  for (const member of members) {
    const { group } = member
    if (group >= 0) (groups[group] as Group).size += 1
    for (const duty of [...member.held, ...onDuty(member.on)]) put(board, member, duty, 1)
    member.shares = sharesOf(board, member, member.on)
    addShares(board, member, 1)
  }
  settle(board)
  return board
}

/** The first of two duties on a day takes the person off the list of those who could be called. */
function put(board: Board, member: Member, duty: Duty, by: 1 | -1): void {
  board.clusters.put(member.person, duty, by)
  const isSecond = member.held.some(
    (other) => other.day === duty.day && member.held.indexOf(duty) > member.held.indexOf(other),
  )
  if (!isSecond) callableOn(board.frame, board.clusters.clusters, member.person, duty.day, by > 0 ? -1 : 1)
}

/** Everything reckoned anew. */
function settle(board: Board): void {
  const { days } = board.frame.problem
  board.total = { breaks: 0, points: 0 }
  for (const member of board.members) {
    member.toll = ownToll(board, member, member.on)
    add(board.total, member.toll)
  }
  for (const at of board.dayToll.keys()) {
    board.dayToll[at] = clusterToll(board, Math.floor(at / days), at % days)
    add(board.total, board.dayToll[at] as Toll)
  }
  for (let group = 0; group < board.groups.length; group++) add(board.total, fairToll(board, group))
}

const add = (total: Toll, { breaks, points }: Toll, by = 1): void => {
  total.breaks += by * breaks
  total.points += by * points
}

/** Free are days that nobody has decided, with one shift at most, in a cluster that asks for somebody. */
function freeDays({ problem, at }: RosterFrame, person: RosterPerson, own: readonly Duty[]): Uint8Array {
  return Uint8Array.from({ length: problem.days }, (_, day) => {
    const date = at(day).day
    const [first, second] = own.filter((duty) => duty.day === day)
    const isElsewhere = first !== undefined && problem.clusters[first.cluster]?.demand.length === 0
    const isFrozen = problem.frozenUntil !== null && date <= problem.frozenUntil
    return isFrozen || second || isElsewhere || person.fixed.some((slot) => slot.day === date) ? 0 : 1
  })
}

function heldOf(frame: RosterFrame, person: RosterPerson, own: readonly Duty[], isFree: Uint8Array): Duty[] {
  const fixed = person.fixed.flatMap((slot) => dutyOf(frame, slot) ?? []).filter(({ day }) => day >= 0)
  const isFixed = new Set(fixed.map(({ day }) => day))
  return [...fixed, ...own.filter(({ day }) => isFree[day] === 0 && !isFixed.has(day))].sort(byStart)
}

const byStart = (a: Duty, b: Duty): number => a.span.start - b.span.start

export const onDuty = (on: Days): Duty[] => on.filter((duty) => duty !== null)

/** All that a person does, in order; with nothing held the days are in order already. */
function dutiesOf({ past, held }: Member, on: Days): Duty[] {
  const duties = [...past, ...held, ...onDuty(on)]
  return held.length + past.length === 0 ? duties : duties.sort(byStart)
}

/** What a person's own rules say of these days. */
export function ownToll(board: Board, member: Member, on: Days): Toll {
  const toll = { breaks: 0, points: 0 }
  eachHurt(board, member, on, ({ isHard, weight }, _, amount) => {
    if (isHard) toll.breaks += 1
    else toll.points += amount * weight
  })
  return toll
}

export const eachHurt = ({ frame }: Board, member: Member, on: Days, tell: PersonTell): void =>
  judgePerson(frame, member.person, dutiesOf(member, on), tell)

function clusterToll({ forces, clusters }: Board, cluster: number, day: number): Toll {
  const toll = { breaks: 0, points: 0 }
  const one = clusters.clusters[cluster]
  if (!one) return toll
  for (const { rule, isHard, weight } of forces.cluster)
    rule(one, day, (amount) => {
      if (isHard) toll.breaks += 1
      else toll.points += amount * weight
    })
  return toll
}

export const sharesOf = ({ forces, frame }: Board, member: Member, on: Days): number[] =>
  member.group < 0
    ? member.shares
    : forces.fair.map(({ rule }: Force<FairRule>) => shareIn(frame, member.person, dutiesOf(member, on), rule))

function addShares({ groups }: Board, { group, shares }: Member, by: 1 | -1): void {
  const all = groups[group]
  if (!all) return
  for (const [n, share] of shares.entries()) {
    all.sum[n] = (all.sum[n] as number) + by * share
    all.squares[n] = (all.squares[n] as number) + by * share * share
  }
}

/** Squares about the mean: of the squares the mean's own taken off. */
function fairToll({ forces, groups }: Board, group: number): Toll {
  const { size, sum, squares } = groups[group] as Group
  const toll = { breaks: 0, points: 0 }
  for (const [n, { isHard, weight }] of forces.fair.entries()) {
    const spread = Math.max(0, (squares[n] as number) - (sum[n] as number) ** 2 / Math.max(1, size))
    if (!isHard) toll.points += weight * spread
    else if (spread > ROUNDING) toll.breaks += 1
  }
  return toll
}

/** Gives a person other days; answers what that does to the whole. The days before it are the way back. */
export function change(board: Board, member: Member, next: Days): Toll {
  const { days } = board.frame.problem
  const before = { ...board.total }
  const touched = new Set<number>()
  for (let day = 0; day < days; day++) {
    const [old, now] = [member.on[day] ?? null, next[day] ?? null]
    if (old === now) continue
    if ((old === null) !== (now === null)) touchCallable(board, member.person, day, touched)
    for (const duty of [old, now]) {
      if (!duty) continue
      touched.add(duty.cluster * days + day)
      if (day + 1 < days) touched.add(duty.cluster * days + day + 1)
    }
    if (old) put(board, member, old, -1)
    if (now) put(board, member, now, 1)
  }
  for (const at of touched) {
    add(board.total, board.dayToll[at] as Toll, -1)
    board.dayToll[at] = clusterToll(board, Math.floor(at / days), at % days)
    add(board.total, board.dayToll[at] as Toll)
  }
  changeOwn(board, member, next)
  return { breaks: board.total.breaks - before.breaks, points: board.total.points - before.points }
}

/** RO4 looks at every cluster that somebody who could be called serves. */
function touchCallable({ frame }: Board, { clusterIds }: RosterPerson, day: number, touched: Set<number>): void {
  for (const id of clusterIds) {
    const cluster = frame.clusterOf.get(id)
    if (cluster !== undefined && (frame.problem.clusters[cluster]?.reliefs ?? 0) > 0)
      touched.add(cluster * frame.problem.days + day)
  }
}

function changeOwn(board: Board, member: Member, next: Days): void {
  const { group } = member
  add(board.total, member.toll, -1)
  if (group >= 0) add(board.total, fairToll(board, group), -1)
  addShares(board, member, -1)
  member.on = next
  member.toll = ownToll(board, member, next)
  member.shares = sharesOf(board, member, next)
  addShares(board, member, 1)
  if (group >= 0) add(board.total, fairToll(board, group))
  add(board.total, member.toll)
}

export const entriesOf = ({ members }: Board): RosterEntry[] =>
  members.flatMap(({ person, held, on }) =>
    [...held, ...onDuty(on)].map(({ slot }) => ({ ...slot, personId: person.id })),
  )
