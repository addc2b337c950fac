import type { EngagementAlarm } from './alarm.ts'
import type { Calendar } from './calendar.ts'
import type { EmergencySettings } from './emergency-settings.ts'
import type { Engagement, EngagementTimer } from './engagement.ts'
import type { Instant } from './instant.ts'
import type { EngagementStep } from './proof.ts'
import { type Refused, refused } from './refusal.ts'
import { LATE_AFTER_MS } from './ticket-timers.ts'

export interface Term {
  startsAt: Instant
  endsAt: Instant
}

/** ET1: whole months as the city counts them, and no more than its settings allow. */
export function termFor(
  startsAt: Instant,
  months: number,
  settings: EmergencySettings,
  calendar: Calendar,
): { ok: true; term: Term } | Refused<'termTooLong'> {
  if (months > settings.termMonths) return refused('termTooLong')
  return { ok: true, term: { startsAt, endsAt: calendar.plusMonths(startsAt, months) } }
}

const firstOf = (timers: readonly EngagementTimer[]): Instant | null =>
  timers.length === 0 ? null : Math.min(...timers.map(({ at }) => at))

/** The engagement with these timers; the column the engine looks for follows from them. */
export const withTimers = (engagement: Engagement, timers: readonly EngagementTimer[]): Engagement => ({
  ...engagement,
  timers: [...timers],
  nextTimerAt: firstOf(timers),
})

export const withoutTimers = (engagement: Engagement, ...kinds: EngagementTimer['kind'][]): Engagement =>
  withTimers(
    engagement,
    engagement.timers.filter(({ kind }) => !kinds.includes(kind)),
  )

/** ET6: milestones of the owners' vote, so many days before the end; one whose day is past when it begins has no date. */
export const voteSteps = (
  { id, endsAt }: Engagement,
  settings: EmergencySettings,
  calendar: Calendar,
  now: Instant,
): EngagementStep[] =>
  settings.voteMilestones.map(({ item, daysBefore }) => {
    const at = calendar.plusDays(endsAt as Instant, -daysBefore)
    return {
      engagementId: id,
      kind: 'ownersVote',
      item,
      dueAt: at > now ? at : null,
      doneAt: null,
      doneBy: null,
      note: null,
    }
  })

/** ET2: everything that time will do to an engagement that begins to serve now; an alarm whose day is past is left out. */
export function termTimers(
  engagement: Engagement,
  votes: readonly EngagementStep[],
  settings: EmergencySettings,
  calendar: Calendar,
  now: Instant,
): EngagementTimer[] {
  const endsAt = engagement.endsAt as Instant
  const alarms = [...new Set(settings.alarmDays)].map(
    (days): EngagementTimer => ({ kind: 'termAlarm', item: String(days), at: calendar.plusDays(endsAt, -days) }),
  )
  const milestones = votes.flatMap(({ item, dueAt }): EngagementTimer[] =>
    dueAt === null ? [] : [{ kind: 'voteMilestone', item, at: dueAt }],
  )
  const firstProof = calendar.atHour(calendar.plusDays(now, 1), settings.proofDueHour)
  return [
    ...alarms.filter(({ at }) => at > now),
    ...milestones,
    { kind: 'termEnd', item: null, at: endsAt },
    { kind: 'proofCheck', item: null, at: firstProof },
  ]
}

/** What a timer finds when it fires. */
export interface TimerFacts {
  calendar: Calendar
  /** Items of a day (`2026-03-04`) that nobody has proved. */
  missingOn(day: string): readonly string[]
  /** Whether that milestone of the owners' vote is done. */
  isVoted(item: string): boolean
  /** Items of the hand-over that are still open. */
  openHandOver: readonly string[]
}

export interface FiredTimer {
  timer: EngagementTimer
  /** It fired after its moment: an outage. */
  late: boolean
  /** null = its moment has come, and nobody need be told. */
  alarm: EngagementAlarm | null
  /** The first alarm of a term: the engagement is expiring from here. */
  isNearEnd: boolean
  detail: Record<string, unknown>
}

/** ET3, ET4: the earliest timer that is due, taken out (a daily check put back for the next day); null = none is due. */
export function fireNext(
  engagement: Engagement,
  facts: TimerFacts,
  now: Instant,
): { engagement: Engagement; fired: FiredTimer } | null {
  const [timer] = engagement.timers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
  if (!timer) return null
  const rest = engagement.timers.filter((one) => one !== timer)
  const again = timer.kind === 'proofCheck' ? [{ ...timer, at: facts.calendar.plusDays(timer.at, 1) }] : []
  const found = findingOf(timer, facts)
  const fired = { timer, late: now - timer.at > LATE_AFTER_MS, isNearEnd: timer.kind === 'termAlarm', ...found }
  return { engagement: withTimers(engagement, [...rest, ...again]), fired }
}

function findingOf(timer: EngagementTimer, facts: TimerFacts): Pick<FiredTimer, 'alarm' | 'detail'> {
  switch (timer.kind) {
    case 'offerExpiry':
      return { alarm: null, detail: {} }
    case 'termAlarm':
      return { alarm: 'termEnding', detail: { days: Number(timer.item) } }
    case 'termEnd':
      return { alarm: 'termOver', detail: {} }
    case 'voteMilestone': {
      const isDone = facts.isVoted(timer.item as string)
      return { alarm: isDone ? null : 'milestoneMissed', detail: { item: timer.item } }
    }
    case 'proofCheck': {
      const day = facts.calendar.dayOf(timer.at)
      const missing = facts.missingOn(day)
      return { alarm: missing.length > 0 ? 'proofMissed' : null, detail: { day, missing } }
    }
    case 'handOverEnd':
      return { alarm: 'handOverOverdue', detail: { open: facts.openHandOver } }
  }
}
