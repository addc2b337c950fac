import type { Instant } from './instant.ts'
import type {
  ContractMode,
  HourCycle,
  HourLimits,
  LocalDay,
  Protection,
  DutyCluster as RosterCluster,
  RosterEntry,
  RosterOverride,
  RosterSlot,
  ShiftKind,
  SkillDemand,
  Wish,
} from './roster/model.ts'
import type { RosterRules } from './roster/rules.ts'
import type { Actor } from './ticket.ts'

/** What is rostered and how it lives on: clusters, people, demand, rosters and their publications. */

/** Sub-districts that share their people on duty: one 街道, or several towns joined to one. */
export interface DutyCluster extends Omit<RosterCluster, 'demand'> {
  tenant: string
  /** Each sub-district lies in one cluster. */
  subdistrictCodes: string[]
  /** A swap or a gift needs the supervisor's word after the rules have let it pass. */
  swapsNeedApproval: boolean
  /** Somebody asked to cover has so long to answer. */
  coverTtlMs: number
  /** Published shifts of the next so many days change only under an override. */
  frozenDays: number
  updatedAt: Instant
}

export const CLUSTER_DEFAULTS = {
  mostAtOnce: null,
  reliefs: 1,
  handoverMinutes: 15,
  swapsNeedApproval: false,
  coverTtlMs: 5 * 60_000,
  frozenDays: 3,
} as const satisfies Partial<DutyCluster>

/** A kind of shift as a city keeps it; rosters that stand keep the hours they were made with. */
export interface KeptShiftKind extends ShiftKind {
  tenant: string
  isActive: boolean
}

/** Hours of every week in which somebody can be had; 1 = Monday, minutes beyond 1,440 = into the next day. */
export interface WeeklyHours {
  weekday: number
  fromMinute: number
  untilMinute: number
}

/** A unit as it is rostered; its skills and its home are the unit's own. */
export interface DutyPerson {
  unitId: string
  tenant: string
  /** The own cluster first; a floater serves others too. */
  clusterIds: string[]
  mode: ContractMode
  cycle: HourCycle | null
  limits: HourLimits
  /** Told to nobody but who makes rosters, and the person. */
  protections: Protection[]
  /** null = always. */
  availability: WeeklyHours[] | null
  takesNights: boolean
  isActive: boolean
  updatedAt: Instant
}

export const LEAVE_KINDS = ['annual', 'sick', 'parental', 'bereavement', 'training', 'other'] as const
export type LeaveKind = (typeof LEAVE_KINDS)[number]

export interface LeaveRecord {
  id: string
  tenant: string
  unitId: string
  from: LocalDay
  until: LocalDay
  /** RD6: null to everybody but the person. */
  kind: LeaveKind | null
  reason: string | null
  recordedAt: Instant
  recordedBy: Actor
  cancelledAt: Instant | null
}

export interface PersonWish extends Wish {
  unitId: string
}

export interface PersonFixed extends RosterSlot {
  unitId: string
}

export const HOURS_A_WEEK = 168

export interface ClusterDemand extends SkillDemand {
  tenant: string
  clusterId: string
  source: 'typed' | 'copied' | 'proposed'
  updatedAt: Instant
  updatedBy: Actor
}

export interface RosterRulesVersion {
  tenant: string
  version: number
  rules: RosterRules
  note: string
  at: Instant
  by: Actor
}

export const ROSTER_STATUSES = ['draft', 'review', 'published', 'superseded', 'discarded'] as const
export type RosterStatus = (typeof ROSTER_STATUSES)[number]

/** Named apart from the model's `Roster`, which is its entries alone. */
export interface KeptRoster {
  id: string
  tenant: string
  name: string
  status: RosterStatus
  revision: number
  clusterIds: string[]
  /** Where its clusters lie: whose it is. */
  subdistrictCodes: string[]
  firstDay: LocalDay
  days: number
  entries: RosterEntry[]
  overrides: RosterOverride[]
  /** The published roster it changes; null = a period of its own. */
  amends: string | null
  /** The newest publication it has taken account of (RP5). */
  basis: number
  createdAt: Instant
  createdBy: Actor
  updatedAt: Instant
  publishedAt: Instant | null
  publishedBy: Actor | null
}

/** Without its entries: what lists and events carry. */
export interface RosterHead extends Omit<KeptRoster, 'entries'> {
  entryCount: number
}

export interface RosterPublication {
  tenant: string
  number: number
  rosterId: string
  reason: string
  firstDay: LocalDay
  days: number
  clusterIds: string[]
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
  entries: (Omit<RosterEntry, 'day'> & { day: number })[]
  createdAt: Instant
  createdBy: Actor
}

export const ROSTER_RUN_STATUSES = ['queued', 'running', 'done', 'stopped', 'failed', 'lost'] as const
export type RosterRunStatus = (typeof ROSTER_RUN_STATUSES)[number]

/** A solver at work on a draft. What it finds is kept here, and goes into the draft only when somebody takes it over (RP12). */
export interface RosterRun {
  id: string
  tenant: string
  rosterId: string
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
  breaks: number | null
  points: number | null
  bound: number
  gap: number | null
}
