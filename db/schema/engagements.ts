import { sql } from 'drizzle-orm'
import {
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { CommunityNeeds } from '#domain/community.ts'
import type { EmergencySubject } from '#domain/emergency-log.ts'
import type { EndReason, EngagementStatus, EngagementTimer, SelectionMode } from '#domain/engagement.ts'
import type { Lottery } from '#domain/lottery.ts'
import type { EngagementStep, NoticeContent, ProofItem } from '#domain/proof.ts'
import type { JointMeeting, SelectionCandidate, SelectionStatus } from '#domain/selection.ts'
import type { Actor } from '#domain/ticket.ts'
import { bytes, instant } from './columns.ts'
import { communities, firms, tenants } from './places.ts'
import { poolEntries } from './pool.ts'

const tenant = () =>
  text()
    .notNull()
    .references(() => tenants.code)

const communityId = () =>
  text()
    .notNull()
    .references(() => communities.id)

const firmId = () =>
  text()
    .notNull()
    .references(() => firms.id)

const actor = () => jsonb().$type<Actor>()

export const engagements = pgTable(
  'engagements',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    communityId: communityId(),
    districtCode: text().notNull(),
    subdistrictCode: text().notNull(),
    neighbourhoodCode: text().notNull(),
    firmId: firmId(),
    poolEntryId: text()
      .notNull()
      .references(() => poolEntries.id),
    status: text().$type<EngagementStatus>().notNull(),
    mode: text().$type<SelectionMode>().notNull(),
    selectionId: text(),
    planId: text(),
    rank: integer().notNull(),
    proposedAt: instant().notNull(),
    decidedAt: instant(),
    decidedBy: actor(),
    reason: text(),
    overrideReason: text(),
    offeredAt: instant(),
    offerExpiresAt: instant(),
    answeredAt: instant(),
    answeredBy: actor(),
    declineReason: text(),
    contractedAt: instant(),
    publicisedAt: instant(),
    activeAt: instant(),
    startsAt: instant(),
    endsAt: instant(),
    fee: doublePrecision().notNull(),
    needs: jsonb().$type<CommunityNeeds>().notNull(),
    moneyAtRisk: integer().notNull(),
    handOverStartedAt: instant(),
    handOverDueAt: instant(),
    endedAt: instant(),
    endReason: text().$type<EndReason>(),
    timers: jsonb().$type<EngagementTimer[]>().notNull(),
    nextTimerAt: instant(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    // P3: the database decides that a community is served by one provider, and that one is on its way.
    uniqueIndex('engagements_one_serves')
      .on(t.communityId)
      .where(sql`status in ('active', 'expiring', 'handing_over')`),
    uniqueIndex('engagements_one_in_the_making')
      .on(t.communityId)
      .where(sql`status in ('proposed', 'offered', 'accepted', 'contracted', 'publicised')`),
    index('engagements_status').on(t.tenant, t.status),
    index('engagements_firm').on(t.firmId, t.status),
    index('engagements_due').on(t.nextTimerAt).where(sql`next_timer_at is not null`),
  ],
)

export const selections = pgTable(
  'selections',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    communityId: communityId(),
    districtCode: text().notNull(),
    subdistrictCode: text().notNull(),
    neighbourhoodCode: text().notNull(),
    mode: text().$type<SelectionMode>().notNull(),
    status: text().$type<SelectionStatus>().notNull(),
    candidates: jsonb().$type<SelectionCandidate[]>().notNull(),
    planId: text(),
    openedAt: instant().notNull(),
    openedBy: actor().notNull(),
    frozenAt: instant(),
    approved: jsonb().$type<string[]>(),
    meeting: jsonb().$type<JointMeeting>(),
    decidedAt: instant(),
    decidedBy: actor(),
    reason: text(),
    lottery: jsonb().$type<Lottery>(),
    nextTimerAt: instant(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    uniqueIndex('selections_one_open').on(t.communityId).where(sql`status in ('open', 'frozen', 'drawn')`),
    index('selections_due').on(t.nextTimerAt).where(sql`next_timer_at is not null`),
  ],
)

/** A draw's secret until it is revealed with it: apart from the row that travels. */
export const lotterySecrets = pgTable('lottery_secrets', {
  selectionId: text()
    .primaryKey()
    .references(() => selections.id),
  secret: text().notNull(),
})

export const publicNotices = pgTable(
  'public_notices',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    engagementId: text()
      .notNull()
      .references(() => engagements.id),
    communityId: communityId(),
    slug: text().notNull(),
    content: jsonb().$type<NoticeContent>().notNull(),
    postedAt: instant().notNull(),
    postedBy: actor().notNull(),
    takenDownAt: instant(),
  },
  (t) => [uniqueIndex('public_notices_slug').on(t.slug), index('public_notices_engagement').on(t.engagementId)],
)

export const proofs = pgTable(
  'proofs',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    engagementId: text()
      .notNull()
      .references(() => engagements.id),
    communityId: communityId(),
    item: text().$type<ProofItem>().notNull(),
    day: text().notNull(),
    at: instant().notNull(),
    by: actor().notNull(),
    via: text().$type<'photo' | 'qr'>().notNull(),
    hasPhoto: boolean().notNull(),
  },
  (t) => [uniqueIndex('proofs_once_a_day').on(t.engagementId, t.day, t.item)],
)

/** JPEG, turned upright and re-encoded: no metadata of the original survives. */
export const proofPhotos = pgTable('proof_photos', {
  proofId: text()
    .primaryKey()
    .references(() => proofs.id),
  width: integer().notNull(),
  height: integer().notNull(),
  image: bytes().notNull(),
})

export const engagementSteps = pgTable(
  'engagement_steps',
  {
    engagementId: text()
      .notNull()
      .references(() => engagements.id),
    kind: text().$type<EngagementStep['kind']>().notNull(),
    item: text().notNull(),
    dueAt: instant(),
    doneAt: instant(),
    doneBy: actor(),
    note: text(),
  },
  (t) => [primaryKey({ columns: [t.engagementId, t.kind, t.item] })],
)

/** Who did what, when and why, in one shape for everything of this module: rows are added and never changed. */
export const emergencyLog = pgTable(
  'emergency_log',
  {
    subject: text().$type<EmergencySubject>().notNull(),
    subjectId: text().notNull(),
    n: integer().notNull(),
    tenant: text().notNull(),
    kind: text().notNull(),
    at: instant().notNull(),
    actor: actor().notNull(),
    reason: text(),
    detail: jsonb().$type<Record<string, unknown>>(),
  },
  (t) => [
    primaryKey({ columns: [t.subject, t.subjectId, t.n] }),
    foreignKey({ columns: [t.tenant], foreignColumns: [tenants.code] }),
    index('emergency_log_at').on(t.tenant, t.at),
  ],
)
