import type { Instant } from './instant.ts'
import type { Named } from './places.ts'
import type { Actor } from './ticket.ts'
import type { Skill } from './units.ts'

/** What is rostered and how it lives on: clusters, people, demand, rosters and their publications. Moments are the server's, days the city's own (`2026-03-04`). */

/** Sub-districts that share their people on duty: one 街道, or several towns joined to one. */
export interface DutyCluster {
  id: string
  tenant: string
  name: string
  districtCode: string
  /** Each sub-district lies in one cluster. */
  subdistrictCodes: string[]
  settings: ClusterSettings
  updatedAt: Instant
}

export interface ClusterSettings {
  /** People on duty in every hour beside those the demand asks for. */
  relief: number
  /** The outgoing shift stays so long with the next one. */
  overlapMinutes: number
  /** A swap or a gift needs the supervisor's word after the rules have let it pass. */
  swapsNeedApproval: boolean
  /** Somebody asked to cover has so long to answer. */
  coverTtlMs: number
  /** Published shifts that begin within so many days change only with a reason. */
  frozenDays: number
}

export const CLUSTER_DEFAULTS: Readonly<ClusterSettings> = {
  relief: 1,
  overlapMinutes: 15,
  swapsNeedApproval: false,
  coverTtlMs: 5 * 60_000,
  frozenDays: 3,
}

/** A kind of shift, as a city configures it. */
export interface DutyKind {
  tenant: string
  code: string
  name: Named
  /** Minutes after midnight of the day it is rostered for. */
  startMinute: number
  minutes: number
  /** Minutes that count as work: fewer than `minutes` where the shift has real rest in it. */
  countedMinutes: number
  isActive: boolean
}

export const CONTRACT_KINDS = ['standard', 'comprehensive', 'irregular', 'volunteer'] as const
export type ContractKind = (typeof CONTRACT_KINDS)[number]
export const CONTRACT_CYCLES = ['week', 'month', 'quarter', 'year'] as const
export type ContractCycle = (typeof CONTRACT_CYCLES)[number]

export const PROTECTED_KINDS = ['pregnant', 'nursing', 'minor', 'medical'] as const
export type ProtectedKind = (typeof PROTECTED_KINDS)[number]

/** The hours of a week in which somebody can be had; 1 = Monday. */
export interface AvailableHours {
  weekday: number
  fromMinute: number
  toMinute: number
}

/** A unit as the roster knows it. One person, one row; skills are the unit's own. */
export interface RosterPerson {
  unitId: string
  tenant: string
  clusterId: string
  contract: ContractKind
  /** Of a comprehensive contract. */
  cycle: ContractCycle | null
  /** Hours a week by contract. */
  weeklyHours: number
  /** Hours a month that are never passed, whatever the law would allow; null = the law's. */
  mostMonthlyHours: number | null
  /** No nights and no overtime until then. */
  protected: ProtectedKind | null
  protectedUntil: string | null
  /** Helps out in other clusters. */
  isFloater: boolean
  /** null = at any time. */
  availability: AvailableHours[] | null
  isActive: boolean
  updatedAt: Instant
}

export const LEAVE_KINDS = ['annual', 'sick', 'parental', 'bereavement', 'training', 'other'] as const
export type LeaveKind = (typeof LEAVE_KINDS)[number]

export interface Leave {
  id: string
  tenant: string
  unitId: string
  firstDay: string
  lastDay: string
  /** null to everybody but the person (rule RD9). */
  kind: LeaveKind | null
  reason: string | null
  recordedAt: Instant
  recordedBy: Actor
  cancelledAt: Instant | null
}

/** "Please" and "please not": how strongly is the person's own word, 1 to 5. */
export interface Wish {
  unitId: string
  day: string
  /** null = any shift. */
  kind: string | null
  isOn: boolean
  weight: number
}

/** What a person works on a day whatever the solver would like; `kind` null = nothing. */
export interface FixedDuty {
  unitId: string
  day: string
  kind: string | null
}

/** People wanted in each hour of a week, from Monday 00:00. */
export interface DemandPattern {
  tenant: string
  clusterId: string
  skill: Skill
  hours: number[]
  source: 'typed' | 'copied' | 'proposed'
  updatedAt: Instant
  updatedBy: Actor
}

export const HOURS_A_WEEK = 168

/** Somebody, a day, a kind of shift. */
export interface RosterLine {
  unitId: string
  day: string
  kind: string
  clusterId: string
  /** What the person is there for; null = all that they can. */
  skill: Skill | null
}

export const ROSTER_STATUSES = ['draft', 'review', 'published', 'superseded', 'discarded'] as const
export type RosterStatus = (typeof ROSTER_STATUSES)[number]

export interface Roster {
  id: string
  tenant: string
  name: string
  status: RosterStatus
  revision: number
  clusterIds: string[]
  /** Where its clusters lie: whose it is. */
  subdistrictCodes: string[]
  firstDay: string
  days: number
  lines: RosterLine[]
  /** The published roster it changes; null = a period of its own. */
  amends: string | null
  createdAt: Instant
  createdBy: Actor
  updatedAt: Instant
  publishedAt: Instant | null
  publishedBy: Actor | null
}

/** Without its lines: what lists and events carry. */
export interface RosterHead extends Omit<Roster, 'lines'> {
  lineCount: number
}

export interface RosterPublication {
  tenant: string
  number: number
  rosterId: string
  /** The roster that stood before; null = none. */
  replaces: string | null
  reason: string
  /** Of an urgent repair (劳动法 42): hard rules were broken knowingly. */
  overrideReason: string | null
  /** Shifts taken away, given anew, and the people they touch. */
  removed: number
  added: number
  touched: string[]
  at: Instant
  by: Actor
}

export interface RosterTemplate {
  id: string
  tenant: string
  name: string
  days: number
  clusterIds: string[]
  subdistrictCodes: string[]
  /** `day` is the number of the day, from 0. */
  lines: (Omit<RosterLine, 'day'> & { day: number })[]
  createdAt: Instant
  createdBy: Actor
}

export const ROSTER_RUN_STATUSES = ['queued', 'running', 'done', 'stopped', 'failed', 'lost'] as const
export type RosterRunStatus = (typeof ROSTER_RUN_STATUSES)[number]

/** A solver at work on a draft. What it finds is kept here, and goes into the draft only when somebody takes it over (RP4). */
export interface RosterRun {
  id: string
  tenant: string
  rosterId: string
  kind: 'solve' | 'nMinusOne'
  status: RosterRunStatus
  /** Of the roster when it began. */
  revision: number
  seed: number
  seconds: number
  progress: RosterProgress
  askedAt: Instant
  askedBy: Actor
  endedAt: Instant | null
  beatAt: Instant
  stopAskedAt: Instant | null
}

export interface RosterProgress {
  seconds: number
  steps: number
  phase: string
  /** null = no roster yet. */
  objective: number | null
  bound: number
  gap: number | null
}
