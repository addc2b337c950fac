import type { Skill } from '#domain/units.ts'
import type { RosterRules, RuleKey } from './rules.ts'

/** A day of the city's calendar, `2026-03-04`. Midnights, month ends and clock changes are those of the problem's zone. */
export type LocalDay = string

/** What one may be on duty for: configuration (8 h, 12 h, 24 h with counted rest …). */
export interface ShiftKind {
  id: string
  name: string
  /** Minutes after local midnight at which it starts, 0–1439. */
  startMinute: number
  /** By the clock on the wall, at most 1,440: a clock change makes the shift itself longer or shorter. */
  lengthMinutes: number
  /** Rest within it that is no working time. */
  restMinutes: number
  isNight: boolean
}

/** How many people of a skill are asked for, hour by hour. */
export interface SkillDemand {
  skill: Skill
  /** 168 numbers, Monday 00:00 first. */
  week: number[]
  /** 24 numbers for a single day, in place of the week's. */
  days: Record<LocalDay, number[]>
  /** How many more than asked for cost nothing; null = any number. */
  slack: number | null
}

/** People rostered together: a sub-district, or towns and townships joined to one. Somebody on duty offers every skill he has. */
export interface DutyCluster {
  id: string
  name: string
  lng: number
  lat: number
  demand: SkillDemand[]
  /** No more people than this at a time; null = any number. */
  mostAtOnce: number | null
  /** So many who could be called stay off duty each day. */
  reliefs: number
  /** Who leaves has been met by somebody who stays at least so long; 0 = no hand-over asked for. */
  handoverMinutes: number
}

export const CONTRACT_MODES = ['standard', 'comprehensive', 'irregular', 'volunteer'] as const
export type ContractMode = (typeof CONTRACT_MODES)[number]
/** Over what a comprehensive contract balances its hours. */
export const HOUR_CYCLES = ['week', 'month', 'quarter', 'year'] as const
export type HourCycle = (typeof HOUR_CYCLES)[number]

/** Agreed with the person (a volunteer's own choice); what the law says besides stands in the rules. null = nothing agreed. */
export interface HourLimits {
  dayMinutes: number | null
  weekMinutes: number | null
  monthMinutes: number | null
}

export const PROTECTED_STATUSES = ['pregnant', 'nursing'] as const
/** From the seventh month, and until a child is one: no overtime and no night. Days included. */
export interface Protection {
  status: (typeof PROTECTED_STATUSES)[number]
  from: LocalDay
  until: LocalDay
}

/** Days included. The reason is nobody's business here. */
export interface Leave {
  from: LocalDay
  until: LocalDay
}

/** On that day from one minute after midnight to another (beyond 1,440 = into the next day). */
export interface Available {
  day: LocalDay
  fromMinute: number
  untilMinute: number
}

export interface Wish {
  day: LocalDay
  wants: 'on' | 'off'
  /** null = any shift. */
  shiftId: string | null
  /** How much it matters to the person, 1 and more. */
  weight: number
}

/** What a roster is made of: somebody, a day, a shift, a cluster. */
export interface RosterEntry {
  personId: string
  /** The day on which the shift starts. */
  day: LocalDay
  shiftId: string
  clusterId: string
  /** On duty for this skill alone; left out = for all that the person has. */
  skill?: Skill
}
export type Roster = readonly RosterEntry[]
/** A place in a roster that somebody might take. */
export type RosterSlot = Omit<RosterEntry, 'personId'>

/** What a person brings from before the first day. */
export interface RosterHistory {
  /** Shifts of the last days, back to the Monday before the first day at least; fourteen days are enough for every rule. */
  recent: RosterSlot[]
  /** Over the rolling year before the first day. */
  nights: number
  weekends: number
  holidays: number
  /** Worked before the first day in the month and in the hour cycle of the first day. */
  monthMinutes: number
  cycleMinutes: number
  /** Overtime of that month so far. */
  monthOvertimeMinutes: number
}

export interface RosterPerson {
  id: string
  /** Role and number, never a name. */
  callsign: string
  skills: Skill[]
  home: { lng: number; lat: number } | null
  /** The own cluster first; a floater serves others too. */
  clusterIds: string[]
  mode: ContractMode
  /** Of a comprehensive contract. */
  cycle: HourCycle | null
  limits: HourLimits
  protections: Protection[]
  leave: Leave[]
  /** null = always; of a volunteer the slots offered, and nothing else. */
  available: Available[] | null
  /** A volunteer who has said that nights are welcome. */
  takesNights: boolean
  wishes: Wish[]
  /** Decided beforehand: these shifts are in the roster. */
  fixed: RosterSlot[]
  history: RosterHistory
}

/** An urgent repair: for these days the named rules are lifted, with the reason kept. null = for everybody. */
export interface RosterOverride {
  rules: RuleKey[]
  personId: string | null
  from: LocalDay
  until: LocalDay
  reason: string
}

/** All that a roster is made from and judged by: kept with it, so that it can be explained and checked for good. */
export interface RosterProblem {
  timeZone: string
  firstDay: LocalDay
  days: number
  /** Statutory holidays in and around the period. */
  holidays: LocalDay[]
  shifts: ShiftKind[]
  clusters: DutyCluster[]
  people: RosterPerson[]
  rules: RosterRules
  overrides: RosterOverride[]
  /** What people have been told for these days; null = nothing yet. */
  published: RosterEntry[] | null
  /** Up to this day (included) what was published stands; null = all may change. */
  frozenUntil: LocalDay | null
}

/** One rule hurting somebody or a cluster on a day. */
export interface Hurt {
  rule: RuleKey
  personId: string | null
  clusterId: string | null
  skill: Skill | null
  day: LocalDay
  /** In the rule's own unit (hours, people, days, kilometres …). */
  amount: number
  /** amount × weight of a soft rule; 0 of a hard one. */
  points: number
  isHard: boolean
}

export interface RuleTotal {
  amount: number
  points: number
  /** Of a hard rule: how often it is broken. */
  breaks: number
}

export interface RosterScore {
  /** Hard rules broken; a roster with any cannot be published. */
  breaks: number
  /** Of all soft rules together; less is better. */
  points: number
  byRule: Record<RuleKey, RuleTotal>
  hurts: Hurt[]
  /** Skill-hours asked for, and of them covered. */
  demandHours: number
  coveredHours: number
}

/** What a change of one day of one person does to the score. */
export interface ScoreChange {
  breaks: number
  points: number
}

/** Hour by hour from the first midnight: 24 numbers a day. */
export interface SkillCover {
  clusterId: string
  skill: Skill
  needed: number[]
  present: number[]
}

/** Whether somebody may take a slot: the hard rules it would break, or what it would do to the points. */
export type MayTake = { ok: true; points: number } | { ok: false; bars: RuleKey[] }
