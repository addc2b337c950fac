import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import type { EngagingBar } from '#domain/engageable.ts'
import { barOf } from '#domain/engageable.ts'
import type { Engagement, SelectionMode } from '#domain/engagement.ts'
import { cut, offer } from '#domain/engagement-verbs.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { cancel, candidatesFrom, type Decision, decide, overtaken } from '#domain/selecting.ts'
import type { Selection, SelectionCandidate } from '#domain/selection.ts'
import { NOTHING } from '#domain/services.ts'
import { type Held, moveCommunity } from './community-steps.ts'
import { committedOf, inTheMakingAt, openSelectionAt, poolEntriesByIds, secretOf } from './engagement-queries.ts'
import { keepEngagement, keepSelection } from './keep.ts'
import { backToUnmanaged, barRefusal, checkCandidate, offerNext } from './offering.ts'
import { holdEntries } from './pool-queries.ts'
import { takeDownNotices } from './proof-queries.ts'
import { type Act, type Pending, pending } from './record.ts'

export type Chosen<Why extends string> = { ok: true; selection: Selection; pending: Pending } | Refused<Why>

export interface Opening {
  mode: SelectionMode
  candidates: readonly { poolEntryId: string; overrideReason?: string | undefined }[]
  reason?: string | undefined
  planId?: string
}

/** EL1: begins choosing for a community that needs a provider; every candidate may be engaged, or somebody says why all the same. */
export async function openSelection(
  tx: Tx,
  held: Held,
  { mode, candidates, reason, planId }: Opening,
  act: Act,
): Promise<Chosen<'wrongStage' | 'badRequest' | 'alreadyEngaged' | 'unknown' | EngagingBar>> {
  const { communityId } = held.case
  if (await inTheMakingAt(tx, communityId)) return refused('alreadyEngaged')
  if (await openSelectionAt(tx, communityId)) return refused('wrongStage')
  const asked = await askedEntries(tx, held, candidates, act)
  if (!asked.ok) return asked
  // A plan brings its own order; only a ranking made here is sorted here.
  const sorted = candidatesFrom(asked.entries, planId === undefined ? mode : 'designate', held.community)
  const selection = newSelection(held, mode, sorted, act)
  const planned = planId === undefined ? selection : { ...selection, planId }
  const moved = await moveCommunity(tx, held, { event: 'select', reason: reason ?? null }, act)
  if (!moved.ok) return moved
  const silences = ['candidatesExhausted', 'offerUnanswered'] as const
  const kept = await keepSelection(tx, { selection: planned, kind: 'open', reason: reason ?? null, silences }, act)
  return { ok: true, selection: planned, pending: pending(moved.pending, kept) }
}

const newSelection = (
  { case: at }: Held,
  mode: SelectionMode,
  candidates: SelectionCandidate[],
  act: Act,
): Selection => ({
  id: randomUUID(),
  tenant: act.tenant,
  communityId: at.communityId,
  districtCode: at.districtCode,
  subdistrictCode: at.subdistrictCode,
  neighbourhoodCode: at.neighbourhoodCode,
  mode,
  status: 'open',
  candidates,
  planId: null,
  openedAt: act.now,
  openedBy: act.actor,
  frozenAt: null,
  approved: null,
  meeting: null,
  decidedAt: null,
  decidedBy: null,
  reason: null,
  lottery: null,
  nextTimerAt: null,
  updatedAt: act.now,
})

async function askedEntries(tx: Tx, held: Held, candidates: Opening['candidates'], { tenant, now }: Act) {
  const reasons = new Map(candidates.map((one) => [one.poolEntryId, one.overrideReason ?? null]))
  const entries = await poolEntriesByIds(tx, tenant, [...reasons.keys()])
  if (entries.length < reasons.size) return refused('unknown')
  const taken = await committedOf(
    tx,
    entries.map(({ firmId }) => firmId),
  )
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const asked = [...reasons].map(([id, overrideReason]) => ({ entry: byId.get(id)!, overrideReason }))
  for (const { entry, overrideReason } of asked) {
    const committed = taken.get(entry.firmId) ?? NOTHING
    const bar = barOf(entry, held.case, { committed, overrideReason }, now)
    if (bar !== null) return refused(bar)
  }
  return { ok: true as const, entries: asked }
}

type DecideRefusal = Extract<ReturnType<typeof decide>, { ok: false }>['why'] | 'alreadyEngaged' | EngagingBar

