import type { Instant } from '#domain/instant.ts'
import type { ErrorCode } from '#wire/codes.ts'

/**
 * Actions of the field page on their way to the server. Pure: what may be sent next, and what an answer does to the rest.
 * Actions of one line (a dispatch, a unit) go in order. A refused step takes those behind it along, because "arrived"
 * means nothing once "accept" was refused; what concerns the unit itself (duty, consent) stands for itself.
 */

export const VERBS = [
  'accept',
  'decline',
  'depart',
  'arrive',
  'plan',
  'resolve',
  'return',
  'duty',
  'consent',
  'withdraw',
] as const
export type Verb = (typeof VERBS)[number]

export interface Queued {
  /** Idempotency key: made once with the tap, the same in every try. */
  key: string
  verb: Verb
  /** Dispatch or unit the action is about: its line. */
  line: string
  /** Ticket of the dispatch; null for a unit's own actions. */
  ticketId: string | null
  at: Instant
  body: Record<string, unknown>
  photo: Blob | null
  tries: number
}

/** Why an answer will not change by asking again. */
export interface Refusal {
  key: string
  verb: Verb
  line: string
  ticketId: string | null
  code: ErrorCode
  at: Instant
}

/** `rest`: the first part (a photo) is through and must not be sent again; what is left has the same key. */
export type Outcome =
  | { ok: true; rest?: Queued }
  | { ok: false; refused: ErrorCode }
  | { ok: false; retry: 'unreachable' | 'busy' | 'signIn'; afterMs: number | null }

/** What an action waits for: the steps of its task before it, or what was said before on the same matter. */
const matterOf = ({ line, verb }: Queued): string => {
  if (verb === 'duty') return `${line} duty`
  return verb === 'consent' || verb === 'withdraw' ? `${line} consent` : line
}

/** Only the first on a matter may go. */
const headsOf = (queue: readonly Queued[]): Queued[] =>
  queue.filter((entry, at) => queue.findIndex((other) => matterOf(other) === matterOf(entry)) === at)

/**
 * What is sent next, one at a time: the head that failed least (so one that the server chokes on does not hold up the
 * others), a withdrawn consent before anything else, then the oldest.
 */
export function nextToSend(queue: readonly Queued[]): Queued | null {
  const rank = (entry: Queued) => entry.tries * 2 + (entry.verb === 'withdraw' ? 0 : 1)
  return headsOf(queue).reduce<Queued | null>((best, entry) => (best && rank(best) <= rank(entry) ? best : entry), null)
}

/** First try again after a second, then twice as long each time, but never longer than half a minute. */
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/** `jitter` is a number in 0..1. Capped first, then scattered, or every phone leaving a tunnel would knock at once. */
export function waitMs(tries: number, jitter: number): number {
  const capped = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1))
  return Math.round(capped * (0.5 + jitter / 2))
}

/** The queue after an answer to `sent`, and the refusals a person must be told of. */
export function settle(
  queue: readonly Queued[],
  sent: Queued,
  outcome: Outcome,
  now: Instant,
): { queue: Queued[]; refusals: Refusal[] } {
  if (outcome.ok) {
    const rest = outcome.rest
    return { queue: queue.flatMap((entry) => (entry.key !== sent.key ? [entry] : rest ? [rest] : [])), refusals: [] }
  }
  if ('retry' in outcome) {
    return {
      queue: queue.map((entry) => (entry.key === sent.key ? { ...entry, tries: entry.tries + 1 } : entry)),
      refusals: [],
    }
  }
  const { key, verb, line, ticketId } = sent
  return {
    queue: queue.filter((entry) => (ticketId === null ? entry.key !== key : entry.line !== line)),
    refusals: [{ key, verb, line, ticketId, code: outcome.refused, at: now }],
  }
}

/** Steps of one line that wait, in the order they will be taken. */
export const waitingOf = (queue: readonly Queued[], line: string): Verb[] =>
  queue.filter((entry) => entry.line === line).map((entry) => entry.verb)

/** An action is put in once: a second tap on the same button finds the first one waiting. */
export const isWaiting = (queue: readonly Queued[], line: string, verb: Verb, body: Record<string, unknown>): boolean =>
  queue.some(
    (entry) => entry.line === line && entry.verb === verb && JSON.stringify(entry.body) === JSON.stringify(body),
  )
