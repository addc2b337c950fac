import type { EngagementAlarm } from './alarm.ts'
import type { Calendar } from './calendar.ts'
import type { CommunityCase } from './community.ts'
import { type Risk, type RiskFacts, riskOf } from './community-risk.ts'
import { type CommunityEvent, type CommunityStatus, NEXT_COMMUNITY, UNCOVERED } from './community-status.ts'
import { COUNTED_MS, waitsForRefuse } from './coverage.ts'
import type { EmergencySettings } from './emergency-settings.ts'
import { HOUR_MS, type Instant } from './instant.ts'
import { type Refused, refused } from './refusal.ts'
import type { Actor } from './ticket.ts'

export interface CommunityStep {
  event: CommunityEvent
  actor: Actor
  reason: string | null
  /** Of `cover`: the emergency provider; of `hire`: the owners' firm. */
  firmId?: string | null
  engagementId?: string | null
  /** Of `declare` and `abandon`: since when nobody serves it; now, when left out. */
  since?: Instant | undefined
  /** Who looked after it until now. */
  keeperFirmId?: string | null
}

type Stepped = { ok: true; case: CommunityCase } | Refused<'wrongStage' | 'badRequest'>

/** EC1, EC2: the community in the status the table names, with the moments and the names that go with it. */
export function stepCommunity(before: CommunityCase, step: CommunityStep, now: Instant): Stepped {
  const status = NEXT_COMMUNITY[before.status][step.event]
  if (status === null) return refused('wrongStage')
  if (!isDatable(before, step.since ?? now, now)) return refused('badRequest')
  const moved = status === before.status ? before : { ...before, status, statusSince: now }
  return { ok: true, case: { ...moved, ...particulars(before, step, now), updatedAt: now } }
}

/** EC2: an episode lies wholly after the one before it, not in the future, and not before everything that is counted. */
const isDatable = ({ coveredAt }: CommunityCase, since: Instant, now: Instant): boolean =>
  since <= now && since >= now - COUNTED_MS && (coveredAt === null || since >= coveredAt)

function particulars(before: CommunityCase, step: CommunityStep, now: Instant): Partial<CommunityCase> {
  const { event, actor, reason, firmId = null, engagementId = null, since = now, keeperFirmId = null } = step
  const declared = { declaredAt: now, declaredBy: actor, reason }
  const nobody = { providerFirmId: null, engagementId: null }
  const uncovered = {
    episode: before.episode + 1,
    unmanagedAt: since,
    firstRefuseAt: null,
    coveredAt: null,
    alarmed: [],
  }
  switch (event) {
    case 'warn':
      return declared
    case 'declare':
      return { ...declared, ...nobody, ...uncovered, formerFirmId: keeperFirmId, riskReasons: [] }
    case 'abandon':
      return { ...declared, ...nobody, ...uncovered, formerFirmId: before.providerFirmId }
    case 'cover':
      return { providerFirmId: firmId, engagementId, coveredAt: before.coveredAt ?? now }
    case 'hire':
    case 'selfManage':
      return { ...nobody, ...settled(before, now), riskReasons: [], alarmed: [] }
    case 'calm':
    case 'select':
    case 'unselect':
    case 'handOver':
      return {}
  }
}

/** A community without a provider is covered by whoever takes over; one that never was uncovered keeps no clock. */
const settled = (before: CommunityCase, now: Instant): Partial<CommunityCase> =>
  UNCOVERED.includes(before.status) ? { coveredAt: now } : {}

/** Who looks after the community after the step: undefined = as before. */
export function keeperAfter({ event, firmId = null }: CommunityStep): string | null | undefined {
  if (event === 'cover' || event === 'hire') return firmId
  return event === 'declare' || event === 'abandon' || event === 'selfManage' ? null : undefined
}

export interface Reckoned {
  case: CommunityCase
  /** What the dates make of its status. */
  event: 'warn' | 'calm' | null
  alarms: EngagementAlarm[]
}

/** EC5: what a community's dates say at a moment: its risk while it has a firm, and the alarms that are due, each once. */
export function reckonCommunity(
  before: CommunityCase,
  facts: RiskFacts,
  { settings, calendar }: { settings: EmergencySettings; calendar: Calendar },
  now: Instant,
): Reckoned {
  const risk = watchesRisk(before.status) ? riskOf(facts, settings, calendar, now) : NO_RISK
  // What an officer has said stands until an officer says otherwise.
  const declared = before.riskReasons.filter((reason) => reason === 'declared')
  const riskReasons = watchesRisk(before.status) ? [...risk.reasons, ...declared] : before.riskReasons
  const due = momentsOf(before, settings, calendar)
  const alarms = due.filter(({ at, kind }) => at <= now && !before.alarmed.includes(kind)).map(({ kind }) => kind)
  const ahead = due.filter(({ at }) => at > now).map(({ at }) => at)
  if (risk.nextAt !== null) ahead.push(risk.nextAt)
  const dueAt = ahead.length > 0 ? Math.min(...ahead) : null
  const event = eventOf(before.status, riskReasons.length > 0)
  return { case: { ...before, riskReasons, alarmed: [...before.alarmed, ...alarms], dueAt }, event, alarms }
}

const NO_RISK: Risk = { reasons: [], nextAt: null }

const watchesRisk = (status: CommunityStatus) => status === 'managed' || status === 'at_risk'

function eventOf(status: CommunityStatus, isAtRisk: boolean): 'warn' | 'calm' | null {
  if (status === 'managed') return isAtRisk ? 'warn' : null
  return status === 'at_risk' && !isAtRisk ? 'calm' : null
}

/** Alarms that time alone brings about. */
function momentsOf(
  { status, unmanagedAt, firstRefuseAt, needs }: CommunityCase,
  settings: EmergencySettings,
  calendar: Calendar,
): { kind: EngagementAlarm; at: Instant }[] {
  const moments: { kind: EngagementAlarm; at: Instant }[] = []
  if (unmanagedAt !== null && waitsForRefuse({ status, unmanagedAt, firstRefuseAt }))
    moments.push({ kind: 'refuseUncollected', at: unmanagedAt + settings.refuseHours * HOUR_MS })
  if (status !== 'self_managed' && needs.lifts > 0 && needs.liftMaintenanceUntil !== null)
    moments.push({
      kind: 'liftMaintenanceEnding',
      at: calendar.plusDays(needs.liftMaintenanceUntil, -settings.liftMaintenanceDays),
    })
  return moments
}

/** EC5: whether an alarm about a community has become pointless: what it asks for has been done. */
export function isAlarmSettled(kind: EngagementAlarm, { status, firstRefuseAt }: CommunityCase): boolean {
  if (kind === 'communityAtRisk') return status !== 'at_risk'
  if (kind === 'communityUnmanaged') return !UNCOVERED.includes(status)
  if (kind === 'refuseUncollected') return firstRefuseAt !== null || status === 'managed' || status === 'self_managed'
  return false
}

/** EC6: the first collection of an episode is told once, and not before the community was unmanaged. */
export function collectRefuse(
  before: CommunityCase,
  at: Instant,
  now: Instant,
): { ok: true; case: CommunityCase } | Refused<'wrongStage' | 'badRequest'> {
  if (before.unmanagedAt === null || before.firstRefuseAt !== null) return refused('wrongStage')
  if (at < before.unmanagedAt || at > now) return refused('badRequest')
  return { ok: true, case: { ...before, firstRefuseAt: at, updatedAt: now } }
}
