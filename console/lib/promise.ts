import type { Instant } from '#domain/instant.ts'
import { policyOf } from '#domain/sla.ts'
import type { Ticket } from '#domain/ticket.ts'

export type Tone = 'calm' | 'caution' | 'danger'

/** One running (or paused) clock of a ticket, as it is shown: on a row, on a card, as a ring on the map. */
export interface Promised {
  kind: 'arrive' | 'fix' | 'plan'
  /** Null while paused. */
  dueAt: Instant | null
  leftMs: number | null
  /** What is left of the whole promise, 1 to 0. */
  share: number
  tone: Tone
  isPaused: boolean
}

/** Two of five minutes to come: nobody farther off than next door can still make it. */
const ARRIVE_CAUTION_MS = 120_000

type Clocked = Pick<
  Ticket,
  | 'policyVersion'
  | 'class'
  | 'arriveDueAt'
  | 'solveDueAt'
  | 'pausedAt'
  | 'onSiteAt'
  | 'arriveBreached'
  | 'solveBreached'
>

function promised(kind: Promised['kind'], dueAt: Instant, wholeMs: number, cautionMs: number, now: Instant): Promised {
  const leftMs = dueAt - now
  const tone = leftMs < 0 ? 'danger' : leftMs <= cautionMs ? 'caution' : 'calm'
  return { kind, dueAt, leftMs, share: Math.min(1, Math.max(0, leftMs / wholeMs)), tone, isPaused: false }
}

/** Every clock of the ticket that runs or is paused, the one to come first. */
export function promisesOf(ticket: Clocked, now: Instant): Promised[] {
  const policy = policyOf(ticket.policyVersion)
  const kind = ticket.class === 'major' ? 'plan' : 'fix'
  const solveMs = policy.solveMs[ticket.class ?? policy.unclassed]
  const list: Promised[] = []
  if (ticket.arriveDueAt !== null)
    list.push(promised('arrive', ticket.arriveDueAt, policy.arriveMs, ARRIVE_CAUTION_MS, now))
  if (ticket.solveDueAt !== null)
    list.push(promised(kind, ticket.solveDueAt, solveMs, solveMs * (1 - policy.solveWarningShare), now))
  else if (ticket.pausedAt !== null)
    list.push({ kind, dueAt: null, leftMs: null, share: 1, tone: 'calm', isPaused: true })
  return list
}

/** The clock that a row has room for: the arrival until somebody stands there, then the fix. */
export const nextPromise = (ticket: Clocked, now: Instant): Promised | null => promisesOf(ticket, now)[0] ?? null

/** The clock that the queue sorts by (SL9): the first that can still be kept, or the first of all when none can. */
export const racedPromise = (ticket: Clocked, now: Instant): Promised | null =>
  promisesOf(ticket, now).find(({ tone }) => tone !== 'danger') ?? nextPromise(ticket, now)
