import type { DispatchStatus } from './dispatch.ts'
import type { Freshness } from './freshness.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from './instant.ts'
import type { Ticket } from './ticket.ts'
import type { DutyState, Unit } from './units.ts'

/** Every reason a candidate may show, worst first; that is the order in which they are listed. */
export const RANK_REASONS = [
  'offDuty',
  'offeredAlready',
  'onThisTicket',
  'skillMissing',
  'busy',
  'declinedBefore',
  'expiredBefore',
  'returnedBefore',
  'offeredElsewhere',
  'ghostAtPost',
  'staleSince',
  'byPhone',
  'arrivesLate',
  'arrivesInTime',
  'offerOnly',
  'emergencyProvider',
  'skillMatched',
  'lostBefore',
  'eta',
  'distance',
] as const
export type RankReasonCode = (typeof RANK_REASONS)[number]

export interface RankReason {
  code: RankReasonCode
  /** A skill, milliseconds, metres, a moment or a count, as the code says; null when the code says it all. */
  value: string | number | null
}

export const RANK_BARS = ['offDuty', 'offeredAlready', 'onThisTicket'] as const
export type RankBar = (typeof RANK_BARS)[number]

/** Why a unit stands where it stands in the ranking; each reason is shown beside the unit. */
export interface Candidate {
  unit: Unit
  /** 1 is the best. */
  rank: number
  etaMs: number | null
  distanceM: number | null
  /** page: an offer reaches the phone; phone: the dispatcher must call. */
  via: 'page' | 'phone'
  freshness: Freshness
  /** A code with a figure each, e.g. {code: 'skillMissing', value: 'unlocking'}; what speaks against the unit first. */
  reasons: RankReason[]
  /** Set when the unit cannot be offered the ticket at all. */
  barred: RankBar | null
}

/** A unit as the ranking sees it. */
export interface Contender {
  unit: Unit
  /** A ghost (and one off duty without a fix) is taken to be at its post. */
  freshness: Freshness
  /** When the fix it is ranked by arrived; null without one. */
  seenAt: Instant | null
  distanceM: number
  etaMs: number
  isReachable: boolean
  /** Tasks it is on now, this ticket's not counted. */
  openTasks: number
  /** Offers of other tickets that it has not answered. */
  openOffers: number
  /** Its last dispatch of this ticket's present round. */
  before: DispatchStatus | null
  /** Its firm is the emergency provider of the ticket's community. */
  isServing: boolean
}

/** What a drawback is worth in lost minutes: the ranking is by the moment somebody able is likely to stand there. */
export const DRAWBACK_MS = {
  /** Finding out whether it is where it was. */
  stale: MINUTE_MS,
  /** Nobody has seen it today; it may not answer at all. */
  ghost: 2 * MINUTE_MS,
  /** A call takes longer than a tap. */
  byPhone: 40 * SECOND_MS,
  /** What it is on must end first: half of an ordinary promise, for each task. */
  busy: 15 * MINUTE_MS,
  offeredElsewhere: 30 * SECOND_MS,
  /** Has said no, or nothing, to this very ticket. */
  saidNo: 10 * MINUTE_MS,
} as const

/**
 * RK3, RK11: first those that may be offered at all, then by missing skills, then the emergency provider's own, then by ETA and drawbacks together.
 * RK4: equal ones by distance, then by the unit's number and id, so that the same question has the same answer.
 */
export function rank(ticket: Ticket, contenders: readonly Contender[], now: Instant): Candidate[] {
  return inOrder(ticket, contenders).map((contender, index) => ({
    unit: contender.unit,
    rank: index + 1,
    etaMs: contender.etaMs,
    distanceM: Math.round(contender.distanceM),
    via: contender.isReachable ? 'page' : 'phone',
    freshness: contender.freshness,
    reasons: reasonsOf(ticket, contender, now),
    barred: barOf(contender),
  }))
}

/** RK10: the best `most` of those that may be offered, and every barred one: what is worth routing and explaining. */
export function shortlist(ticket: Ticket, contenders: readonly Contender[], most: number): Contender[] {
  const ordered = inOrder(ticket, contenders)
  const isBarred = (contender: Contender) => barOf(contender) !== null
  return [...ordered.filter((one) => !isBarred(one)).slice(0, most), ...ordered.filter(isBarred)]
}

interface Weighed {
  contender: Contender
  isBarred: boolean
  missing: number
  serves: boolean
  costMs: number
}

