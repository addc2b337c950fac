import type { Calendar } from '#domain/calendar.ts'
import type { CommunityCase, CommunityContract, ContractNotice } from '#domain/community.ts'
import { noticeEffectiveAt } from '#domain/community-risk.ts'
import { reckonCommunity, stepCommunity } from '#domain/community-steps.ts'
import type { EmergencySettings } from '#domain/emergency-settings.ts'
import { DAY_MS, HOUR_MS, type Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import { between, chance, type Random, wholeBetween } from '#domain/random.ts'
import { freshFacts, MADE_UP } from './facts.ts'

/** What the demo's dates are reckoned by. */
export interface DemoRuling {
  settings: EmergencySettings
  calendar: Calendar
  now: Instant
  /** Why a firm is gone, in the city's language. */
  left: string
}

/** Looked after under a contract that ends soon, or is over, or is given notice of: what the dates make of it is reckoned, not said. */
export function contractedCase(
  community: Community,
  firmId: string,
  kind: 'quiet' | 'ending' | 'notice',
  ruling: DemoRuling,
  random: Random,
): { case: CommunityCase; contract: CommunityContract; notice: ContractNotice | null } {
  const { calendar, now } = ruling
  const days = kind === 'ending' ? wholeBetween(random, -10, 150) : wholeBetween(random, 220, 700)
  const contract: CommunityContract = {
    id: `${community.id}-contract`,
    tenant: community.tenant,
    communityId: community.id,
    firmId,
    startsAt: calendar.startOfDay(now - wholeBetween(random, 300, 900) * DAY_MS),
    endsAt: calendar.startOfDay(now + days * DAY_MS),
    ownersDecidedAt: null,
    closedAt: null,
    recordedAt: now - 30 * DAY_MS,
    recordedBy: MADE_UP,
  }
  const notice = kind === 'notice' ? noticeOf(contract, ruling, random) : null
  const facts = { contract, notices: notice ? [notice] : [] }
  const reckoned = reckonCommunity(freshFacts(community, now, random), facts, ruling, now)
  const step =
    reckoned.event && stepCommunity(reckoned.case, { event: reckoned.event, actor: MADE_UP, reason: null }, now)
  return { case: step?.ok ? step.case : reckoned.case, contract, notice }
}

function noticeOf(
  contract: CommunityContract,
  { settings, calendar, now }: DemoRuling,
  random: Random,
): ContractNotice {
  const kind = chance(random, 0.5) ? 'ownersNotice' : 'firmNotice'
  const givenAt = now - wholeBetween(random, 1, 50) * DAY_MS
  return {
    id: `${contract.communityId}-notice`,
    tenant: contract.tenant,
    communityId: contract.communityId,
    contractId: contract.id,
    kind,
    givenAt,
    effectiveAt: noticeEffectiveAt(kind, givenAt, contract, settings, calendar),
    note: null,
    withdrawnAt: null,
    recordedBy: MADE_UP,
  }
}

/** Nobody has served it for so long; the longer, the likelier that somebody has at least taken the refuse away. */
export function unmanagedCase(
  community: Community,
  since: Instant,
  { settings, calendar, now, left }: DemoRuling,
  random: Random,
): CommunityCase {
  const facts = freshFacts(community, since, random)
  const declared = stepCommunity(
    facts,
    { event: 'declare', actor: MADE_UP, reason: left, keeperFirmId: community.firmId },
    since,
  )
  if (!declared.ok) throw new Error(declared.why)
  const refuseAt = since + between(random, 8, 110) * HOUR_MS
  const isCollected = refuseAt < now && chance(random, 0.8)
  const waiting = { ...declared.case, firstRefuseAt: isCollected ? Math.round(refuseAt) : null }
  return reckonCommunity(waiting, { contract: null, notices: [] }, { settings, calendar }, now).case
}
