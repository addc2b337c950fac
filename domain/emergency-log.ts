import type { Instant } from './instant.ts'
import type { Actor } from './ticket.ts'

/** One line of what was done about a community, a firm of the pool, a selection, an engagement or a plan: by whom, when, why. */
export interface EmergencyLogEntry {
  subject: EmergencySubject
  subjectId: string
  /** 1, 2, 3 … within the subject. */
  n: number
  tenant: string
  kind: string
  at: Instant
  actor: Actor
  reason: string | null
  detail: Record<string, unknown> | null
}

export const EMERGENCY_SUBJECTS = ['community', 'pool', 'selection', 'engagement', 'plan'] as const
export type EmergencySubject = (typeof EMERGENCY_SUBJECTS)[number]
