import { sql } from 'drizzle-orm'
import { doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { EngagementAlarm } from '#domain/alarm.ts'
import type { CommunityNeeds, NoticeKind, RiskReason } from '#domain/community.ts'
import type { CommunityStatus } from '#domain/community-status.ts'
import type { ServiceTier } from '#domain/services.ts'
import type { Actor } from '#domain/ticket.ts'
import { instant } from './columns.ts'
import { communities, firms, tenants } from './places.ts'

const tenant = () =>
  text()
    .notNull()
    .references(() => tenants.code)

const communityId = () =>
  text()
    .notNull()
    .references(() => communities.id)

const actor = () => jsonb().$type<Actor>()

export const communityCases = pgTable(
  'community_cases',
  {
    communityId: text()
      .primaryKey()
      .references(() => communities.id),
    tenant: tenant(),
    districtCode: text().notNull(),
    subdistrictCode: text().notNull(),
    neighbourhoodCode: text().notNull(),
    status: text().$type<CommunityStatus>().notNull(),
    statusSince: instant().notNull(),
    episode: integer().notNull().default(0),
    declaredAt: instant(),
    declaredBy: actor(),
    reason: text(),
    unmanagedAt: instant(),
    firstRefuseAt: instant(),
    coveredAt: instant(),
    formerFirmId: text().references(() => firms.id),
    providerFirmId: text().references(() => firms.id),
    engagementId: text(),
    households: integer().notNull(),
    areaM2: integer(),
    feeRate: doublePrecision(),
    collectionRate: doublePrecision(),
    tier: text().$type<ServiceTier>().notNull(),
    needs: jsonb().$type<CommunityNeeds>().notNull(),
    riskReasons: jsonb().$type<RiskReason[]>().notNull(),
    alarmed: jsonb().$type<EngagementAlarm[]>().notNull(),
    dueAt: instant(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    index('community_cases_status').on(t.tenant, t.status),
    index('community_cases_due').on(t.dueAt).where(sql`due_at is not null`),
  ],
)

/** Kept beside the case, which holds the last one only. */
export const communityEpisodes = pgTable(
  'community_episodes',
  {
    communityId: communityId(),
    episode: integer().notNull(),
    tenant: tenant(),
    unmanagedAt: instant().notNull(),
    firstRefuseAt: instant(),
    coveredAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.communityId, t.episode] }),
    index('community_episodes_at').on(t.tenant, t.unmanagedAt),
  ],
)

export const communityContracts = pgTable(
  'community_contracts',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    communityId: communityId(),
    firmId: text()
      .notNull()
      .references(() => firms.id),
    startsAt: instant().notNull(),
    endsAt: instant(),
    ownersDecidedAt: instant(),
    closedAt: instant(),
    recordedAt: instant().notNull(),
    recordedBy: actor().notNull(),
  },
  (t) => [uniqueIndex('community_contracts_one_stands').on(t.communityId).where(sql`closed_at is null`)],
)

export const contractNotices = pgTable(
  'contract_notices',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    communityId: communityId(),
    contractId: text()
      .notNull()
      .references(() => communityContracts.id),
    kind: text().$type<NoticeKind>().notNull(),
    givenAt: instant().notNull(),
    effectiveAt: instant().notNull(),
    note: text(),
    withdrawnAt: instant(),
    recordedBy: actor().notNull(),
  },
  (t) => [index('contract_notices_community').on(t.communityId)],
)
