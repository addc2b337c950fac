import type { Tx } from '#db/connect.ts'
import type { EngagementAlarm } from '#domain/alarm.ts'
import { type CommunityCase, type CommunityLogKind, freshCase } from '#domain/community.ts'
import type { CommunityEvent } from '#domain/community-status.ts'
import {
  type CommunityStep,
  collectRefuse,
  isAlarmSettled,
  keeperAfter,
  reckonCommunity,
  stepCommunity,
} from '#domain/community-steps.ts'
import type { FeedKind } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { caseOf, communityForUpdate, type Ruling, rulingOf, saveCase, setKeeper } from './community-queries.ts'
import { closeContract, riskFactsOf } from './contract-queries.ts'
import { type Act, appendLog, audienceAt, type Pending, pending, raiseAlarms, settleAlarms } from './record.ts'
import { routeTickets } from './routing.ts'

/** A community with what is known of it, held for this transaction. */
export interface Held {
  community: Community
  case: CommunityCase
  ruling: Ruling
}

export async function holdCommunity(tx: Tx, tenant: string, id: string, now: Instant): Promise<Held | null> {
  const community = await communityForUpdate(tx, tenant, id)
  if (!community) return null
  return { community, case: (await caseOf(tx, id)) ?? freshCase(community, now), ruling: await rulingOf(tx, tenant) }
}

const TOLD: Record<CommunityEvent, FeedKind> = {
  warn: 'community:atRisk',
  calm: 'community:calmed',
  declare: 'community:declared',
  select: 'community:selecting',
  unselect: 'community:unselected',
  cover: 'community:covered',
  handOver: 'community:handingOver',
  hire: 'community:hired',
  selfManage: 'community:selfManaged',
  abandon: 'community:abandoned',
}

const RINGS: Partial<Record<CommunityEvent, EngagementAlarm>> = {
  warn: 'communityAtRisk',
  declare: 'communityUnmanaged',
  abandon: 'communityUnmanaged',
}

export type Moved = { ok: true; case: CommunityCase; pending: Pending } | Refused<'wrongStage' | 'badRequest'>

/**
 * One step of a community's status (EC1): its row, its history, who looks after it from now on, where its tickets go, its log,
 * its alarms, and the events still to be told. The one way by which a status changes.
 */
export async function moveCommunity(tx: Tx, held: Held, step: Omit<CommunityStep, 'actor'>, act: Act): Promise<Moved> {
  const { community, case: before } = held
  const full: CommunityStep = { keeperFirmId: community.firmId, ...step, actor: act.actor }
  const stepped = stepCommunity(before, full, act.now)
  if (!stepped.ok) return stepped
  if (ENDS_CONTRACT.includes(step.event)) await closeContract(tx, community.id, act.now)
  const reckoned = reckonCommunity(stepped.case, await riskFactsOf(tx, community.id), held.ruling, act.now)
  const keeper = keeperAfter(full)
  if (keeper !== undefined) await setKeeper(tx, community.id, keeper)
  const tickets = keeper ? await routeTickets(tx, { communityId: community.id, firmId: keeper }, act) : []
  const rung = RINGS[step.event]
  const kept = await keep(tx, { before, after: reckoned.case, kind: step.event, reason: step.reason }, act, [
    ...(rung ? [rung] : []),
    ...reckoned.alarms,
  ])
  return { ok: true, case: reckoned.case, pending: pending(kept, { tickets }) }
}

/** With these the firm's contract is over, whatever its dates say. */
const ENDS_CONTRACT: readonly CommunityEvent[] = ['declare', 'hire', 'selfManage']

interface Kept {
  before: CommunityCase
  after: CommunityCase
  kind: CommunityLogKind
  reason?: string | null
  detail?: Record<string, unknown> | null
  late?: boolean
}

/** Row, log and alarms; answers the events. */
async function keep(tx: Tx, change: Kept, act: Act, alarms: readonly EngagementAlarm[]): Promise<Pending> {
  const { before, after, kind, reason = null, detail = null, late = false } = change
  await saveCase(tx, after)
  const from = { from: before.status, to: after.status, ...detail }
  await appendLog(tx, { subject: 'community', subjectId: after.communityId, kind, reason, detail: from }, act)
  const settled = await settleAlarms(tx, (alarm) => isAlarmSettled(alarm, after), after, act)
  const raised = await raiseAlarms(tx, alarms, after, act, late)
  const told = TOLD[kind as CommunityEvent] ?? (kind === 'refuse' ? 'community:refuseCollected' : 'community:changed')
  const audience = audienceAt(after, after.providerFirmId, before.providerFirmId)
  const event = { tenant: act.tenant, kind: told, at: act.now, actor: act.actor, audience, state: { cases: [after] } }
  return pending({ events: [event, ...settled, ...raised] })
}

export interface CaseChange {
  /** As the verb leaves it. */
  after: CommunityCase
  kind: 'facts' | 'contract' | 'notice' | 'noticeWithdrawn'
  reason?: string | null
  detail?: Record<string, unknown>
}

/** EC5: a change of facts or dates that may make the community at risk, or no longer at risk, at once. */
export async function changeCase(tx: Tx, held: Held, change: CaseChange, act: Act) {
  const changed = { ...change.after, updatedAt: act.now }
  const told = await keep(tx, { ...change, before: held.case, after: changed }, act, [])
  const reckoned = await reckon(tx, { ...held, case: changed }, act)
  return { case: reckoned.case, pending: pending(told, reckoned.pending) }
}

/** What the dates make of a community now: by the engine when they are due, and after every change of them. */
export async function reckon(
  tx: Tx,
  held: Held,
  act: Act,
  late = false,
): Promise<{ case: CommunityCase; pending: Pending }> {
  const { community, case: before, ruling } = held
  const reckoned = reckonCommunity(before, await riskFactsOf(tx, community.id), ruling, act.now)
  const stepped = reckoned.event
    ? stepCommunity(reckoned.case, { event: reckoned.event, actor: act.actor, reason: null }, act.now)
    : null
  const after = stepped?.ok ? stepped.case : reckoned.case
  if (reckoned.event === null && sameRisk(before, after)) {
    await saveCase(tx, after)
    const raised = await raiseAlarms(tx, reckoned.alarms, after, act, late)
    return { case: after, pending: pending({ events: raised }) }
  }
  const rung = reckoned.event === 'warn' ? ['communityAtRisk' as const] : []
  const detail = { reasons: after.riskReasons }
  const change = { before, after, kind: reckoned.event ?? ('facts' as const), detail, late }
  return { case: after, pending: await keep(tx, change, act, [...rung, ...reckoned.alarms]) }
}

const sameRisk = (a: CommunityCase, b: CommunityCase) =>
  a.riskReasons.length === b.riskReasons.length && a.riskReasons.every((reason) => b.riskReasons.includes(reason))

/** EC6: by an officer's word, or by the provider's proof. Told once an episode; `wrongStage` when it was told already. */
export async function recordRefuse(tx: Tx, held: Held, at: Instant, act: Act): Promise<Moved> {
  const decided = collectRefuse(held.case, at, act.now)
  if (!decided.ok) return refused(decided.why)
  const reckoned = reckonCommunity(decided.case, await riskFactsOf(tx, held.community.id), held.ruling, act.now)
  const change = { before: held.case, after: reckoned.case, kind: 'refuse' as const, detail: { at } }
  return { ok: true, case: reckoned.case, pending: await keep(tx, change, act, []) }
}
