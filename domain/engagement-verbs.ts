import type { Calendar } from './calendar.ts'
import type { EmergencySettings } from './emergency-settings.ts'
import type { EndReason, Engagement } from './engagement.ts'
import { type EngagementEvent, NEXT_ENGAGEMENT } from './engagement-states.ts'
import { HOUR_MS, type Instant } from './instant.ts'
import type { EngagementStep } from './proof.ts'
import { type Refused, refused } from './refusal.ts'
import { termFor, termTimers, withoutTimers, withTimers } from './terms.ts'
import type { Actor } from './ticket.ts'
import { isBlank } from './ticket-step.ts'

type Stepped = { ok: true; engagement: Engagement } | Refused<'wrongStage'>
type Decided<Why extends string = never> = { ok: true; engagement: Engagement } | Refused<'wrongStage' | Why>

/** EG1: the engagement in the status the table names for the event, or the table's refusal. */
export function step(engagement: Engagement, event: EngagementEvent, now: Instant): Stepped {
  const status = NEXT_ENGAGEMENT[engagement.status][event]
  return status ? { ok: true, engagement: { ...engagement, status, updatedAt: now } } : refused('wrongStage')
}

function stepWith(
  engagement: Engagement,
  event: EngagementEvent,
  now: Instant,
  changes: (after: Engagement) => Engagement,
): Stepped {
  const next = step(engagement, event, now)
  return next.ok ? { ok: true, engagement: changes(next.engagement) } : next
}

/** EG2: the provider has so many hours, and no more. */
export const offer = (engagement: Engagement, hours: number, now: Instant): Stepped =>
  stepWith(engagement, 'offer', now, (after) => {
    const at = now + hours * HOUR_MS
    return withTimers({ ...after, offeredAt: now, offerExpiresAt: at }, [{ kind: 'offerExpiry', item: null, at }])
  })

const isOver = ({ offerExpiresAt }: Engagement, now: Instant) => offerExpiresAt !== null && now >= offerExpiresAt

/** EG2: a yes after the deadline is none, even before the engine has noticed. */
export function accept(engagement: Engagement, actor: Actor, now: Instant): Decided<'offerExpired'> {
  const next = stepWith(engagement, 'accept', now, (after) =>
    withTimers({ ...after, answeredAt: now, answeredBy: actor }, []),
  )
  return next.ok && isOver(engagement, now) ? refused('offerExpired') : next
}

export function decline(
  engagement: Engagement,
  reason: string,
  actor: Actor,
  now: Instant,
): Decided<'offerExpired' | 'missingReason'> {
  const next = stepWith(engagement, 'decline', now, (after) =>
    withTimers({ ...after, answeredAt: now, answeredBy: actor, declineReason: reason }, []),
  )
  if (!next.ok) return next
  if (isOver(engagement, now)) return refused('offerExpired')
  return isBlank(reason) ? refused('missingReason') : next
}

export const expire = (engagement: Engagement, now: Instant): Decided<'tooEarly'> => {
  const next = stepWith(engagement, 'expire', now, (after) => withTimers(after, []))
  return next.ok && !isOver(engagement, now) ? refused('tooEarly') : next
}

export interface ContractTerms {
  startsAt: Instant
  months: number
  /** Yuan a square metre a month. */
  fee: number
}

/** ET1, EG3: what was agreed; it begins on the day of the yes or later. */
export function contract(
  engagement: Engagement,
  { startsAt, months, fee }: ContractTerms,
  settings: EmergencySettings,
  calendar: Calendar,
  now: Instant,
): Decided<'termTooLong' | 'datesCrossed'> {
  const termed = termFor(startsAt, months, settings, calendar)
  const next = stepWith(engagement, 'contract', now, (after) => ({ ...after, contractedAt: now, fee }))
  if (!next.ok || !termed.ok) return next.ok ? (termed as Refused<'termTooLong'>) : next
  if (startsAt < calendar.startOfDay(engagement.answeredAt ?? now)) return refused('datesCrossed')
  return { ok: true, engagement: { ...next.engagement, ...termed.term } }
}

export const publicise = (engagement: Engagement, now: Instant): Stepped =>
  stepWith(engagement, 'publicise', now, (after) => ({ ...after, publicisedAt: now }))

/** EG3, EG4: it serves from now on. Not unpublicised, and not before the day that was publicised. */
export function activate(
  engagement: Engagement,
  votes: readonly EngagementStep[],
  settings: EmergencySettings,
  calendar: Calendar,
  now: Instant,
): Decided<'notPublicised' | 'tooEarly'> {
  if (engagement.status === 'contracted') return refused('notPublicised')
  const next = stepWith(engagement, 'activate', now, (after) =>
    withTimers({ ...after, activeAt: now }, termTimers(after, votes, settings, calendar, now)),
  )
  return next.ok && engagement.startsAt !== null && now < engagement.startsAt ? refused('tooEarly') : next
}

/** ET5: a hand-over has its own deadline, and the daily proofs go on: the firm is bound until somebody takes over. */
export function startHandOver(
  engagement: Engagement,
  reason: string,
  { days, calendar }: { days: number; calendar: Calendar },
  now: Instant,
): Decided<'missingReason'> {
  const dueAt = calendar.plusDays(now, days)
  const next = stepWith(engagement, 'handOver', now, (after) => {
    const { timers } = withoutTimers(after, 'termAlarm', 'voteMilestone')
    const dated = { ...after, handOverStartedAt: now, handOverDueAt: dueAt }
    return withTimers(dated, [...timers, { kind: 'handOverEnd', item: null, at: dueAt }])
  })
  return next.ok && isBlank(reason) ? refused('missingReason') : next
}

/** ET5: with items of the hand-over still open, somebody says why it ends all the same. */
export function takeOver(
  engagement: Engagement,
  { outcome, openItems, reason }: { outcome: EndReason; openItems: number; reason: string | null },
  now: Instant,
): Decided<'missingReason'> {
  const next = ended(engagement, 'takeOver', outcome, now)
  return next.ok && openItems > 0 && isBlank(reason) ? refused('missingReason') : next
}

/** EG5: it ends at once, with a reason: the provider has left, an officer ends it, or it is taken back before it began. */
export function cut(
  engagement: Engagement,
  event: 'abandon' | 'terminate' | 'withdraw',
  reason: string,
  now: Instant,
): Decided<'missingReason'> {
  const outcome = { abandon: 'abandoned', terminate: 'terminated', withdraw: 'withdrawn' } as const
  const next = ended(engagement, event, outcome[event], now)
  return next.ok && isBlank(reason) ? refused('missingReason') : next
}

const ended = (engagement: Engagement, event: EngagementEvent, endReason: EndReason, now: Instant): Stepped =>
  stepWith(engagement, event, now, (after) => withTimers({ ...after, endedAt: now, endReason }, []))
