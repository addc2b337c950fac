import type { SelectionMode } from './engagement.ts'
import type { Instant } from './instant.ts'
import type { Lottery } from './lottery.ts'
import type { Actor } from './ticket.ts'

export const SELECTION_STATUSES = ['open', 'frozen', 'drawn', 'decided', 'cancelled'] as const
export type SelectionStatus = (typeof SELECTION_STATUSES)[number]

/** A firm that may be chosen, in the order proposed. */
export interface SelectionCandidate {
  poolEntryId: string
  firmId: string
  /** 1 is the best. */
  rank: number
  score: number | null
  /** Why an officer took a firm under a yellow light in all the same. */
  overrideReason: string | null
}

/** 联席会议: when it was held, and who took part, by body or role. */
export interface JointMeeting {
  heldAt: Instant
  attended: string[]
}

/** One choosing of a provider for a community: mode, candidates, decider, time, reason. */
export interface Selection {
  id: string
  tenant: string
  communityId: string
  districtCode: string
  subdistrictCode: string
  neighbourhoodCode: string
  mode: SelectionMode
  status: SelectionStatus
  candidates: SelectionCandidate[]
  planId: string | null
  openedAt: Instant
  openedBy: Actor
  frozenAt: Instant | null
  /** Pool entries an officer has approved, in the order in which they are asked; null before the decision. */
  approved: string[] | null
  meeting: JointMeeting | null
  decidedAt: Instant | null
  decidedBy: Actor | null
  reason: string | null
  lottery: Lottery | null
  nextTimerAt: Instant | null
  updatedAt: Instant
}
