import type { Calendar } from './calendar.ts'
import type { CommunityContract, ContractNotice, NoticeKind, RiskReason } from './community.ts'
import type { EmergencySettings } from './emergency-settings.ts'
import type { Instant } from './instant.ts'

/** What a community's risk is reckoned from. */
export interface RiskFacts {
  /** The one that stands. */
  contract: CommunityContract | null
  /** Of that contract. */
  notices: readonly ContractNotice[]
}

export interface Risk {
  reasons: RiskReason[]
  /** When time alone will change them; null = never. */
  nextAt: Instant | null
}

interface Span {
  reason: RiskReason
  from: Instant
  /** null = until somebody does something about it. */
  to: Instant | null
}

/** EC3: which reasons hold at a moment: each is a span of time that contract, notices and settings give. */
export function riskOf(facts: RiskFacts, settings: EmergencySettings, calendar: Calendar, now: Instant): Risk {
  const spans = spansOf(facts, settings, calendar)
  const holds = spans.filter(({ from, to }) => from <= now && (to === null || now < to))
  const ahead = spans.flatMap(({ from, to }) => [from, ...(to === null ? [] : [to])]).filter((at) => at > now)
  return {
    reasons: [...new Set(holds.map(({ reason }) => reason))],
    nextAt: ahead.length > 0 ? Math.min(...ahead) : null,
  }
}

function spansOf({ contract, notices }: RiskFacts, settings: EmergencySettings, calendar: Calendar): Span[] {
  if (!contract) return []
  const standing = notices.filter(({ withdrawnAt }) => withdrawnAt === null)
  const endsAt = endOf(contract, standing)
  const spans: Span[] = standing.map(({ kind, givenAt }) => ({ reason: kind, from: givenAt, to: null }))
  if (endsAt !== null) spans.push({ reason: 'contractOver', from: endsAt, to: null })
  if (contract.endsAt !== null && contract.ownersDecidedAt === null) {
    const to = contract.endsAt
    spans.push(
      { reason: 'decisionDue', from: calendar.plusMonths(to, -settings.ownersDecisionMonths), to },
      { reason: 'contractEnding', from: calendar.plusDays(to, -settings.firmNoticeDays), to },
    )
  }
  return spans
}

/** EC4: a contract ends with its term or with the first notice that takes effect, whichever comes first; null = it does not. */
export function endOf(
  contract: Pick<CommunityContract, 'endsAt'>,
  standing: readonly ContractNotice[],
): Instant | null {
  const ends = [contract.endsAt, ...standing.map(({ effectiveAt }) => effectiveAt)].filter((at) => at !== null)
  return ends.length > 0 ? Math.min(...ends) : null
}

/**
 * EC4: when a notice takes effect. Owners dismiss, and either side ends an open-ended contract, after the owners' notice; a firm
 * that will not renew serves out its term, and a firm that says so too late serves out its notice.
 */
export function noticeEffectiveAt(
  kind: NoticeKind,
  givenAt: Instant,
  contract: Pick<CommunityContract, 'endsAt'>,
  settings: EmergencySettings,
  calendar: Calendar,
): Instant {
  if (kind === 'ownersNotice' || contract.endsAt === null) return calendar.plusDays(givenAt, settings.ownersNoticeDays)
  return Math.max(contract.endsAt, calendar.plusDays(givenAt, settings.firmNoticeDays))
}
