import { MINUTE_MS } from '#domain/instant.ts'
import type { Duty, RosterFrame } from '#domain/roster/frame.ts'
import { pastOf } from '#domain/roster/frame.ts'
import type { RosterPerson, RosterProblem, ShiftKind } from '#domain/roster/model.ts'
import { kindOf, LIFTABLE_RULES } from '#domain/roster/rules.ts'
import { solveLpOnce } from '#planning/mip/lp.ts'
import { ModelBuilder } from '#planning/mip/model.ts'
import { bestDays } from './best-days.ts'
import { type Board, type Member, onDuty } from './board.ts'
import { choicesOf } from './choices.ts'

export interface CoverBound {
  demandHours: number
  /** No roster covers more skill-hours than this. */
  coverHours: number
}

/**
 * RH4: a linear programme that leaves out when people work and asks only for hours: everybody has so many at most, each hour given to
 * one cluster offers all skills, at most so many are there at once. Whatever a roster covers, its hours are a solution of it.
 */
export async function coverBound(board: Board): Promise<CoverBound> {
  const { frame } = board
  const { problem } = frame
  const groups = groupsOf(board)
  const model = new ModelBuilder()
  const supply = groups.map(({ minutes }) => model.row(0, minutes))
  let demand = 0
  for (const [cluster, { demand: asked, mostAtOnce, id }] of problem.clusters.entries()) {
    const isCapped = mostAtOnce !== null && kindOf(problem.rules, 'crowd') === 'hard'
    for (const { need, minutes } of alikeHours(frame, cluster)) {
      const people = model.row(0, isCapped ? mostAtOnce * minutes : Number.POSITIVE_INFINITY)
      const skills = asked.map((_, n) => {
        demand += (need[n] as number) * minutes
        const row = model.row(Number.NEGATIVE_INFINITY, 0)
        model.column({ cost: -1, upper: (need[n] as number) * minutes, isInteger: false })
        model.entry(row, 1)
        return row
      })
      for (const [g, { clusterIds, skills: own, minutes: ofAll }] of groups.entries()) {
        if (!clusterIds.includes(id) || !asked.some(({ skill }) => own.includes(skill))) continue
        model.column({ cost: 0, upper: ofAll, isInteger: false })
        model.entry(supply[g] as number, 1)
        model.entry(people, 1)
        for (const [n, { skill }] of asked.entries()) if (own.includes(skill)) model.entry(skills[n] as number, -1)
      }
    }
  }
  const { bound } = await solveLpOnce(model.done())
  const most = Number.isFinite(bound) ? Math.min(demand, -bound + pastMinutes(frame)) : demand
  return { demandHours: demand / 60, coverHours: most / 60 }
}

/** Hours of a cluster that ask for the same, together. */
function alikeHours({ need, slotMinutes }: RosterFrame, cluster: number) {
  const alike = new Map<string, { need: number[]; minutes: number }>()
  for (const [slot, minutes] of slotMinutes.entries()) {
    const asked = (need[cluster] ?? []).map((ofSkill) => ofSkill[slot] as number)
    if (minutes === 0 || asked.every((people) => people === 0)) continue
    const key = asked.join()
    const known = alike.get(key) ?? { need: asked, minutes: 0 }
    alike.set(key, { ...known, minutes: known.minutes + minutes })
  }
  return alike.values()
}

interface Group {
  skills: RosterPerson['skills']
  clusterIds: string[]
  /** Minutes that all of them together can cover. */
  minutes: number
}

/** People that the programme cannot tell apart. */
function groupsOf(board: Board): Group[] {
  const groups = new Map<string, Group>()
  for (const member of board.members) {
    const { person } = member
    const key = `${person.skills.toSorted().join()};${person.clusterIds.toSorted().join()}`
    const { skills, clusterIds } = person
    const known = groups.get(key) ?? { skills, clusterIds, minutes: 0 }
    known.minutes += suppliedBy(board, member)
    groups.set(key, known)
  }
  return [...groups.values()]
}

/** Cover that shifts from before the period bring into it: in every roster the same. */
function pastMinutes(frame: RosterFrame): number {
  let minutes = 0
  for (const person of frame.problem.people)
    for (const { day, span } of pastOf(frame, person))
      if (day === -1)
        for (let slot = 0; slot < span.endSlot; slot++) minutes += person.skills.length * (frame.slotMinutes[slot] ?? 0)
  return minutes
}

/** The most minutes somebody can be on duty in the period, by what the hard rules say of one person. */
function suppliedBy(board: Board, member: Member): number {
  const { frame } = board
  const { problem } = frame
  const { person } = member
  if (isLifted(problem, person))
    return problem.days * Math.max(0, ...problem.shifts.map((shift) => coverOf(frame, shift)))
  const choices = choicesOf(board, member)
  const prices = choices.map((ofDay) => Float64Array.from(ofDay, ({ duty }) => -minutesOf(duty)))
  const [days = []] = bestDays(board, member, { choices, prices, isProof: true })
  const freely = [...member.held, ...onDuty(days)].reduce((sum, duty) => sum + minutesOf(duty), 0)
  return Math.min(freely, ratioOf(frame) * monthsMost(frame, person))
}

const isLifted = ({ overrides }: RosterProblem, { id }: RosterPerson): boolean =>
  overrides.some(
    ({ rules, personId }) => (personId === null || personId === id) && rules.some((rule) => LIFTABLE_RULES.has(rule)),
  )

const minutesOf = ({ span }: Duty): number => (span.end - span.start) / MINUTE_MS

/** Working minutes that are left in the months the period touches. */
function monthsMost(frame: RosterFrame, { limits, history }: RosterPerson): number {
  if (limits.monthMinutes === null) return Number.POSITIVE_INFINITY
  const months = new Set(daysOf(frame).map((day) => frame.at(day).month))
  // What the last shift has beyond the last midnight may fall into a month of its own.
  months.add(frame.at(frame.problem.days).month)
  return Math.max(0, months.size * limits.monthMinutes - history.monthMinutes)
}

/** The most cover that a working minute gives: a shift with rest in it gives more than one. */
const ratioOf = (frame: RosterFrame): number =>
  Math.max(
    0,
    ...frame.problem.shifts.flatMap((shift) =>
      daysOf(frame).map((day) => {
        const span = frame.spanOf(shift, day)
        return span.counted > 0 ? (span.end - span.start) / MINUTE_MS / span.counted : Number.POSITIVE_INFINITY
      }),
    ),
  )

const coverOf = (frame: RosterFrame, shift: ShiftKind): number =>
  Math.max(
    0,
    ...daysOf(frame).map((day) => (frame.spanOf(shift, day).end - frame.spanOf(shift, day).start) / MINUTE_MS),
  )

const daysOf = ({ problem }: RosterFrame): number[] => Array.from({ length: problem.days }, (_, day) => day)
