import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from './instant.ts'
import type { LogEntry, SlaTimer, TicketClass } from './ticket.ts'

/** One version of the 5341 promise. A round of a ticket keeps the version it began with. */
export interface SlaPolicy {
  version: string
  arriveMs: number
  arriveWarningMs: number
  /** Ordinary and complex: until the fix; major: until the solution plan. */
  solveMs: Readonly<Record<TicketClass, number>>
  /** Share of the solve promise after which to warn. */
  solveWarningShare: number
  /** What a ticket nobody has classed yet is held to. */
  unclassed: TicketClass
}

/** The promise as the programme published it: the version that new rounds begin with. */
export const POLICY_5341: SlaPolicy = {
  version: '5341-2023',
  arriveMs: 5 * MINUTE_MS,
  // Two minutes before the breach: the last moment at which an e-bike next door can still make it.
  arriveWarningMs: 180 * SECOND_MS,
  solveMs: { ordinary: 30 * MINUTE_MS, complex: 4 * HOUR_MS, major: DAY_MS },
  solveWarningShare: 0.8,
  unclassed: 'ordinary',
}

/** Every version a log may name; an old one is never changed or removed. */
const POLICIES: readonly SlaPolicy[] = [POLICY_5341]

export type PolicyOf = (version: string) => SlaPolicy
export const policyOf: PolicyOf = (version) => POLICIES.find((policy) => policy.version === version) ?? POLICY_5341

/** What the fold needs of a log row; a row not yet numbered will do. */
export type ClockEntry = Pick<LogEntry, 'kind' | 'at' | 'class' | 'policyVersion' | 'detail'>

export interface Clocks {
  policyVersion: string
  round: number
  startedAt: Instant
  /** Null once the clock has stopped (and for history and bookings, which have none). */
  arriveDueAt: Instant | null
  arriveStoppedAt: Instant | null
  arriveBreached: boolean
  solveKind: 'fix' | 'plan'
  /** Null while paused and once stopped. */
  solveDueAt: Instant | null
  solveStoppedAt: Instant | null
  solveBreached: boolean
  solveAllowedMs: number
  pausedAt: Instant | null
  /** Ended pauses of the round that held the solve clock. */
  pausedMs: number
  nextTimer: SlaTimer | null
  nextTimerAt: Instant | null
}

interface Pause {
  from: Instant
  to: Instant | null
}

/** One round of a ticket as its rows tell it. */
interface Round {
  number: number
  policy: SlaPolicy
  startedAt: Instant
  class: TicketClass | null
  /** False for imported history and bookings: nothing was promised, so nothing is timed. */
  promised: boolean
  extendedMs: number
  pauses: Pause[]
  arrivedAt: Instant | null
  planAt: Instant | null
  resolvedAt: Instant | null
  endedAt: Instant | null
  /** Timers that have fired for the promise as it stands. */
  fired: ReadonlySet<SlaTimer>
  /** When the solve promise last changed its length: a timer set in hindsight is due from then. */
  solveSetAt: Instant
  /** The moment a promise was broken that was extended only afterwards: an extension mends nothing. */
  lostAt: Instant | null
}

/**
 * SL1: the clocks are a pure function of the log, so what the columns hold can be recomputed at any time. Null before a
 * ticket has been reported.
 */
export function clocks(log: readonly ClockEntry[], policies: PolicyOf = policyOf): Clocks | null {
  let round: Round | null = null
  for (const entry of log) round = after(round, entry, policies)
  return round && read(round)
}

function after(round: Round | null, entry: ClockEntry, policies: PolicyOf): Round | null {
  if (entry.kind === 'report') return begun(1, entry, entry.class, policies)
  if (!round) return null
  const { at } = entry
  switch (entry.kind) {
    case 'reopen':
      return begun(round.number + 1, entry, round.class, policies)
    case 'triage':
    case 'reclassify':
      return reclassed(round, entry)
    case 'extend':
      return extended(round, at, Number(entry.detail?.byMs ?? 0))
    case 'suspend':
      return { ...round, pauses: [...round.pauses, { from: at, to: null }] }
    case 'resume':
      return { ...round, pauses: round.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause)) }
    case 'arrive':
      return { ...round, arrivedAt: round.arrivedAt ?? at }
    case 'submitPlan':
      return { ...round, planAt: round.planAt ?? at }
    case 'resolve':
      return { ...round, resolvedAt: round.resolvedAt ?? at }
    case 'cancel':
    case 'notAdmit':
    case 'merge':
      return { ...round, endedAt: round.endedAt ?? at }
    case 'arriveWarning':
    case 'arriveBreach':
    case 'solveWarning':
    case 'solveBreach':
      return { ...round, fired: new Set([...round.fired, entry.kind]) }
    default:
      return round
  }
}

const begun = (number: number, entry: ClockEntry, known: TicketClass | null, policies: PolicyOf): Round => ({
  number,
  policy: policies(entry.policyVersion),
  startedAt: entry.at,
  class: known,
  promised: entry.detail?.promised !== false,
  extendedMs: 0,
  pauses: [],
  arrivedAt: null,
  planAt: null,
  resolvedAt: null,
  endedAt: null,
  fired: new Set(),
  solveSetAt: entry.at,
  lostAt: null,
})

/** SL5: another class changes only how long the promise is; what has elapsed and what was paused stay as they are. */
function reclassed(round: Round, entry: ClockEntry): Round {
  const promised = typeof entry.detail?.promised === 'boolean' ? entry.detail.promised : round.promised
  const changed: Round = { ...round, class: entry.class, promised, lostAt: null }
  if (allowedMs(changed) === allowedMs(round)) return { ...changed, lostAt: round.lostAt }
  return rearmed({ ...changed, solveSetAt: entry.at }, entry.at)
}

