import type { Instant } from './instant.ts'
import type { Actor, EvidenceGrade } from './ticket.ts'

/** One unit's part in a ticket: an offer, and what came of it. At most one dispatch of a ticket is active. */
export const DISPATCH_STATUSES = [
  'offered',
  'accepted',
  'en_route',
  'on_site',
  'done',
  'declined',
  'expired',
  'lost',
  'withdrawn',
  'returned',
] as const
export type DispatchStatus = (typeof DISPATCH_STATUSES)[number]

export const ACTIVE_DISPATCH: readonly DispatchStatus[] = ['accepted', 'en_route', 'on_site']

export const DECLINE_REASONS = [
  'busy',
  'tooFar',
  'lacksSkill',
  'lacksTools',
  'unsafe',
  'offDuty',
  'noAnswer',
  'other',
] as const
export type DeclineReason = (typeof DECLINE_REASONS)[number]

/** sequence: one unit at a time, next on expiry; batch: several at once (抢单), first to accept wins. */
export const OFFER_MODES = ['sequence', 'batch'] as const
export type OfferMode = (typeof OFFER_MODES)[number]

export interface Dispatch {
  id: string
  tenant: string
  ticketId: string
  unitId: string
  status: DispatchStatus
  mode: OfferMode
  /** page: the unit's page was connected; phone: the dispatcher calls and records the answer. */
  via: 'page' | 'phone'
  offeredAt: Instant
  offeredBy: Actor
  expiresAt: Instant | null
  answeredAt: Instant | null
  answeredBy: Actor | null
  declineReason: DeclineReason | null
  enRouteAt: Instant | null
  onSiteAt: Instant | null
  grade: EvidenceGrade | null
  endedAt: Instant | null
  imported: boolean
}
