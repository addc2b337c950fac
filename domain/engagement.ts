import type { CommunityNeeds } from './community.ts'
import type { Instant } from './instant.ts'
import type { Actor } from './ticket.ts'

/**
 * A provider engaged for a community for months (a dispatch is a unit sent to a ticket for minutes: never the same thing).
 *
 *   proposed → offered → accepted → contracted → publicised → active → expiring → handing_over → ended
 *                 └→ declined | expired
 */
export const ENGAGEMENT_STATUSES = [
  'proposed',
  'offered',
  'accepted',
  'declined',
  'expired',
  'contracted',
  'publicised',
  'active',
  'expiring',
  'handing_over',
  'ended',
] as const
export type EngagementStatus = (typeof ENGAGEMENT_STATUSES)[number]

/** The provider serves the community: tickets go to it, capacity is used. */
export const SERVING: readonly EngagementStatus[] = ['active', 'expiring', 'handing_over']

/** Under way towards serving: at most one a community. */
export const IN_THE_MAKING: readonly EngagementStatus[] = [
  'proposed',
  'offered',
  'accepted',
  'contracted',
  'publicised',
]

/** A provider's people are bound from its yes to the end. */
export const COMMITTED: readonly EngagementStatus[] = ['accepted', 'contracted', 'publicised', ...SERVING]

export const END_REASONS = ['handedOver', 'selfManaged', 'succeeded', 'abandoned', 'withdrawn', 'terminated'] as const
export type EndReason = (typeof END_REASONS)[number]

export const SELECTION_MODES = ['designate', 'joint_meeting', 'rank', 'lottery'] as const
export type SelectionMode = (typeof SELECTION_MODES)[number]

export const ENGAGEMENT_TIMERS = [
  'offerExpiry',
  'termAlarm',
  'termEnd',
  'voteMilestone',
  'proofCheck',
  'handOverEnd',
] as const

/** Something that time will do to an engagement. It is taken out when it fires, so that it fires once. */
export interface EngagementTimer {
  kind: (typeof ENGAGEMENT_TIMERS)[number]
  /** Days before the end of a `termAlarm`; the milestone's name. */
  item: string | null
  at: Instant
}

/** The row, the domain's type and the payload. */
export interface Engagement {
  id: string
  tenant: string
  communityId: string
  districtCode: string
  subdistrictCode: string
  neighbourhoodCode: string
  firmId: string
  poolEntryId: string
  status: EngagementStatus
  /** How it came about. */
  mode: SelectionMode
  selectionId: string | null
  planId: string | null
  /** Its place in the ranked list the officer approved; 1 = the first choice. */
  rank: number
  proposedAt: Instant
  decidedAt: Instant | null
  decidedBy: Actor | null
  reason: string | null
  /** Why an officer engaged a firm under a yellow light all the same. */
  overrideReason: string | null
  offeredAt: Instant | null
  offerExpiresAt: Instant | null
  answeredAt: Instant | null
  answeredBy: Actor | null
  declineReason: string | null
  contractedAt: Instant | null
  publicisedAt: Instant | null
  activeAt: Instant | null
  /** The term. */
  startsAt: Instant | null
  endsAt: Instant | null
  /** Yuan a square metre a month. */
  fee: number
  /** What it is engaged for: the community's needs as they were agreed. */
  needs: CommunityNeeds
  /** Yuan a month at risk, as reckoned then: with the needs, what it takes of the provider's capacity. */
  moneyAtRisk: number
  handOverStartedAt: Instant | null
  handOverDueAt: Instant | null
  endedAt: Instant | null
  endReason: EndReason | null
  timers: EngagementTimer[]
  /** The earliest of them: what the engine looks for. */
  nextTimerAt: Instant | null
  updatedAt: Instant
}