/** SL6: an extension adds to the promise; a promise already broken stays broken. */
function extended(round: Round, at: Instant, byMs: number): Round {
  const isLost = elapsedMs(round, at) > allowedMs(round)
  const lostAt = round.lostAt ?? (isLost ? reachedAt(round, allowedMs(round)) : null)
  const longer: Round = { ...round, extendedMs: round.extendedMs + byMs, solveSetAt: at, lostAt }
  return lostAt === null ? rearmed(longer, at) : longer
}

/** A warning or breach that fired for a shorter promise may fire once more for the longer one. */
function rearmed(round: Round, at: Instant): Round {
  const elapsed = elapsedMs(round, at)
  const fired = new Set(round.fired)
  if (elapsed < warningMs(round)) fired.delete('solveWarning')
  if (elapsed < allowedMs(round)) fired.delete('solveBreach')
  return { ...round, fired }
}

const classOf = (round: Round): TicketClass => round.class ?? round.policy.unclassed
const allowedMs = (round: Round): number => round.policy.solveMs[classOf(round)] + round.extendedMs
const warningMs = (round: Round): number => Math.round(allowedMs(round) * round.policy.solveWarningShare)

const earliest = (...moments: (Instant | null)[]): Instant | null => {
  const known = moments.filter((moment) => moment !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** A major case's clock stops with its plan, any other's with the fix; a fix is more than a plan. */
const solvedAt = (round: Round): Instant | null =>
  classOf(round) === 'major'
    ? earliest(round.planAt, round.resolvedAt, round.endedAt)
    : earliest(round.resolvedAt, round.endedAt)

/** How long the solve clock has run, its pauses left out. */
const elapsedMs = (round: Round, until: Instant): number =>
  round.pauses.reduce(
    (ran, pause) => ran - Math.max(0, Math.min(pause.to ?? until, until) - Math.min(pause.from, until)),
    until - round.startedAt,
  )

/** SL3: the moment at which the solve clock has run for so long, its pauses left out; null = not before the open pause. */
function reachedAt(round: Round, elapsedMs: number): Instant | null {
  let moment = round.startedAt + elapsedMs
  for (const pause of round.pauses) {
    if (moment <= pause.from) return moment
    if (pause.to === null) return null
    moment += pause.to - pause.from
  }
  return moment
}

function read(round: Round): Clocks {
  const { policy, fired, startedAt, promised } = round
  const arriveStoppedAt = earliest(round.arrivedAt, round.endedAt, round.resolvedAt)
  const arriveDueAt = startedAt + policy.arriveMs
  const solveStoppedAt = solvedAt(round)
  const solveDueAt = reachedAt(round, allowedMs(round))
  const open = round.pauses.find((pause) => pause.to === null)
  const pausedAt = open && solveStoppedAt === null ? open.from : null
  const next = promised ? nextTimer(round, arriveStoppedAt, solveStoppedAt) : null
  // SL11: a stop before the due moment was in time, whatever was told while nobody knew of it.
  const isLost = (timer: SlaTimer, dueAt: Instant | null, stoppedAt: Instant | null) =>
    stoppedAt === null || dueAt === null || stoppedAt === dueAt ? fired.has(timer) : stoppedAt > dueAt
  return {
    policyVersion: policy.version,
    round: round.number,
    startedAt,
    arriveDueAt: promised && arriveStoppedAt === null ? arriveDueAt : null,
    arriveStoppedAt,
    arriveBreached: promised && isLost('arriveBreach', arriveDueAt, arriveStoppedAt),
    solveKind: classOf(round) === 'major' ? 'plan' : 'fix',
    solveDueAt: promised && solveStoppedAt === null && pausedAt === null ? solveDueAt : null,
    solveStoppedAt,
    solveBreached: promised && (round.lostAt !== null || isLost('solveBreach', solveDueAt, solveStoppedAt)),
    solveAllowedMs: allowedMs(round),
    pausedAt: promised ? pausedAt : null,
    pausedMs: round.pauses.reduce((sum, pause) => sum + (pause.to === null ? 0 : pause.to - pause.from), 0),
    nextTimer: next?.timer ?? null,
    nextTimerAt: next?.at ?? null,
  }
}

interface Due {
  timer: SlaTimer
  at: Instant
}

/**
 * SL8: the earliest timer that has not fired. A warning is pointless once its clock has stopped; a breach that happened
 * before the clock stopped is still told, once, however late.
 */
function nextTimer(round: Round, arriveStoppedAt: Instant | null, solveStoppedAt: Instant | null): Due | null {
  const { policy, startedAt, fired, solveSetAt } = round
  const timers: Due[] = []
  const add = (timer: SlaTimer, at: Instant | null, stoppedAt: Instant | null) => {
    if (fired.has(timer) || at === null) return
    const isWarning = timer === 'arriveWarning' || timer === 'solveWarning'
    if (stoppedAt === null || (!isWarning && at < stoppedAt)) timers.push({ timer, at })
  }
  add('arriveWarning', startedAt + policy.arriveWarningMs, arriveStoppedAt)
  add('arriveBreach', startedAt + policy.arriveMs, arriveStoppedAt)
  const set = (moment: Instant | null) => (moment === null ? null : Math.max(moment, solveSetAt))
  add('solveWarning', set(reachedAt(round, warningMs(round))), solveStoppedAt)
  add('solveBreach', round.lostAt ?? set(reachedAt(round, allowedMs(round))), solveStoppedAt)
  return timers.reduce<Due | null>((first, due) => (first === null || due.at < first.at ? due : first), null)
}
