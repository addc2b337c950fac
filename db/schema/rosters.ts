import { sql } from 'drizzle-orm'
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type {
  ClusterDemand,
  LeaveKind,
  RosterProgress,
  RosterRunStatus,
  RosterStatus,
  WeeklyHours,
} from '#domain/duty-roster.ts'
import type {
  ContractMode,
  HourCycle,
  HourLimits,
  Protection,
  RosterEntry,
  RosterOverride,
} from '#domain/roster/model.ts'
import type { RosterRules } from '#domain/roster/rules.ts'
import type { Actor } from '#domain/ticket.ts'
import type { Skill } from '#domain/units.ts'
import { instant } from './columns.ts'
import { units } from './fleet.ts'
import { tenants } from './places.ts'

const tenant = () =>
  text()
    .notNull()
    .references(() => tenants.code)

const unitId = () =>
  text()
    .notNull()
    .references(() => units.id)

const actor = () => jsonb().$type<Actor>()

export const dutyClusters = pgTable(
  'duty_clusters',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    name: text().notNull(),
    lng: doublePrecision().notNull(),
    lat: doublePrecision().notNull(),
    subdistrictCodes: jsonb().$type<string[]>().notNull(),
    mostAtOnce: integer(),
    reliefs: integer().notNull(),
    handoverMinutes: integer().notNull(),
    swapsNeedApproval: boolean().notNull(),
    coverTtlMs: integer().notNull(),
    frozenDays: integer().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [index('duty_clusters_tenant').on(t.tenant)],
)

const clusterId = () =>
  text()
    .notNull()
    .references(() => dutyClusters.id)

export const shiftKinds = pgTable(
  'shift_kinds',
  {
    tenant: tenant(),
    id: text().notNull(),
    name: text().notNull(),
    startMinute: integer().notNull(),
    lengthMinutes: integer().notNull(),
    restMinutes: integer().notNull(),
    isNight: boolean().notNull(),
    isActive: boolean().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.id] })],
)

export const rosterRules = pgTable(
  'roster_rules',
  {
    tenant: tenant(),
    version: integer().notNull(),
    rules: jsonb().$type<RosterRules>().notNull(),
    note: text().notNull(),
    at: instant().notNull(),
    by: actor().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.version] })],
)

export const dutyDemand = pgTable(
  'duty_demand',
  {
    tenant: tenant(),
    clusterId: clusterId(),
    skill: text().$type<Skill>().notNull(),
    week: jsonb().$type<number[]>().notNull(),
    days: jsonb().$type<Record<string, number[]>>().notNull(),
    slack: integer(),
    source: text().$type<ClusterDemand['source']>().notNull(),
    updatedAt: instant().notNull(),
    updatedBy: actor().notNull(),
  },
  (t) => [primaryKey({ columns: [t.clusterId, t.skill] })],
)

/** Locked by whoever gives the person a shift: two givers come one after the other. */
export const dutyPeople = pgTable(
  'duty_people',
  {
    unitId: text()
      .primaryKey()
      .references(() => units.id),
    tenant: tenant(),
    clusterIds: jsonb().$type<string[]>().notNull(),
    mode: text().$type<ContractMode>().notNull(),
    cycle: text().$type<HourCycle>(),
    limits: jsonb().$type<HourLimits>().notNull(),
    protections: jsonb().$type<Protection[]>().notNull(),
    availability: jsonb().$type<WeeklyHours[]>(),
    takesNights: boolean().notNull(),
    isActive: boolean().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [index('duty_people_tenant').on(t.tenant)],
)

export const leaves = pgTable(
  'leaves',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    unitId: unitId(),
    from: text().notNull(),
    until: text().notNull(),
    kind: text().$type<LeaveKind>(),
    reason: text(),
    recordedAt: instant().notNull(),
    recordedBy: actor().notNull(),
    cancelledAt: instant(),
  },
  (t) => [index('leaves_unit').on(t.unitId, t.until)],
)

