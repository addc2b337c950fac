import type { CommunityCase } from '#domain/community.ts'
import { moneyAtRisk, PEOPLE_OF, servicesOf } from '#domain/community.ts'
import type { Engagement } from '#domain/engagement.ts'
import { handOverSteps, proofItemsOf } from '#domain/engagement-steps.ts'
import { offer, startHandOver } from '#domain/engagement-verbs.ts'
import { DAY_MS, HOUR_MS, type Instant } from '#domain/instant.ts'
import type { PoolEntry } from '#domain/pool.ts'
import type { EngagementStep, Proof, PublicNotice } from '#domain/proof.ts'
import type { Selection, SelectionCandidate } from '#domain/selection.ts'
import { termTimers, voteSteps, withTimers } from '#domain/terms.ts'
import type { DemoRuling } from './cases.ts'
import { MADE_UP } from './facts.ts'

/** A community, the firm chosen for it, and who else could have been. */
export interface Match {
  case: CommunityCase
  entry: PoolEntry
  candidates: PoolEntry[]
}

export function demoSelection(
  { case: at, entry, candidates }: Match,
  openedAt: Instant,
  isDecided: boolean,
): Selection {
  const list = [entry, ...candidates.filter(({ id }) => id !== entry.id)]
  const scored = list.map((one, index): SelectionCandidate => {
    const score = (one.partyBuilding ?? 0) + (one.quality ?? 0)
    return { poolEntryId: one.id, firmId: one.firmId, rank: index + 1, score, overrideReason: null }
  })
  return {
    id: `${at.communityId}-selection-${at.episode}`,
    tenant: at.tenant,
    communityId: at.communityId,
    districtCode: at.districtCode,
    subdistrictCode: at.subdistrictCode,
    neighbourhoodCode: at.neighbourhoodCode,
    mode: 'rank',
    status: isDecided ? 'decided' : 'open',
    candidates: scored,
    planId: null,
    openedAt,
    openedBy: MADE_UP,
    frozenAt: null,
    approved: isDecided ? list.map(({ id }) => id) : null,
    meeting: null,
    decidedAt: isDecided ? openedAt + HOUR_MS : null,
    decidedBy: isDecided ? MADE_UP : null,
    reason: null,
    lottery: null,
    nextTimerAt: null,
    updatedAt: openedAt + HOUR_MS,
  }
}

const proposed = ({ case: at, entry }: Match, selection: Selection): Engagement => ({
  id: `${at.communityId}-engagement-${at.episode}`,
  tenant: at.tenant,
  communityId: at.communityId,
  districtCode: at.districtCode,
  subdistrictCode: at.subdistrictCode,
  neighbourhoodCode: at.neighbourhoodCode,
  firmId: entry.firmId,
  poolEntryId: entry.id,
  status: 'proposed',
  mode: selection.mode,
  selectionId: selection.id,
  planId: null,
  rank: 1,
  proposedAt: selection.openedAt,
  decidedAt: selection.decidedAt,
  decidedBy: selection.decidedBy,
  reason: null,
  overrideReason: null,
  offeredAt: null,
  offerExpiresAt: null,
  answeredAt: null,
  answeredBy: null,
  declineReason: null,
  contractedAt: null,
  publicisedAt: null,
  activeAt: null,
  startsAt: null,
  endsAt: null,
  fee: entry.price,
  needs: at.needs,
  moneyAtRisk: moneyAtRisk(at),
  handOverStartedAt: null,
  handOverDueAt: null,
  endedAt: null,
  endReason: null,
  timers: [],
  nextTimerAt: null,
  updatedAt: selection.updatedAt,
})

/** Asked and not answered yet. */
export function offeredEngagement(match: Match, selection: Selection, { settings, now }: DemoRuling): Engagement {
  const offered = offer(proposed(match, selection), settings.offerHours, now - HOUR_MS)
  if (!offered.ok) throw new Error(offered.why)
  return offered.engagement
}

export interface Serving {
  engagement: Engagement
  case: CommunityCase
  steps: EngagementStep[]
}

