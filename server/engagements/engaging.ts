import type { Tx } from '#db/connect.ts'
import type { EndReason, Engagement } from '#domain/engagement.ts'
import { handOverSteps, isOpen } from '#domain/engagement-steps.ts'
import {
  activate,
  type ContractTerms,
  contract,
  cut,
  publicise,
  startHandOver,
  takeOver,
} from '#domain/engagement-verbs.ts'
import { refused } from '#domain/refusal.ts'
import { voteSteps } from '#domain/terms.ts'
import type { Engaged } from './answering.ts'
import { isFirm } from './community-queries.ts'
import { type Held, moveCommunity } from './community-steps.ts'
import { addSteps, inTheMakingAt, openSelectionAt, saveStep, servingAt, stepsOf } from './engagement-queries.ts'
import { keepEngagement } from './keep.ts'
import { postNotice } from './notices.ts'
import { backToUnmanaged } from './offering.ts'
import { takeDownNotices } from './proof-queries.ts'
import { type Act, type Pending, pending } from './record.ts'
import { cancelSelection, clearTheWay, withdrawn } from './selecting.ts'

export async function agree(
  tx: Tx,
  { ruling }: Held,
  before: Engagement,
  terms: ContractTerms,
  act: Act,
): Promise<Engaged<'termTooLong' | 'datesCrossed'>> {
  const decided = contract(before, terms, ruling.settings, ruling.calendar, act.now)
  if (!decided.ok) return decided
  const { engagement } = decided
  const { startsAt, endsAt, fee } = engagement
  const kept = await keepEngagement(tx, { engagement, kind: 'contract', detail: { startsAt, endsAt, fee } }, act)
  return { ok: true, engagement, pending: kept }
}

/** EG3: the sheet is posted and has its public link from here on. */
export async function post(tx: Tx, held: Held, before: Engagement, contact: string, act: Act): Promise<Engaged> {
  const decided = publicise(before, act.now)
  if (!decided.ok) return decided
  const { engagement } = decided
  const notice = await postNotice(tx, held, engagement, contact, act)
  const kept = await keepEngagement(tx, { engagement, kind: 'publicise', detail: { slug: notice.slug } }, act)
  return { ok: true, engagement, pending: kept }
}

/** EG4: it serves from now on; an earlier provider that is handing over ends with it, and no other may still be serving. */
export async function begin(
  tx: Tx,
  held: Held,
  before: Engagement,
  reason: string | null,
  act: Act,
): Promise<Engaged<'notPublicised' | 'tooEarly' | 'alreadyEngaged' | 'missingReason' | 'badRequest'>> {
  const { settings, calendar } = held.ruling
  const votes = voteSteps(before, settings, calendar, act.now)
  const decided = activate(before, votes, settings, calendar, act.now)
  if (!decided.ok) return decided
  const former = await servingAt(tx, before.communityId)
  const succeeded = former && (await succeed(tx, former, reason, act))
  if (succeeded && !succeeded.ok) return succeeded
  const { engagement } = decided
  await addSteps(tx, votes)
  const kept = await keepEngagement(tx, { engagement, kind: 'activate', reason }, act)
  const step = { event: 'cover' as const, reason, firmId: engagement.firmId, engagementId: engagement.id }
  const moved = await moveCommunity(tx, held, step, act)
  if (!moved.ok) return moved
  return { ok: true, engagement, pending: pending(succeeded?.pending ?? {}, kept, moved.pending) }
}

async function succeed(tx: Tx, former: Engagement, reason: string | null, act: Act) {
  return former.status === 'handing_over' ? leave(tx, former, 'succeeded', reason, act) : refused('alreadyEngaged')
}

async function leave(
  tx: Tx,
  before: Engagement,
  outcome: EndReason,
  reason: string | null,
  act: Act,
): Promise<Engaged<'missingReason'>> {
  const open = (await stepsOf(tx, before.id)).filter((step) => step.kind === 'handOver' && isOpen(step))
  const decided = takeOver(before, { outcome, openItems: open.length, reason }, act.now)
  if (!decided.ok) return decided
  const { engagement } = decided
  await takeDownNotices(tx, engagement.id, act.now)
  const detail = { outcome, open: open.map(({ item }) => item) }
  const kept = await keepEngagement(tx, { engagement, kind: 'takeOver', reason, detail }, act)
  return { ok: true, engagement, pending: kept }
}

