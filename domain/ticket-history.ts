import type { Instant } from './instant.ts'
import type { Actor, Ticket } from './ticket.ts'
import { logEntry, type NewLogEntry } from './ticket-step.ts'

/** Which stages a record of the past knows; a missing one stays missing. */
export interface Stages {
  triagedAt?: Instant | null
  placedAt?: Instant | null
  acceptedAt?: Instant | null
  enRouteAt?: Instant | null
  onSiteAt?: Instant | null
  resolvedAt?: Instant | null
  closedAt?: Instant | null
  cancelledAt?: Instant | null
  resolution?: string | null
  rating?: number | null
  ratedAt?: Instant | null
}

const STAGE_KINDS = [
  ['triagedAt', 'triage', 'triaged'],
  ['placedAt', 'place', 'placed'],
  ['acceptedAt', 'accept', 'accepted'],
  ['enRouteAt', 'depart', 'en_route'],
  ['onSiteAt', 'arrive', 'on_site'],
  ['resolvedAt', 'resolve', 'resolved'],
  ['ratedAt', 'rate', 'rated'],
  ['closedAt', 'close', 'closed'],
  ['cancelledAt', 'cancel', 'cancelled'],
] as const

/**
 * TK15: an imported ticket with the stages its source names, each a log row at its own moment, in the order of the
 * journey (the source's moments may contradict it: they are kept as they are). Its status is the furthest stage named.
 */
export function withHistory(ticket: Ticket, stages: Stages, actor: Actor): { ticket: Ticket; entries: NewLogEntry[] } {
  let past = ticket
  const entries: NewLogEntry[] = []
  for (const [column, kind, status] of STAGE_KINDS) {
    const at = stages[column]
    if (at === null || at === undefined) continue
    past = { ...past, status, ...(column === 'cancelledAt' ? {} : { [column]: at }) }
    const grade = kind === 'arrive' ? ('imported' as const) : null
    entries.push(logEntry(ticket, kind, actor, at, { grade, class: kind === 'triage' ? ticket.class : null }))
  }
  const arrivalGrade = past.onSiteAt === null ? null : ('imported' as const)
  const by = (at: Instant | null) => (at === null ? null : actor)
  return {
    ticket: {
      ...past,
      arrivalGrade,
      placedBy: by(past.placedAt),
      acceptedBy: by(past.acceptedAt),
      ratedBy: by(past.ratedAt),
      resolution: stages.resolution ?? null,
      rating: stages.rating ?? null,
    },
    entries,
  }
}
