import type { Tx } from '#db/connect.ts'
import { barOf, type EngagingBar } from '#domain/engageable.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { NOTHING } from '#domain/services.ts'
import { type Held, holdCommunity } from './community-steps.ts'
import { committedOf, entriesOfFirms, inTheMakingAt, openSelectionAt } from './engagement-queries.ts'
import { keepEngagement } from './keep.ts'
import { newEngagement } from './offering.ts'
import { type Act, type Pending, pending } from './record.ts'
import { cancelSelection, openSelection } from './selecting.ts'

/** What a published plan says of one community. */
export interface PlannedPlace {
  communityId: string
  providerId: string
  /** Firms fit for it, best first: whom an offer may go to once an officer has approved the list. */
  ranked: readonly string[]
  /** Why a firm under a yellow light was let in, by firm. */
  overrideReasons?: Readonly<Record<string, string>>
}

export interface Proposed {
  engagements: Engagement[]
  /** Communities for which something stronger stands: an offer that is out, a choosing by hand, a firm that may not be engaged. */
  left: { communityId: string; why: string }[]
  pending: Pending
}

/**
 * EL7: each changed place of a plan becomes a proposal and a choosing that an officer has still to approve; an earlier proposal of the
 * community gives way. In one order of communities for everybody, whose rows are held until commit.
 */
export async function propose(
  tx: Tx,
  { places, ...why }: { places: readonly PlannedPlace[]; planId: string; reason: string },
  act: Act,
): Promise<Proposed> {
  const proposed: Proposed = { engagements: [], left: [], pending: pending() }
  for (const place of inOneOrder(places)) {
    const made = await proposeOne(tx, place, why, act)
    if (made.ok) proposed.engagements.push(...(made.engagement ? [made.engagement] : []))
    else proposed.left.push({ communityId: place.communityId, why: made.why })
    if (made.ok) proposed.pending = pending(proposed.pending, made.pending)
  }
  return proposed
}

const inOneOrder = <T extends { communityId: string }>(places: readonly T[]): T[] =>
  [...places].sort((a, b) => (a.communityId < b.communityId ? -1 : 1))

/** `engagement` null = it has that provider already, serving or proposed. */
type Made = { ok: true; engagement: Engagement | null; pending: Pending } | Refused<string>

async function proposeOne(
  tx: Tx,
  place: PlannedPlace,
  { planId, reason }: { planId: string; reason: string },
  act: Act,
): Promise<Made> {
  const held = await holdCommunity(tx, act.tenant, place.communityId, act.now)
  if (!held) return refused('unknown')
  const making = await inTheMakingAt(tx, place.communityId)
  const isProposed = making?.status === 'proposed' && making.firmId === place.providerId
  if (isProposed || (!making && held.case.providerFirmId === place.providerId))
    return { ok: true, engagement: null, pending: pending() }
  const fit = await fitEntries(tx, held, place, act)
  if (!fit.ok) return fit
  const given = await giveWay(tx, held, reason, act)
  if (!given.ok) return given
  const reasons = place.overrideReasons ?? {}
  const candidates = fit.entries.map(({ id, firmId }) => ({ poolEntryId: id, overrideReason: reasons[firmId] }))
  const again = given.wasProposed ? await holdCommunity(tx, act.tenant, place.communityId, act.now) : held
  const opened = await openSelection(tx, again ?? held, { mode: 'rank', candidates, planId }, act)
  if (!opened.ok) return opened
  const { selection } = opened
  const checked = { candidate: selection.candidates[0]!, entry: fit.entries[0]!, bar: null }
  const engagement = newEngagement(held, selection, checked, act)
  const kept = await keepEngagement(tx, { engagement, kind: 'propose', detail: { planId } }, act)
  return { ok: true, engagement, pending: pending(given.pending, opened.pending, kept) }
}

/** The provider first, then the rest of the list; whoever may not be engaged now is left out, and without the provider there is no proposal. */
async function fitEntries(
  tx: Tx,
  { case: wanted }: Held,
  { providerId, ranked, overrideReasons = {} }: PlannedPlace,
  { tenant, now }: Act,
): Promise<{ ok: true; entries: PoolEntry[] } | Refused<EngagingBar>> {
  const firmIds = [...new Set([providerId, ...ranked])]
  const entries = new Map((await entriesOfFirms(tx, tenant, firmIds)).map((entry) => [entry.firmId, entry]))
  const taken = await committedOf(tx, firmIds)
  const barOfFirm = (firmId: string): EngagingBar | null => {
    const entry = entries.get(firmId)
    if (!entry) return 'notInPool'
    const facts = { committed: taken.get(firmId) ?? NOTHING, overrideReason: overrideReasons[firmId] ?? null }
    return barOf(entry, wanted, facts, now)
  }
  const bar = barOfFirm(providerId)
  if (bar !== null) return refused(bar)
  return { ok: true, entries: firmIds.filter((id) => barOfFirm(id) === null).map((id) => entries.get(id) as PoolEntry) }
}

type GaveWay = { ok: true; wasProposed: boolean; pending: Pending } | Refused<'alreadyEngaged' | 'wrongStage'>

/** A mere proposal of a plan gives way; an offer that is out, or a choosing by hand, does not. */
async function giveWay(tx: Tx, held: Held, reason: string, act: Act): Promise<GaveWay> {
  const { communityId } = held.case
  const making = await inTheMakingAt(tx, communityId)
  const open = await openSelectionAt(tx, communityId)
  if (!making) return open ? refused('wrongStage') : { ok: true, wasProposed: false, pending: pending() }
  if (making.status !== 'proposed' || open?.id !== making.selectionId || !open) return refused('alreadyEngaged')
  const cancelled = await cancelSelection(tx, held, open, reason, act)
  return cancelled.ok ? { ok: true, wasProposed: true, pending: cancelled.pending } : refused('wrongStage')
}

export interface Withdrawn {
  withdrawn: string[]
  /** Communities whose offer is out, or further. */
  kept: string[]
  pending: Pending
}

/** EL7: a plan is rolled back: its proposals go, and what an officer has approved meanwhile stays. */
export async function withdrawProposals(
  tx: Tx,
  { communityIds, reason }: { communityIds: readonly string[]; reason: string },
  act: Act,
): Promise<Withdrawn> {
  const answer: Withdrawn = { withdrawn: [], kept: [], pending: pending() }
  for (const { communityId } of inOneOrder(communityIds.map((id) => ({ communityId: id })))) {
    const held = await holdCommunity(tx, act.tenant, communityId, act.now)
    if (!held) continue
    const given = await giveWay(tx, held, reason, act)
    if (given.ok && !given.wasProposed) continue
    answer[given.ok ? 'withdrawn' : 'kept'].push(communityId)
    if (given.ok) answer.pending = pending(answer.pending, given.pending)
  }
  return answer
}