export const wishes = pgTable(
  'wishes',
  {
    unitId: unitId(),
    day: text().notNull(),
    wants: text().$type<'on' | 'off'>().notNull(),
    /** '' = any shift: a null would let the same wish stand twice. */
    shiftId: text().notNull(),
    tenant: tenant(),
    weight: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.unitId, t.day, t.wants, t.shiftId] }), index('wishes_day').on(t.tenant, t.day)],
)

export const fixedDuties = pgTable(
  'fixed_duties',
  {
    unitId: unitId(),
    day: text().notNull(),
    tenant: tenant(),
    shiftId: text().notNull(),
    clusterId: clusterId(),
    skill: text().$type<Skill>(),
  },
  (t) => [primaryKey({ columns: [t.unitId, t.day] }), index('fixed_duties_day').on(t.tenant, t.day)],
)

export const rosters = pgTable(
  'rosters',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    name: text().notNull(),
    status: text().$type<RosterStatus>().notNull(),
    revision: integer().notNull(),
    clusterIds: jsonb().$type<string[]>().notNull(),
    subdistrictCodes: jsonb().$type<string[]>().notNull(),
    firstDay: text().notNull(),
    days: integer().notNull(),
    entries: jsonb().$type<RosterEntry[]>().notNull(),
    overrides: jsonb().$type<RosterOverride[]>().notNull(),
    amends: text(),
    basis: integer().notNull(),
    createdAt: instant().notNull(),
    createdBy: actor().notNull(),
    updatedAt: instant().notNull(),
    publishedAt: instant(),
    publishedBy: actor(),
  },
  (t) => [index('rosters_tenant').on(t.tenant, t.updatedAt)],
)

export const rosterRuns = pgTable(
  'roster_runs',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    rosterId: text()
      .notNull()
      .references(() => rosters.id),
    status: text().$type<RosterRunStatus>().notNull(),
    revision: integer().notNull(),
    seed: integer().notNull(),
    seconds: integer().notNull(),
    progress: jsonb().$type<RosterProgress>().notNull(),
    /** The best roster so far, and in the end the answer. */
    best: jsonb().$type<RosterEntry[]>(),
    askedAt: instant().notNull(),
    askedBy: actor().notNull(),
    endedAt: instant(),
    beatAt: instant().notNull(),
    stopAskedAt: instant(),
  },
  (t) => [
    uniqueIndex('roster_runs_one_live').on(t.rosterId).where(sql`status in ('queued', 'running')`),
    index('roster_runs_roster').on(t.rosterId, t.askedAt),
    index('roster_runs_live').on(t.beatAt).where(sql`status in ('queued', 'running')`),
  ],
)

/** The line of publications of a tenant. P3: the key gives each number to one publication alone. */
export const rosterPublications = pgTable(
  'roster_publications',
  {
    tenant: tenant(),
    number: integer().notNull(),
    rosterId: text()
      .notNull()
      .references(() => rosters.id),
    reason: text().notNull(),
    firstDay: text().notNull(),
    days: integer().notNull(),
    clusterIds: jsonb().$type<string[]>().notNull(),
    removed: integer().notNull(),
    added: integer().notNull(),
    touched: jsonb().$type<string[]>().notNull(),
    at: instant().notNull(),
    by: actor().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.number] })],
)

export const rosterTemplates = pgTable('roster_templates', {
  id: text().primaryKey(),
  tenant: tenant(),
  name: text().notNull(),
  days: integer().notNull(),
  clusterIds: jsonb().$type<string[]>().notNull(),
  subdistrictCodes: jsonb().$type<string[]>().notNull(),
  entries: jsonb().$type<(Omit<RosterEntry, 'day'> & { day: number })[]>().notNull(),
  createdAt: instant().notNull(),
  createdBy: actor().notNull(),
})

/** Who did what to a roster or a shift, when and why: rows are added and never changed. */
export const rosterLog = pgTable(
  'roster_log',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    subject: text().$type<'roster' | 'shift' | 'swap' | 'person' | 'cluster' | 'team'>().notNull(),
    subjectId: text().notNull(),
    kind: text().notNull(),
    at: instant().notNull(),
    actor: actor().notNull(),
    reason: text(),
    detail: jsonb().$type<Record<string, unknown>>(),
  },
  (t) => [index('roster_log_subject').on(t.subject, t.subjectId, t.at)],
)
