import type { Duty, RosterFrame } from './frame.ts'
import type { RosterPerson } from './model.ts'
import type { OnePerson, PersonRule } from './rules/at.ts'
import { type ClusterRule, coverOver, coverUnder, crowd, handover, relief } from './rules/cover.ts'
import { hoursCycle, hoursDay, hoursMonth, hoursWeek } from './rules/hours.ts'
import { availability, leave, protectedStaff, qualified, reach, volunteerNight } from './rules/may-serve.ts'
import { overtime, overtimeDay, overtimeMonth } from './rules/overtime.ts'
import { oneShift, restShort, restSoft, succession } from './rules/rest.ts'
import { consecutiveDays, nightRun, offRun, restDay, workRun } from './rules/runs.ts'
import { closeness, fixed, frozen, stability, wishes } from './rules/wanted.ts'
import { holidays, shareOf, splitWeekend, weekends } from './rules/weekends.ts'
import type { RosterRules, RuleKey } from './rules.ts'
import { kindOf } from './rules.ts'

const PERSON_RULES = {
  qualified,
  reach,
  oneShift,
  restShort,
  restSoft,
  succession,
  hoursDay,
  hoursWeek,
  hoursMonth,
  hoursCycle,
  overtimeDay,
  overtimeMonth,
  overtime,
  restDay,
  consecutiveDays,
  workRun,
  offRun,
  weekends,
  splitWeekend,
  nightRun,
  holidays,
  protectedStaff,
  leave,
  availability,
  volunteerNight,
  wishes,
  fixed,
  stability,
  frozen,
  closeness,
} satisfies Partial<Record<RuleKey, PersonRule>>

const CLUSTER_RULES = { coverUnder, coverOver, crowd, relief, handover } satisfies Partial<Record<RuleKey, ClusterRule>>

export const FAIR_RULES = ['fairNights', 'fairWeekends', 'fairHolidays'] as const satisfies RuleKey[]
export type FairRule = (typeof FAIR_RULES)[number]

/** A rule in force: how a unit of it counts. */
export interface Force<Rule> {
  key: RuleKey
  isHard: boolean
  weight: number
  rule: Rule
}

export interface Forces {
  person: Force<PersonRule>[]
  cluster: Force<ClusterRule>[]
  fair: Force<FairRule>[]
}

const inForce = new WeakMap<RosterRules, Forces>()

/** The rules that are not off. */
export function forcesOf(rules: RosterRules): Forces {
  const known = inForce.get(rules)
  if (known) return known
  const made: Forces = {
    person: forces(rules, Object.entries(PERSON_RULES)),
    cluster: forces(rules, Object.entries(CLUSTER_RULES)),
    fair: forces(
      rules,
      FAIR_RULES.map((rule) => [rule, rule]),
    ),
  }
  inForce.set(rules, made)
  return made
}

function forces<Rule>(rules: RosterRules, all: readonly [string, Rule][]): Force<Rule>[] {
  return all.flatMap(([name, rule]) => {
    const key = name as RuleKey
    const kind = kindOf(rules, key)
    return kind === 'off' ? [] : [{ key, isHard: kind === 'hard', weight: rules.settings[key].weight, rule }]
  })
}

export type PersonTell = (force: Force<PersonRule>, day: number, amount: number) => void

/** Every rule about one person alone, over duties in the order of their start. */
export function judgePerson(frame: RosterFrame, person: RosterPerson, duties: readonly Duty[], tell: PersonTell): void {
  const { rules, overrides } = frame.problem
  const whole: OnePerson = { frame, person, limits: rules.limits, duties }
  for (const force of forcesOf(rules).person) {
    const one = overrides.length === 0 ? whole : { ...whole, duties: liftedFrom(whole, force.key) }
    force.rule(one, (day, amount) => {
      if (overrides.length === 0 || !frame.isLifted(force.key, person.id, frame.at(day).day)) tell(force, day, amount)
    })
  }
}

/** RO42: where a rule is lifted, the day's duty is none to it. */
function liftedFrom({ frame, person, duties }: OnePerson, key: RuleKey): readonly Duty[] {
  return duties.filter(({ day }) => !frame.isLifted(key, person.id, frame.at(day).day))
}

/** RO33–RO35: nights, weekends and holidays over the rolling year. */
export const shareIn = (frame: RosterFrame, person: RosterPerson, duties: readonly Duty[], rule: FairRule): number =>
  shareOf[rule]({ frame, person, limits: frame.problem.rules.limits, duties })

/** Who is compared with whom: people of one own cluster. Volunteers are not, nor is who may have no nights at the moment. */
export function fairGroupOf({ problem }: RosterFrame, person: RosterPerson): string | null {
  const last = problem.firstDay
  const isProtected = person.protections.some(({ until }) => until >= last)
  return person.mode === 'volunteer' || isProtected ? null : (person.clusterIds[0] ?? null)
}

/** How far each is from the middle of the group, squared: whoever has most is relieved first. */
export function unfairness(shares: readonly number[]): number[] {
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length)
  return shares.map((share) => (share - mean) ** 2)
}
