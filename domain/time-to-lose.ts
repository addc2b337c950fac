import type { Instant } from './instant.ts'
import { PRIORITIES, type Ticket } from './ticket.ts'

type Promised = Pick<Ticket, 'arriveDueAt' | 'solveDueAt' | 'onSiteAt'>

/** Where a ticket stands in the race with its promises. */
export type Race =
  /** Until the next promise that still stands can no longer be kept; 0 = now or never. */
  | { stage: 'running'; ms: number }
  /** Every promise it had is broken: nothing can be saved any more, only shortened. */
  | { stage: 'lost' }
  /** No clock runs. */
  | { stage: 'none' }

/**
 * SL9: a broken promise is no longer raced for, so a ticket stands by the next one that does not lie behind it: the time
 * until that is due, less what the best unit still needs to get there. `bestEtaMs` null = nobody can come at all, and then
 * the promise to come is as good as lost.
 */
export function raceOf(ticket: Promised, bestEtaMs: number | null, now: Instant): Race {
  const { arriveDueAt, solveDueAt } = ticket
  const travelMs = ticket.onSiteAt === null ? bestEtaMs : 0
  const left: number[] = []
  if (arriveDueAt !== null && arriveDueAt >= now) left.push(travelMs === null ? 0 : arriveDueAt - now - travelMs)
  // Somebody able may be free long before a fix is due: that nobody is now says nothing about it.
  if (solveDueAt !== null && solveDueAt >= now) left.push(solveDueAt - now - (travelMs ?? 0))
  // Beyond reach by estimate is not yet broken: a unit nearby may come free, and how far beyond is no matter of degree.
  if (left.length > 0) return { stage: 'running', ms: Math.max(0, Math.min(...left)) }
  return { stage: arriveDueAt === null && solveDueAt === null ? 'none' : 'lost' }
}

/** For a queue: a ticket and its race. */
export interface Queued {
  ticket: Pick<Ticket, 'priority' | 'number'>
  race: Race
}

const STAGES: readonly Race['stage'][] = ['running', 'lost', 'none']

/** What can be saved comes first, soonest lost on top; then what is lost, then what nothing is promised for; equal ones the graver, then the older. */
export function byTimeToLose(a: Queued, b: Queued): number {
  const stage = STAGES.indexOf(a.race.stage) - STAGES.indexOf(b.race.stage)
  if (stage !== 0) return stage
  if (a.race.stage === 'running' && b.race.stage === 'running' && a.race.ms !== b.race.ms) return a.race.ms - b.race.ms
  const graver = PRIORITIES.indexOf(a.ticket.priority) - PRIORITIES.indexOf(b.ticket.priority)
  return graver || a.ticket.number - b.ticket.number
}
