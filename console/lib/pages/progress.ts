import type { Instant } from '#domain/instant.ts'
import type { TicketStatus } from '#domain/ticket.ts'
import type { ResidentTicket } from '#wire/routes/resident.ts'

/** A report's way as the person who made it sees it: six stages at most, in order. */
export const STAGES = ['reported', 'accepted', 'enRoute', 'onSite', 'plan', 'resolved'] as const
export type Stage = (typeof STAGES)[number]

export interface StageState {
  stage: Stage
  /** null: not reached, or reached without a moment being known. */
  at: Instant | null
  state: 'done' | 'now' | 'ahead'
}

/** Ends that are no success: the way stops there and the page says why. */
export const STOPPED: readonly TicketStatus[] = ['cancelled', 'not_admitted']
const SOLVED: readonly TicketStatus[] = ['resolved', 'rated', 'visited', 'closed']

export const isSolved = (ticket: Pick<ResidentTicket, 'status'>) => SOLVED.includes(ticket.status)
export const isStopped = (ticket: Pick<ResidentTicket, 'status'>) => STOPPED.includes(ticket.status)

type Moments = Pick<
  ResidentTicket,
  'status' | 'class' | 'reportedAt' | 'acceptedAt' | 'enRouteAt' | 'onSiteAt' | 'planSubmittedAt' | 'resolvedAt'
>

/** The stages with what is known of each. A stage that was skipped (arrived without "en route") counts as done when a later one is. */
export function stagesOf(ticket: Moments): StageState[] {
  const moments: Record<Stage, Instant | null> = {
    reported: ticket.reportedAt,
    accepted: ticket.acceptedAt,
    enRoute: ticket.enRouteAt,
    onSite: ticket.onSiteAt,
    plan: ticket.planSubmittedAt,
    resolved: ticket.resolvedAt,
  }
  const shown = STAGES.filter((stage) => stage !== 'plan' || ticket.class === 'major' || moments.plan !== null)
  const last = shown.findLastIndex((stage) => moments[stage] !== null)
  const reached = SOLVED.includes(ticket.status) ? shown.length - 1 : last
  return shown.map((stage, index) => ({
    stage,
    at: moments[stage],
    state: index < reached || SOLVED.includes(ticket.status) ? 'done' : index === reached ? 'now' : 'ahead',
  }))
}

/** The promise that runs now, for the one line under the headline; null when none runs (paused, ended, not classified). */
export function promiseOf(
  ticket: Pick<ResidentTicket, 'status' | 'class' | 'onSiteAt' | 'arriveDueAt' | 'solveDueAt' | 'pausedAt'>,
): { kind: 'arrive' | 'solve' | 'plan'; dueAt: Instant } | null {
  if (SOLVED.includes(ticket.status) || STOPPED.includes(ticket.status)) return null
  if (ticket.onSiteAt === null && ticket.arriveDueAt !== null) return { kind: 'arrive', dueAt: ticket.arriveDueAt }
  if (ticket.pausedAt !== null || ticket.solveDueAt === null) return null
  return { kind: ticket.class === 'major' ? 'plan' : 'solve', dueAt: ticket.solveDueAt }
}
