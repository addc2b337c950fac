import type { SelectionMode } from './engagement.ts'
import type { Instant } from './instant.ts'
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

/** A verifiable draw: everything that anyone needs to recompute it, and nothing that is secret before the draw. */
export interface Lottery {
  method: string
  /** SHA-256 of the server's secret, published before any value is given. */
  secretHash: string
  /** Published with the draw. */
  secret: string | null
  /** Named beforehand; each gives a value after the freeze. */
  parties: string[]
  /** Or a named public source and the moment at which it will be read. */
  source: string | null
  sourceAt: Instant | null
  revealDueAt: Instant
  values: { party: string; value: string; at: Instant }[]
  seed: string | null
  /** Pool entries in the order drawn. */
  drawn: string[] | null
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
  decidedAt: Instant | null
  decidedBy: Actor | null
  reason: string | null
  lottery: Lottery | null
  nextTimerAt: Instant | null
  updatedAt: Instant
}