/** ET5: the checklist begins with the hand-over. */
export async function beginHandOver(
  tx: Tx,
  held: Held,
  before: Engagement,
  reason: string,
  act: Act,
): Promise<Engaged<'missingReason' | 'badRequest'>> {
  const { settings, calendar } = held.ruling
  const decided = startHandOver(before, reason, { days: settings.handOverDays, calendar }, act.now)
  if (!decided.ok) return decided
  const { engagement } = decided
  await addSteps(tx, handOverSteps(engagement, engagement.handOverDueAt as number))
  const detail = { dueAt: engagement.handOverDueAt }
  const kept = await keepEngagement(tx, { engagement, kind: 'handOver', reason, detail }, act)
  const moved = await moveCommunity(tx, held, { event: 'handOver', reason }, act)
  return moved.ok ? { ok: true, engagement, pending: pending(kept, moved.pending) } : moved
}

export interface Marking {
  kind: 'handOver' | 'ownersVote'
  item: string
  done: boolean
  note?: string | null | undefined
}

export async function mark(
  tx: Tx,
  before: Engagement,
  { kind, item, done, note = null }: Marking,
  act: Act,
): Promise<Engaged<'unknown'>> {
  if (before.endedAt !== null) return refused('wrongStage')
  const steps = await stepsOf(tx, before.id)
  const step = steps.find((one) => one.kind === kind && one.item === item)
  if (!step) return refused('unknown')
  await saveStep(tx, { ...step, doneAt: done ? act.now : null, doneBy: done ? act.actor : null, note })
  const engagement = { ...before, updatedAt: act.now }
  const detail = { kind, item, done }
  return {
    ok: true,
    engagement,
    pending: await keepEngagement(tx, { engagement, kind: 'mark', reason: note, detail }, act),
  }
}

/** ET5: the owners' firm, or the owners, have taken over; what was being made ready for the community ends with it. */
export async function handedOver(
  tx: Tx,
  held: Held,
  before: Engagement,
  said: { outcome: 'handedOver' | 'selfManaged'; firmId?: string | undefined; reason?: string | undefined },
  act: Act,
): Promise<Engaged<'missingReason' | 'badRequest'>> {
  const { outcome, firmId, reason = null } = said
  const isHired = outcome === 'handedOver'
  if (isHired && !(firmId && (await isFirm(tx, act.tenant, firmId)))) return refused('badRequest')
  const left = await leave(tx, before, outcome, reason, act)
  if (!left.ok) return left
  const cleared = await clearTheWay(tx, held, reason ?? 'taken over', act)
  const step = isHired ? { event: 'hire' as const, firmId: firmId as string } : { event: 'selfManage' as const }
  const moved = await moveCommunity(tx, held, { ...step, reason }, act)
  if (!moved.ok) return moved
  return { ok: true, engagement: left.engagement, pending: pending(left.pending, cleared, moved.pending) }
}

/** EG5: nobody serves the community any more; a successor that was being sought goes on being sought. */
export async function breakOff(
  tx: Tx,
  held: Held,
  before: Engagement,
  { event, reason }: { event: 'abandon' | 'terminate'; reason: string },
  act: Act,
): Promise<Engaged<'missingReason' | 'badRequest'>> {
  const decided = cut(before, event, reason, act.now)
  if (!decided.ok) return decided
  const { engagement } = decided
  await takeDownNotices(tx, engagement.id, act.now)
  const kept = await keepEngagement(tx, { engagement, kind: event, reason }, act)
  const moved = await moveCommunity(tx, held, { event: 'abandon', reason }, act)
  if (!moved.ok) return moved
  const sought = await goOnSeeking(tx, { ...held, case: moved.case }, act)
  return { ok: true, engagement, pending: pending(kept, moved.pending, sought) }
}

async function goOnSeeking(tx: Tx, held: Held, act: Act): Promise<Pending> {
  const { communityId } = held.case
  const isSought = (await openSelectionAt(tx, communityId)) ?? (await inTheMakingAt(tx, communityId))
  if (!isSought) return pending()
  const moved = await moveCommunity(tx, held, { event: 'select', reason: null }, act)
  return moved.ok ? moved.pending : pending()
}

/** Before it serves; one that a plan has proposed goes together with its choosing. */
export async function takeBack(
  tx: Tx,
  held: Held,
  before: Engagement,
  reason: string,
  act: Act,
): Promise<Engaged<'missingReason' | 'bound'>> {
  const decided = cut(before, 'withdraw', reason, act.now)
  if (!decided.ok) return decided
  const open = await openSelectionAt(tx, before.communityId)
  if (open && open.id === before.selectionId) {
    const cancelled = await cancelSelection(tx, held, open, reason, act)
    return cancelled.ok ? { ok: true, engagement: decided.engagement, pending: cancelled.pending } : cancelled
  }
  const kept = await withdrawn(tx, before, reason, act)
  return {
    ok: true,
    engagement: decided.engagement,
    pending: pending(kept, await backToUnmanaged(tx, held, reason, act)),
  }
}
