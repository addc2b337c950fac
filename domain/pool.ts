import type { Instant } from './instant.ts'
import type { Amounts, RatingBand, Service, ServiceTier } from './services.ts'
import type { Actor } from './ticket.ts'

/** 应急物业服务人备选库: applied → in_pool → suspended → removed. */
export const POOL_STATUSES = ['applied', 'in_pool', 'suspended', 'removed'] as const
export type PoolStatus = (typeof POOL_STATUSES)[number]

export const POOL_EVENTS = ['apply', 'admit', 'suspend', 'reinstate', 'remove'] as const
export type PoolEvent = (typeof POOL_EVENTS)[number]

type Row = Record<PoolEvent, PoolStatus | null>

/** PV1: every status × event; null = refused. A removed firm may apply again. */
export const NEXT_POOL: Readonly<Record<PoolStatus, Readonly<Row>>> = {
  applied: { apply: 'applied', admit: 'in_pool', suspend: null, reinstate: null, remove: 'removed' },
  in_pool: { apply: null, admit: null, suspend: 'suspended', reinstate: null, remove: 'removed' },
  suspended: { apply: null, admit: null, suspend: null, reinstate: 'in_pool', remove: 'removed' },
  removed: { apply: 'applied', admit: null, suspend: null, reinstate: null, remove: null },
}

/** What a firm says of itself and keeps itself. */
export interface PoolOffer {
  services: Service[]
  /** Best standard it works to. */
  tier: ServiceTier
  /** What it can take on in all. */
  capacity: Amounts
  /** Districts it serves. */
  districtCodes: string[]
  /** Lowest fee it works for, yuan a square metre a month. */
  price: number
  /** Yuan it costs to begin while it serves nobody yet; 0 = nothing. */
  openingCost: number
}

/** A firm in the pool: the row, the domain's type and the payload. One entry a firm. */
export interface PoolEntry extends PoolOffer {
  id: string
  tenant: string
  firmId: string
  /** Where its office is: travel is reckoned from there, and its sub-district's officers review it. */
  districtCode: string
  subdistrictCode: string
  lng: number
  lat: number
  status: PoolStatus
  /** 0–100 each; null = not scored yet. */
  partyBuilding: number | null
  quality: number | null
  ratingBand: RatingBand | null
  /** Of the last rating: a yellow light is cleared only after one that is later than it. */
  ratedAt: Instant | null
  /** 亮黄灯: blocks new engagements unless overridden with a reason. There is no other colour. */
  yellowSince: Instant | null
  yellowReason: string | null
  yellowBy: Actor | null
  banUntil: Instant | null
  banReason: string | null
  /** Of the last step: who took it, and why. */
  reason: string | null
  reviewedBy: Actor | null
  appliedAt: Instant
  statusSince: Instant
  /** +1 with each change: two people changing at once are told apart. */
  version: number
  synthetic: boolean
  updatedAt: Instant
}

/** Reasons that nobody has typed: kept as codes, worded where they are read. */
export const POOL_REASONS = ['byImport', 'failedRating', 'confirmedRating'] as const
export type PoolReason = (typeof POOL_REASONS)[number]

export type PoolLogKind =
  | PoolEvent
  | 'offer'
  | 'score'
  | 'rating'
  | 'yellow'
  | 'yellowCleared'
  | 'ban'
  | 'banLifted'
  | 'import'
