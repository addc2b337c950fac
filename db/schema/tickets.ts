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
import type { DeclineReason, DispatchStatus, OfferMode } from '#domain/dispatch.ts'
import type {
  Actor,
  Category,
  Channel,
  EvidenceGrade,
  LogKind,
  Origin,
  Priority,
  SlaTimer,
  SolutionPlan,
  TicketClass,
  TicketStatus,
  WorkField,
} from '#domain/ticket.ts'
import type { Skill } from '#domain/units.ts'
import { bytes, instant } from './columns.ts'
import { units } from './fleet.ts'
import { communities, tenants } from './places.ts'

export const tickets = pgTable(
  'tickets',
  {
    id: text().primaryKey(),
    tenant: text()
      .notNull()
      .references(() => tenants.code),
    number: integer().notNull(),
    status: text().$type<TicketStatus>().notNull(),
    suspendedFrom: text().$type<TicketStatus>(),
    class: text().$type<TicketClass>(),
    priority: text().$type<Priority>().notNull(),
    category: text().$type<Category>().notNull(),
    workField: text().$type<WorkField>(),
    origin: text().$type<Origin>().notNull(),
    channel: text().$type<Channel>().notNull(),
    imported: boolean().notNull().default(false),
    communityId: text().references(() => communities.id),
    districtCode: text(),
    subdistrictCode: text(),
    neighbourhoodCode: text(),
    lng: doublePrecision().notNull(),
    lat: doublePrecision().notNull(),
    address: text().notNull(),
    description: text().notNull(),
    neededSkills: jsonb().$type<Skill[]>().notNull(),
    unitId: text(),
    firmId: text(),
    round: integer().notNull().default(1),
    reportedAt: instant().notNull(),
    reportedBy: jsonb().$type<Actor>().notNull(),
    placedAt: instant(),
    placedBy: jsonb().$type<Actor>(),
    acceptedAt: instant(),
    acceptedBy: jsonb().$type<Actor>(),
    ratedAt: instant(),
    ratedBy: jsonb().$type<Actor>(),
    triagedAt: instant(),
    enRouteAt: instant(),
    onSiteAt: instant(),
    arrivalGrade: text().$type<EvidenceGrade>(),
    planSubmittedAt: instant(),
    resolvedAt: instant(),
    visitedAt: instant(),
    closedAt: instant(),
    rating: integer(),
    ratingText: text(),
    resolution: text(),
    solutionPlan: jsonb().$type<SolutionPlan>(),
    reason: text(),
    mergedInto: text(),
    escalated: boolean().notNull().default(false),
    handedOffTo: text(),
    handedOffAt: instant(),
    policyVersion: text().notNull(),
    arriveDueAt: instant(),
    solveDueAt: instant(),
    pausedAt: instant(),
    arriveBreached: boolean().notNull().default(false),
    solveBreached: boolean().notNull().default(false),
    nextTimer: text().$type<SlaTimer>(),
    nextTimerAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    uniqueIndex('tickets_number').on(t.tenant, t.number),
    index('tickets_live').on(t.tenant, t.status),
    index('tickets_due').on(t.nextTimerAt).where(sql`next_timer_at is not null`),
    index('tickets_community').on(t.communityId, t.reportedAt),
  ],
)

export const ticketLog = pgTable(
  'ticket_log',
  {
    ticketId: text()
      .notNull()
      .references(() => tickets.id),
    n: integer().notNull(),
    kind: text().$type<LogKind>().notNull(),
    at: instant().notNull(),
    actor: jsonb().$type<Actor>().notNull(),
    reason: text(),
    class: text().$type<TicketClass>(),
    policyVersion: text().notNull(),
    dispatchId: text(),
    grade: text().$type<EvidenceGrade>(),
    detail: jsonb().$type<Record<string, unknown>>(),
  },
  (t) => [primaryKey({ columns: [t.ticketId, t.n] })],
)

/** The resident behind a ticket: fields that may not travel with it, and the hash of the single-ticket link. */
export const requesters = pgTable(
  'requesters',
  {
    ticketId: text()
      .primaryKey()
      .references(() => tickets.id),
    name: text(),
    phone: text(),
    tokenHash: text(),
  },
  (t) => [uniqueIndex('requesters_token').on(t.tokenHash)],
)

export const photos = pgTable(
  'photos',
  {
    id: text().primaryKey(),
    tenant: text().notNull(),
    ticketId: text()
      .notNull()
      .references(() => tickets.id),
    at: instant().notNull(),
    purpose: text().$type<'report' | 'before' | 'after'>().notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    /** JPEG, re-encoded: no metadata of the original survives. */
    image: bytes().notNull(),
  },
  (t) => [index('photos_ticket').on(t.ticketId)],
)

export const dispatches = pgTable(
  'dispatches',
  {
    id: text().primaryKey(),
    tenant: text().notNull(),
    ticketId: text()
      .notNull()
      .references(() => tickets.id),
    unitId: text()
      .notNull()
      .references(() => units.id),
    status: text().$type<DispatchStatus>().notNull(),
    mode: text().$type<OfferMode>().notNull(),
    via: text().$type<'page' | 'phone'>().notNull(),
    offeredAt: instant().notNull(),
    offeredBy: jsonb().$type<Actor>().notNull(),
    expiresAt: instant(),
    answeredAt: instant(),
    answeredBy: jsonb().$type<Actor>(),
    declineReason: text().$type<DeclineReason>(),
    enRouteAt: instant(),
    onSiteAt: instant(),
    grade: text().$type<EvidenceGrade>(),
    endedAt: instant(),
    imported: boolean().notNull().default(false),
  },
  (t) => [
    // P3: the database, not the code, decides that a ticket has one winner.
    uniqueIndex('dispatches_one_winner').on(t.ticketId).where(sql`status in ('accepted', 'en_route', 'on_site')`),
    uniqueIndex('dispatches_one_standing_offer').on(t.ticketId, t.unitId).where(sql`status = 'offered'`),
    index('dispatches_due').on(t.expiresAt).where(sql`status = 'offered'`),
    index('dispatches_ticket').on(t.ticketId),
    index('dispatches_unit').on(t.unitId, t.status),
  ],
)

/** Units still to be asked when the standing offer of a `sequence` falls, in order. */
export const offerQueue = pgTable(
  'offer_queue',
  {
    ticketId: text().notNull(),
    position: integer().notNull(),
    unitId: text().notNull(),
    ttlMs: integer().notNull(),
    offeredBy: jsonb().$type<Actor>().notNull(),
    /** The dispatcher has said that a unit with a task may be asked all the same. */
    confirmBusy: boolean().notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.ticketId, t.position] })],
)

/** One row per source row ever imported: what makes a second run import nothing twice. */
export const importedRows = pgTable(
  'imported_rows',
  { tenant: text().notNull(), source: text().notNull(), rowKey: text().notNull(), ticketId: text().notNull() },
  (t) => [primaryKey({ columns: [t.tenant, t.source, t.rowKey] })],
)
