import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Actor } from '#domain/ticket.ts'
import type { VolunteerServiceStatus } from '#domain/volunteers.ts'
import { instant } from './columns.ts'
import { units } from './fleet.ts'
import { communities, tenants } from './places.ts'

const tenant = () =>
  text()
    .notNull()
    .references(() => tenants.code)

export const volunteerTeams = pgTable(
  'volunteer_teams',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    name: text().notNull(),
    districtCode: text().notNull(),
    subdistrictCode: text().notNull(),
    communityId: text().references(() => communities.id),
    createdAt: instant().notNull(),
    endedAt: instant(),
  },
  (t) => [index('volunteer_teams_place').on(t.tenant, t.subdistrictCode)],
)

const teamId = () =>
  text()
    .notNull()
    .references(() => volunteerTeams.id)

export const volunteerMembers = pgTable(
  'volunteer_members',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    teamId: teamId(),
    label: text().notNull(),
    unitId: text().references(() => units.id),
    isPartyMember: boolean().notNull(),
    joinedAt: instant().notNull(),
    leftAt: instant(),
  },
  (t) => [
    index('volunteer_members_team').on(t.teamId),
    uniqueIndex('volunteer_members_one_team').on(t.unitId).where(sql`left_at is null`),
  ],
)

export const volunteerSlots = pgTable(
  'volunteer_slots',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    teamId: teamId(),
    subdistrictCode: text().notNull(),
    title: text().notNull(),
    startsAt: instant().notNull(),
    endsAt: instant().notNull(),
    wanted: integer().notNull(),
    createdAt: instant().notNull(),
    createdBy: jsonb().$type<Actor>().notNull(),
    cancelledAt: instant(),
  },
  (t) => [index('volunteer_slots_team').on(t.teamId, t.startsAt)],
)

export const volunteerServices = pgTable(
  'volunteer_services',
  {
    slotId: text()
      .notNull()
      .references(() => volunteerSlots.id),
    memberId: text()
      .notNull()
      .references(() => volunteerMembers.id),
    tenant: tenant(),
    status: text().$type<VolunteerServiceStatus>().notNull(),
    offeredAt: instant().notNull(),
    answeredAt: instant(),
    recordedMinutes: integer(),
    recordedBy: jsonb().$type<Actor>(),
    confirmedMinutes: integer(),
    confirmedAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.slotId, t.memberId] }), index('volunteer_services_member').on(t.memberId)],
)
