import type { EngagementAlarm } from './alarm.ts'
import type { CommunityEvent, CommunityStatus } from './community-status.ts'
import type { Instant } from './instant.ts'
import type { Community } from './places.ts'
import { type Amounts, SERVICES, type Service, type ServiceTier } from './services.ts'
import type { Actor } from './ticket.ts'

/** What a community needs each day; zero people of a kind = that service is not needed. */
export interface CommunityNeeds {
  cleaners: number
  guards: number
  liftOperators: number
  lifts: number
  /** Until when the lifts' maintenance contract runs: after it nobody may ride. */
  liftMaintenanceUntil: Instant | null
}

export const NO_NEEDS: CommunityNeeds = {
  cleaners: 0,
  guards: 0,
  liftOperators: 0,
  lifts: 0,
  liftMaintenanceUntil: null,
}

/** The people behind each service, in a community's needs and in a provider's capacity alike. */
export const PEOPLE_OF = { basicCleaning: 'cleaners', orderKeeping: 'guards', liftOperation: 'liftOperators' } as const

/** Which services the quantities ask for. */
export const servicesOf = (needs: Pick<CommunityNeeds, 'cleaners' | 'guards' | 'liftOperators'>): Service[] =>
  SERVICES.filter((service) => needs[PEOPLE_OF[service]] > 0)

/** Why a community is at risk, as dates or an officer say. */
export const RISK_REASONS = [
  /** The owners dismiss the firm. */
  'ownersNotice',
  /** The firm will not renew, or leaves an open-ended contract. */
  'firmNotice',
  /** The contract ends within the firm's notice and nobody has renewed it. */
  'contractEnding',
  /** The contract is over, and the firm only bound until somebody takes over (民法典 950). */
  'contractOver',
  /** The owners should have decided by now who comes next. */
  'decisionDue',
  /** An officer has said so. */
  'declared',
] as const
export type RiskReason = (typeof RISK_REASONS)[number]

/**
 * What is known of a community beyond its place: the row, the domain's type and the payload. A community without one has
 * never been anybody's concern. `communityId` is its key in the feed too.
 */
export interface CommunityCase {
  communityId: string
  tenant: string
  districtCode: string
  subdistrictCode: string
  neighbourhoodCode: string
  status: CommunityStatus
  statusSince: Instant
  /** 1 with the first declaration as unmanaged, +1 with each further one. */
  episode: number
  /** Who declared it unmanaged (or at risk), when, and why. */
  declaredAt: Instant | null
  declaredBy: Actor | null
  reason: string | null
  /** The moments of this episode's clock: nobody serves it; refuse was collected first; a provider took over. */
  unmanagedAt: Instant | null
  firstRefuseAt: Instant | null
  coveredAt: Instant | null
  /** Who looked after it before; who is engaged for it now. */
  formerFirmId: string | null
  providerFirmId: string | null
  engagementId: string | null
  households: number
  areaM2: number | null
  /** Yuan a square metre a month. */
  feeRate: number | null
  /** 0–1: the share of fees that is paid. */
  collectionRate: number | null
  tier: ServiceTier
  needs: CommunityNeeds
  riskReasons: RiskReason[]
  /** Alarms given in the present status: each once. */
  alarmed: EngagementAlarm[]
  /** When its dates say something new: what the engine looks for. */
  dueAt: Instant | null
  updatedAt: Instant
}

/** What is known of a community of which nothing has been said yet. */
export const freshCase = (community: Community, now: Instant): CommunityCase => ({
  communityId: community.id,
  tenant: community.tenant,
  districtCode: community.districtCode,
  subdistrictCode: community.subdistrictCode,
  neighbourhoodCode: community.neighbourhoodCode,
  status: 'managed',
  statusSince: now,
  episode: 0,
  declaredAt: null,
  declaredBy: null,
  reason: null,
  unmanagedAt: null,
  firstRefuseAt: null,
  coveredAt: null,
  formerFirmId: null,
  providerFirmId: null,
  engagementId: null,
  households: community.households,
  areaM2: null,
  feeRate: null,
  collectionRate: null,
  tier: 'basic',
  needs: NO_NEEDS,
  riskReasons: [],
  alarmed: [],
  dueAt: null,
  updatedAt: now,
})

/** One time of being without a firm, from the declaration to the take-over: what the programme's numbers are reckoned from. */
export interface CommunityEpisode {
  communityId: string
  episode: number
  tenant: string
  unmanagedAt: Instant
  firstRefuseAt: Instant | null
  coveredAt: Instant | null
}

/** A firm's contract for a community. `endsAt` null = open-ended. */
export interface CommunityContract {
  id: string
  tenant: string
  communityId: string
  firmId: string
  startsAt: Instant
  endsAt: Instant | null
  /** The owners have decided: renewed, or another firm hired. */
  ownersDecidedAt: Instant | null
  /** Superseded or given up. */
  closedAt: Instant | null
  recordedAt: Instant
  recordedBy: Actor
}

export const NOTICE_KINDS = ['ownersNotice', 'firmNotice'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** Somebody ends a contract. */
export interface ContractNotice {
  id: string
  tenant: string
  communityId: string
  contractId: string
  kind: NoticeKind
  givenAt: Instant
  /** When the contract ends by it; reckoned from the settings unless the notice says otherwise. */
  effectiveAt: Instant
  note: string | null
  withdrawnAt: Instant | null
  recordedBy: Actor
}

/** Yuan a month of fees that are not paid: what a provider risks who takes the community. 0 while nothing is known. */
export const moneyAtRisk = ({ areaM2, feeRate, collectionRate }: Money): number =>
  Math.round((areaM2 ?? 0) * (feeRate ?? 0) * (1 - (collectionRate ?? 1)))

type Money = Pick<CommunityCase, 'areaM2' | 'feeRate' | 'collectionRate'>

/** What a provider must have free to take the community. */
export const amountsOf = ({ needs, ...money }: Money & { needs: CommunityNeeds }): Amounts => ({
  cleaners: needs.cleaners,
  guards: needs.guards,
  liftOperators: needs.liftOperators,
  moneyAtRisk: moneyAtRisk(money),
})

/** What is written in a community's log. */
export type CommunityLogKind = CommunityEvent | 'facts' | 'contract' | 'notice' | 'noticeWithdrawn' | 'refuse'