const inOrder = (ticket: Ticket, contenders: readonly Contender[]): Contender[] =>
  contenders
    .map((contender) => weigh(ticket, contender))
    .sort(compare)
    .map(({ contender }) => contender)

function compare(a: Weighed, b: Weighed): number {
  const [one, other] = [a.contender, b.contender]
  return (
    Number(a.isBarred) - Number(b.isBarred) ||
    a.missing - b.missing ||
    Number(b.serves) - Number(a.serves) ||
    a.costMs - b.costMs ||
    one.distanceM - other.distanceM ||
    one.unit.index - other.unit.index ||
    (one.unit.id < other.unit.id ? -1 : Number(one.unit.id > other.unit.id))
  )
}

function weigh(ticket: Ticket, contender: Contender): Weighed {
  const missing = ticket.neededSkills.filter((skill) => !contender.unit.skills.includes(skill)).length
  return {
    contender,
    isBarred: barOf(contender) !== null,
    // RK5: where life is in danger the nearest person goes, to guide and to cordon; the skilled come from 119, 120, 110.
    missing: ticket.priority === 'P0' ? 0 : missing,
    // RK11: whoever is engaged for the community answers for its promise, save where the nearest person goes.
    serves: contender.isServing && ticket.priority !== 'P0',
    costMs: contender.etaMs + drawbacksMs(contender),
  }
}

/** RK6: what keeps a unit from being offered: off duty, asked already, or on this very ticket. */
function barOf({ unit, before }: Contender): RankBar | null {
  if (before === 'accepted' || before === 'en_route' || before === 'on_site') return 'onThisTicket'
  if (before === 'offered') return 'offeredAlready'
  return unit.duty === 'offDuty' ? 'offDuty' : null
}

const saidNo = (before: DispatchStatus | null) => before === 'declined' || before === 'expired' || before === 'returned'

/** A unit may be busy by its own word, without a task that we know of. */
const tasksOf = (duty: DutyState, openTasks: number) => Math.max(openTasks, duty === 'busy' ? 1 : 0)

function drawbacksMs(contender: Contender): number {
  const { unit, freshness, openTasks, openOffers, before, isReachable } = contender
  let sum = tasksOf(unit.duty, openTasks) * DRAWBACK_MS.busy + openOffers * DRAWBACK_MS.offeredElsewhere
  if (freshness === 'stale') sum += DRAWBACK_MS.stale
  if (freshness === 'ghost' || freshness === 'absent') sum += DRAWBACK_MS.ghost
  if (!isReachable) sum += DRAWBACK_MS.byPhone
  if (saidNo(before)) sum += DRAWBACK_MS.saidNo
  return sum
}

/** RK7: every drawback that was weighed is named, and RK8: whether the five minutes can still be kept. */
function reasonsOf(ticket: Ticket, contender: Contender, now: Instant): RankReason[] {
  const { unit, etaMs, distanceM, freshness, before } = contender
  const reasons: RankReason[] = []
  const say = (code: RankReasonCode, value: string | number | null = null) => reasons.push({ code, value })
  const bar = barOf(contender)
  const tasks = tasksOf(unit.duty, contender.openTasks)
  if (bar) say(bar)
  if (tasks > 0) say('busy', tasks)
  if (before === 'declined') say('declinedBefore')
  if (before === 'expired') say('expiredBefore')
  if (before === 'returned') say('returnedBefore')
  if (before === 'lost') say('lostBefore')
  if (contender.openOffers > 0) say('offeredElsewhere', contender.openOffers)
  if (freshness === 'ghost') say('ghostAtPost')
  if (freshness === 'stale') say('staleSince', contender.seenAt)
  if (!contender.isReachable) say('byPhone')
  // A volunteer is asked and may say no; nobody may be ordered to volunteer (志愿服务条例 25).
  if (unit.kind === 'volunteer') say('offerOnly')
  if (contender.isServing) say('emergencyProvider')
  for (const skill of ticket.neededSkills) say(unit.skills.includes(skill) ? 'skillMatched' : 'skillMissing', skill)
  if (ticket.arriveDueAt !== null) {
    const spareMs = ticket.arriveDueAt - now - etaMs
    say(spareMs < 0 ? 'arrivesLate' : 'arrivesInTime', Math.abs(spareMs))
  }
  say('eta', etaMs)
  say('distance', Math.round(distanceM))
  return reasons.sort((a, b) => RANK_REASONS.indexOf(a.code) - RANK_REASONS.indexOf(b.code))
}
