import type { SelectionMode } from './engagement.ts'
import type { Instant } from './instant.ts'
import type { Actor } from './ticket.ts'

/** What is proved each day while an engagement is active. Refuse is proved apart: its first collection is what residents wait for. */
export const PROOF_ITEMS = ['refuse', 'basicCleaning', 'orderKeeping', 'liftOperation'] as const
export type ProofItem = (typeof PROOF_ITEMS)[number]

export interface Proof {
  id: string
  tenant: string
  engagementId: string
  communityId: string
  item: ProofItem
  /** The city's day it proves, `2026-03-04`. */
  day: string
  at: Instant
  by: Actor
  via: 'photo' | 'qr'
  hasPhoto: boolean
}

/** One thing to be done on the way to the end: of the hand-over checklist, or of the owners' vote. */
export interface EngagementStep {
  engagementId: string
  kind: 'handOver' | 'ownersVote'
  item: string
  dueAt: Instant | null
  doneAt: Instant | null
  doneBy: Actor | null
  note: string | null
}

/** What residents are told: content, term, fee, and how the firm came to be chosen. */
export interface NoticeContent {
  communityName: string
  firmName: string
  /** Who has chosen: the sub-district. */
  subdistrictName: string
  services: { item: ProofItem; people: number }[]
  lifts: number
  startsAt: Instant
  endsAt: Instant
  /** Yuan a square metre a month. */
  fee: number
  mode: SelectionMode
  decidedAt: Instant | null
  /** Of a draw: where it can be recomputed. */
  lotteryId: string | null
  /** Whom residents may ask or complain to, in the officer's words. */
  contact: string
}

/** 公示: what is printed and hung up in the community, and what its public link shows. */
export interface PublicNotice {
  id: string
  tenant: string
  engagementId: string
  communityId: string
  /** Part of the public link. */
  slug: string
  content: NoticeContent
  postedAt: Instant
  postedBy: Actor
  takenDownAt: Instant | null
}