/** EL4: the officer's decision, recorded as such, and the first offer in the same transaction. */
export async function decideSelection(
  tx: Tx,
  held: Held,
  before: Selection,
  { offerHours, ...decision }: Decision & { offerHours: number },
  act: Act,
): Promise<Chosen<DecideRefusal>> {
  const decided = decide(before, decision, act.actor, act.now)
  if (!decided.ok) return decided
  const { selection } = decided
  const proposed = await inTheMakingAt(tx, before.communityId)
  if (proposed && (proposed.status !== 'proposed' || proposed.selectionId !== before.id))
    return refused('alreadyEngaged')
  // The whole list at once: whoever holds one and goes on to the next would wait for who goes the other way.
  await holdEntries(tx, decision.ranked)
  const barred = await firstBarred(tx, held, selection, act)
  if (barred) return barred
  const detail = { approved: selection.approved, mode: selection.mode, meeting: selection.meeting }
  const told = [await keepSelection(tx, { selection, kind: 'decide', reason: selection.reason, detail }, act)]
  if (proposed && proposed.poolEntryId === selection.approved?.[0]) {
    told.push(await offerProposed(tx, selection, proposed, offerHours, act))
    return { ok: true, selection, pending: pending(...told) }
  }
  if (proposed) told.push(await withdrawn(tx, proposed, decision.reason, act))
  const offered = await offerNext(tx, held, selection, { after: null, hours: offerHours }, act)
  return { ok: true, selection, pending: pending(...told, offered.pending) }
}

/** Whoever names a first choice that may not be engaged is told; of a draw the order is not the officer's, and it is passed over. */
async function firstBarred(tx: Tx, held: Held, selection: Selection, act: Act) {
  if (selection.mode === 'lottery') return null
  const first = selection.candidates.find(({ poolEntryId }) => poolEntryId === selection.approved?.[0])
  return first ? barRefusal(await checkCandidate(tx, held, first, act)) : refused('notCandidate' as const)
}

async function offerProposed(tx: Tx, selection: Selection, proposed: Engagement, hours: number, act: Act) {
  const { decidedAt, decidedBy, reason } = selection
  const offered = offer({ ...proposed, rank: 1, decidedAt, decidedBy, reason }, hours, act.now)
  if (!offered.ok) throw new Error('a proposed engagement can be offered')
  const { engagement } = offered
  const detail = { rank: 1, expiresAt: engagement.offerExpiresAt }
  return keepEngagement(tx, { engagement, kind: 'offer', detail }, act)
}

/** EL5: the choosing is given up; a provider proposed by a plan goes with it. */
export async function cancelSelection(
  tx: Tx,
  held: Held,
  before: Selection,
  reason: string,
  act: Act,
): Promise<Chosen<'wrongStage' | 'bound' | 'missingReason'>> {
  const cancelled = cancel(before, reason, act.now)
  if (!cancelled.ok) return cancelled
  const { selection } = cancelled
  const proposed = await inTheMakingAt(tx, before.communityId)
  const told = [await keepSelection(tx, { selection, kind: 'cancel', reason }, act)]
  if (proposed) told.push(await withdrawn(tx, proposed, reason, act))
  told.push(await backToUnmanaged(tx, held, reason, act))
  return { ok: true, selection, pending: pending(...told) }
}

/** Takes back what has not begun to serve; a sheet that was up already comes down (EP3). */
export async function withdrawn(tx: Tx, engagement: Engagement, reason: string, act: Act): Promise<Pending> {
  const ended = cut(engagement, 'withdraw', reason, act.now)
  if (!ended.ok) throw new Error(`${engagement.status} can be withdrawn`)
  await takeDownNotices(tx, engagement.id, act.now)
  return keepEngagement(tx, { engagement: ended.engagement, kind: 'withdraw', reason }, act)
}

/**
 * EL6: somebody else looks after the community from now on: whatever was being chosen or made ready for it ends. The secret of a
 * frozen draw is published with its end, so that it can still be checked that nobody had a hand in it.
 */
export async function clearTheWay(tx: Tx, held: Held, reason: string, act: Act): Promise<Pending> {
  const { communityId } = held.case
  const told: Pending[] = []
  const open = await openSelectionAt(tx, communityId)
  if (open) {
    const { lottery } = open
    const secret = lottery && lottery.secret === null ? await secretOf(tx, open.id) : null
    const ended = overtaken(open, reason, act.now)
    const selection = lottery && secret !== null ? { ...ended, lottery: { ...lottery, secret } } : ended
    told.push(await keepSelection(tx, { selection, kind: 'cancel', reason }, act))
  }
  const making = await inTheMakingAt(tx, communityId)
  if (making) told.push(await withdrawn(tx, making, reason, act))
  return pending(...told)
}
