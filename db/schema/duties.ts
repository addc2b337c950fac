import { sql } from 'drizzle-orm'
import { boolean, doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { CoverStatus, DutyNoticeKind, DutyShiftStatus, HandOver, SwapStatus } from '#domain/duty-shift.ts'
import type { Skill } from '#domain/units.ts'
import { instant } from './columns.ts'
import { units } from './fleet.ts'
import { tenants } from './places.ts'
import { dutyClusters, rosters } from './rosters.ts'

const tenant = () =>
  text()
    .notNull()
    .references(() => tenants.code)

const unitId = () =>
  text()
    .notNull()
    .references(() => units.id)

const inCluster = () => ({
  clusterId: text()
    .notNull()
    .references(() => dutyClusters.id),
  subdistrictCodes: jsonb().$type<string[]>().notNull(),
})

export const dutyShifts = pgTable(
  'duty_shifts',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    rosterId: text()
      .notNull()
      .references(() => rosters.id),
    ...inCluster(),
    unitId: text().references(() => units.id),
    day: text().notNull(),
    kind: text().notNull(),
    skill: text().$type<Skill>(),
    startsAt: instant().notNull(),
    endsAt: instant().notNull(),
    countedMinutes: integer().notNull(),
    status: text().$type<DutyShiftStatus>().notNull(),
    coversId: text(),
    startedAt: instant(),
    endedAt: instant(),
    startDistanceM: doublePrecision(),
    startedFor: boolean().notNull(),
    noShowAt: instant(),
    nextTimerAt: instant(),
    isCovering: boolean().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    // P3: the database decides that nobody begins two shifts at once, and that a gap is filled once.
    uniqueIndex('duty_shifts_one_at_a_time')
      .on(t.unitId, t.startsAt)
      .where(sql`status in ('confirmed', 'started', 'ended')`),
    uniqueIndex('duty_shifts_one_gap').on(t.coversId).where(sql`status <> 'released'`),
    index('duty_shifts_span').on(t.tenant, t.startsAt, t.endsAt),
    index('duty_shifts_unit').on(t.unitId, t.day),
    index('duty_shifts_roster').on(t.rosterId),
    index('duty_shifts_due').on(t.nextTimerAt).where(sql`next_timer_at is not null`),
  ],
)

const shiftId = () =>
  text()
    .notNull()
    .references(() => dutyShifts.id)

export const coverOffers = pgTable(
  'cover_offers',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    shiftId: shiftId(),
    ...inCluster(),
    unitId: unitId(),
    rank: integer().notNull(),
    status: text().$type<CoverStatus>().notNull(),
    offeredAt: instant().notNull(),
    expiresAt: instant().notNull(),
    answeredAt: instant(),
  },
  (t) => [
    // P3: one is asked at a time, and one has it.
    uniqueIndex('cover_offers_one_asked').on(t.shiftId).where(sql`status = 'offered'`),
    uniqueIndex('cover_offers_one_winner').on(t.shiftId).where(sql`status = 'accepted'`),
    index('cover_offers_unit').on(t.unitId, t.status),
    index('cover_offers_due').on(t.expiresAt).where(sql`status = 'offered'`),
  ],
)

export const dutySwaps = pgTable(
  'duty_swaps',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    ...inCluster(),
    kind: text().$type<'swap' | 'give'>().notNull(),
    shiftId: shiftId(),
    unitId: unitId(),
    otherShiftId: text().references(() => dutyShifts.id),
    otherUnitId: text().references(() => units.id),
    note: text(),
    status: text().$type<SwapStatus>().notNull(),
    proposedAt: instant().notNull(),
    expiresAt: instant().notNull(),
    agreedAt: instant(),
    decidedAt: instant(),
    why: text(),
  },
  (t) => [
    uniqueIndex('duty_swaps_one_open').on(t.shiftId).where(sql`status in ('proposed', 'agreed')`),
    index('duty_swaps_unit').on(t.unitId, t.status),
    index('duty_swaps_due').on(t.expiresAt).where(sql`status in ('proposed', 'agreed')`),
  ],
)

export const handOvers = pgTable(
  'hand_overs',
  {
    shiftId: text()
      .primaryKey()
      .references(() => dutyShifts.id),
    tenant: tenant(),
    ...inCluster(),
    unitId: unitId(),
    note: text().notNull(),
    tickets: jsonb().$type<HandOver['tickets']>().notNull(),
    writtenAt: instant(),
    dueAt: instant().notNull(),
    takenAt: instant(),
    takenBy: text(),
    takenShiftId: text(),
  },
  (t) => [index('hand_overs_open').on(t.clusterId, t.takenAt)],
)

export const dutyNotices = pgTable(
  'duty_notices',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    unitId: unitId(),
    kind: text().$type<DutyNoticeKind>().notNull(),
    at: instant().notNull(),
    shiftId: text(),
    day: text(),
    shiftKind: text(),
    readAt: instant(),
  },
  (t) => [index('duty_notices_unit').on(t.unitId, t.at)],
)

/** Only a hash of the token is kept: whoever reads the database cannot follow anybody's calendar. */
export const calendarLinks = pgTable(
  'calendar_links',
  {
    tokenHash: text().primaryKey(),
    tenant: tenant(),
    unitId: unitId(),
    createdAt: instant().notNull(),
    revokedAt: instant(),
  },
  (t) => [uniqueIndex('calendar_links_one_stands').on(t.unitId).where(sql`revoked_at is null`)],
)