/** Serving since so many days: active, expiring from the first alarm of its term, or handing over. */
export function servingEngagement(
  match: Match,
  selection: Selection,
  { activeAt, handsOver }: { activeAt: Instant; handsOver: boolean },
  { settings, calendar, now }: DemoRuling,
): Serving {
  const base = proposed(match, selection)
  const endsAt = calendar.plusMonths(activeAt, settings.termMonths)
  const isNearEnd = calendar.plusDays(endsAt, -Math.max(...settings.alarmDays)) <= now
  const dated: Engagement = {
    ...base,
    status: isNearEnd ? 'expiring' : 'active',
    offeredAt: activeAt - 3 * DAY_MS,
    offerExpiresAt: activeAt - 2 * DAY_MS,
    answeredAt: activeAt - 3 * DAY_MS + HOUR_MS,
    answeredBy: MADE_UP,
    contractedAt: activeAt - 2 * DAY_MS,
    publicisedAt: activeAt - DAY_MS,
    activeAt,
    startsAt: activeAt,
    endsAt,
    updatedAt: activeAt,
  }
  const votes = voteSteps(dated, settings, calendar, now)
  const serving = withTimers(dated, termTimers(dated, votes, settings, calendar, now))
  const row: CommunityCase = {
    ...match.case,
    status: 'emergency',
    statusSince: activeAt,
    coveredAt: activeAt,
    firstRefuseAt: Math.min(match.case.firstRefuseAt ?? activeAt + 6 * HOUR_MS, activeAt + 6 * HOUR_MS),
    providerFirmId: match.entry.firmId,
    engagementId: serving.id,
    alarmed: [],
  }
  return handsOver
    ? handingOver(serving, row, votes, { settings, calendar, now })
    : { engagement: serving, case: row, steps: votes }
}

function handingOver(
  serving: Engagement,
  row: CommunityCase,
  votes: EngagementStep[],
  { settings, calendar, now }: Pick<DemoRuling, 'settings' | 'calendar' | 'now'>,
): Serving {
  const startedAt = now - 6 * DAY_MS
  const begun = startHandOver(serving, 'hired', { days: settings.handOverDays, calendar }, startedAt)
  if (!begun.ok) throw new Error(begun.why)
  const steps = handOverSteps(begun.engagement, begun.engagement.handOverDueAt as Instant)
  const done = steps.map((step, n) =>
    n < 3 ? { ...step, doneAt: startedAt + (n + 1) * DAY_MS, doneBy: MADE_UP } : step,
  )
  return {
    engagement: begun.engagement,
    case: { ...row, status: 'handing_over', statusSince: startedAt },
    steps: [...votes, ...done],
  }
}

/** The notice that its residents have read. */
export function demoNotice(
  { engagement }: Serving,
  names: { community: string; firm: string; subdistrict: string; contact: string },
): PublicNotice {
  const { needs, startsAt, endsAt, publicisedAt } = engagement
  return {
    id: `${engagement.id}-notice`,
    tenant: engagement.tenant,
    engagementId: engagement.id,
    communityId: engagement.communityId,
    slug: `${engagement.communityId}-notice`,
    content: {
      communityName: names.community,
      firmName: names.firm,
      subdistrictName: names.subdistrict,
      services: servicesOf(needs).map((item) => ({ item, people: needs[PEOPLE_OF[item]] })),
      lifts: needs.lifts,
      startsAt: startsAt as Instant,
      endsAt: endsAt as Instant,
      fee: engagement.fee,
      mode: engagement.mode,
      decidedAt: engagement.decidedAt,
      lotteryId: null,
      contact: names.contact,
    },
    postedAt: publicisedAt as Instant,
    postedBy: MADE_UP,
    takenDownAt: null,
  }
}

/** What was proved on the last days before today, all of it. */
export const demoProofs = ({ engagement }: Serving, { calendar, now }: DemoRuling, days: number): Proof[] =>
  Array.from({ length: days }, (_, back) => calendar.startOfDay(calendar.plusDays(now, -1 - back))).flatMap(
    (midnight) =>
      proofItemsOf(engagement).map((item, n) => ({
        id: `${engagement.id}-${calendar.dayOf(midnight)}-${item}`,
        tenant: engagement.tenant,
        engagementId: engagement.id,
        communityId: engagement.communityId,
        item,
        day: calendar.dayOf(midnight),
        at: midnight + (7 + n) * HOUR_MS,
        by: MADE_UP,
        via: 'qr' as const,
        hasPhoto: false,
      })),
  )
