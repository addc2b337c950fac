import type { Instant } from './instant.ts'
import type { PolicyAnswer, PolicyAsked } from './policy.ts'
import type { StationsAnswer, StationsAsked } from './stations.ts'
import type { Actor } from './ticket.ts'

/** A question that takes a planner some time: where to station people, or what would have happened under another rule. */
export const STUDY_KINDS = ['stations', 'policy'] as const
export type StudyKind = (typeof STUDY_KINDS)[number]

export const STUDY_STATUSES = ['queued', 'running', 'done', 'stopped', 'failed', 'lost'] as const
export type StudyStatus = (typeof STUDY_STATUSES)[number]

export interface StudyProgress {
  seconds: number
  /** Of the whole, 0–1. */
  share: number
  phase: string
  /** Of the best so far and what is proved of it; null while there is none. */
  objective: number | null
  bound: number | null
}

export const NOT_BEGUN: StudyProgress = { seconds: 0, share: 0, phase: '', objective: null, bound: null }

export type StudyQuestion = { kind: 'stations'; asked: StationsAsked } | { kind: 'policy'; asked: PolicyAsked }

interface StudyRow {
  id: string
  tenant: string
  /** Given to keep it; one without a name is forgotten after a while. */
  name: string | null
  status: StudyStatus
  seed: number
  seconds: number
  progress: StudyProgress
  askedAt: Instant
  askedBy: Actor
  endedAt: Instant | null
}

/** `answer` is the best so far while it is live, and stays when it was stopped. */
export type Study = StudyRow &
  (
    | { kind: 'stations'; asked: StationsAsked; answer: StationsAnswer | null }
    | { kind: 'policy'; asked: PolicyAsked; answer: PolicyAnswer | null }
  )

export type StudyHead = Omit<StudyRow, 'progress'> & StudyQuestion
