import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import { moneyAtRisk } from '#domain/community.ts'
import { barOf, type EngagingBar } from '#domain/engageable.ts'
import type { Engagement } from '#domain/engagement.ts'
import { offer } from '#domain/engagement-verbs.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { Selection, SelectionCandidate } from '#domain/selection.ts'
import { NOTHING } from '#domain/services.ts'
import { type Held, moveCommunity } from './community-steps.ts'
import { committedOf } from './engagement-queries.ts'
import { keepEngagement, keepSelection } from './keep.ts'
import { holdEntries, poolEntryForChange } from './pool-queries.ts'
import { type Act, type Pending, pending } from './record.ts'

/** A candidate with the firm's row held, and what bars it now. */
export interface Checked {
  candidate: SelectionCandidate
  entry: PoolEntry
  bar: EngagingBar | null
}

/** EL3: asked when a firm is approved, when its offer goes out, and when it says yes. */
export async function checkCandidate(
  tx: Tx,
  { case: wanted }: Held,
  candidate: SelectionCandidate,
  { tenant, now }: Act,
): Promise<Checked | null> {
  const entry = await poolEntryForChange(tx, tenant, candidate.poolEntryId)
  if (!entry) return null
  const committed = (await committedOf(tx, [entry.firmId])).get(entry.firmId) ?? NOTHING
  const { overrideReason } = candidate
  return { candidate, entry, bar: barOf(entry, wanted, { committed, overrideReason }, now) }
}

/** An engagement as it begins, of what the community needs now. */
export function newEngagement(held: Held, selection: Selection, { candidate, entry }: Checked, act: Act): Engagement {
  const { case: wanted } = held
  const place = selection.approved?.indexOf(entry.id) ?? -1
  return {
    id: randomUUID(),
    tenant: act.tenant,
    communityId: wanted.communityId,
    districtCode: wanted.districtCode,
    subdistrictCode: wanted.subdistrictCode,
    neighbourhoodCode: wanted.neighbourhoodCode,
    firmId: entry.firmId,
    poolEntryId: entry.id,
    status: 'proposed',
    mode: selection.mode,
    selectionId: selection.id,
    planId: selection.planId,
    rank: place < 0 ? candidate.rank : place + 1,
    proposedAt: act.now,
    decidedAt: selection.decidedAt,
    decidedBy: selection.decidedBy,
    reason: selection.reason,
    overrideReason: candidate.overrideReason,
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
    fee: wanted.feeRate ?? entry.price,
    needs: wanted.needs,
    moneyAtRisk: moneyAtRisk(wanted),
    handOverStartedAt: null,
    handOverDueAt: null,
    endedAt: null,
    endReason: null,
    timers: [],
    nextTimerAt: null,
    updatedAt: act.now,
  }
}

export interface Offered {
  /** null = nobody on the list is left. */
  engagement: Engagement | null
  pending: Pending
}

/**
 * EG7: the offer goes to the next of the approved list that may be engaged now; whoever may not is passed over, in the log. With
 * nobody left the matter is the officer's again.
 */
export async function offerNext(
  tx: Tx,
  held: Held,
  selection: Selection,
  { after, hours }: { after: string | null; hours: number },
  act: Act,
): Promise<Offered> {
  const approved = selection.approved ?? []
  const rest = approved.slice(after === null ? 0 : approved.indexOf(after) + 1)
  const told: Pending[] = []
  await holdEntries(tx, rest)
  for (const id of rest) {
    const candidate = selection.candidates.find(({ poolEntryId }) => poolEntryId === id)
    const checked = candidate && (await checkCandidate(tx, held, candidate, act))
    if (checked && checked.bar === null) {
      const { engagement, pending: offered } = await offerTo(tx, held, { selection, checked, hours }, act)
      return { engagement, pending: pending(...told, offered) }
    }
    const detail = { poolEntryId: id, bar: checked?.bar ?? 'notInPool' }
    told.push(await keepSelection(tx, { selection, kind: 'passOver', detail }, act))
  }
  told.push(await keepSelection(tx, { selection, kind: 'exhaust', rings: 'candidatesExhausted' }, act))
  told.push(await backToUnmanaged(tx, held, null, act))
  return { engagement: null, pending: pending(...told) }
}

export async function offerTo(
  tx: Tx,
  held: Held,
  { selection, checked, hours }: { selection: Selection; checked: Checked; hours: number },
  act: Act,
): Promise<{ engagement: Engagement; pending: Pending }> {
  const offered = offer(newEngagement(held, selection, checked, act), hours, act.now)
  if (!offered.ok) throw new Error('a new engagement can be offered')
  const { engagement } = offered
  const detail = { rank: engagement.rank, expiresAt: engagement.offerExpiresAt }
  return { engagement, pending: await keepEngagement(tx, { engagement, kind: 'offer', detail }, act) }
}

/** Nobody is being chosen any more: who has no provider is unmanaged again. */
export async function backToUnmanaged(tx: Tx, held: Held, reason: string | null, act: Act): Promise<Pending> {
  if (held.case.status !== 'selecting') return pending()
  const moved = await moveCommunity(tx, held, { event: 'unselect', reason }, act)
  return moved.ok ? moved.pending : pending()
}

export const barRefusal = (checked: Checked | null): Refused<EngagingBar> | null =>
  checked === null ? refused('notInPool') : checked.bar === null ? null : refused(checked.bar)
