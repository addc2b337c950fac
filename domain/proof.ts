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

/** 公示: what is printed and hung up in the community, and what its public link shows. */
export interface PublicNotice {
  id: string
  tenant: string
  engagementId: string
  communityId: string
  /** Part of the public link. */
  slug: string
  content: Record<string, unknown>
  postedAt: Instant
  postedBy: Actor
  takenDownAt: Instant | null
}
