import type { Tx } from '#db/connect.ts'
import type { EngagingBar } from '#domain/engageable.ts'
import type { Engagement } from '#domain/engagement.ts'
import { accept, decline, expire } from '#domain/engagement-verbs.ts'
import { HOUR_MS } from '#domain/instant.ts'
import type { Refused } from '#domain/refusal.ts'
import type { Held } from './community-steps.ts'
import { selectionById } from './engagement-queries.ts'
import { keepEngagement } from './keep.ts'
import { barRefusal, checkCandidate, offerNext } from './offering.ts'
import { type Act, type Pending, pending } from './record.ts'

export type Engaged<Why extends string = never> =
  | { ok: true; engagement: Engagement; pending: Pending }
  | Refused<'wrongStage' | Why>

/** EG2, EL3: the firm's row is held, so that its people are promised once, whoever else says yes at the same moment. */
export async function acceptOffer(
  tx: Tx,
  held: Held,
  before: Engagement,
  act: Act,
): Promise<Engaged<'offerExpired' | EngagingBar>> {
  const decided = accept(before, act.actor, act.now)
  if (!decided.ok) return decided
  const { poolEntryId, firmId, rank, overrideReason } = before
  const checked = await checkCandidate(tx, held, { poolEntryId, firmId, rank, score: null, overrideReason }, act)
  const barred = barRefusal(checked)
  if (barred) return barred
  const { engagement } = decided
  return { ok: true, engagement, pending: await keepEngagement(tx, { engagement, kind: 'accept' }, act) }
}

/** EG7: a no passes the matter on to the next of the approved list at once. */
export async function declineOffer(
  tx: Tx,
  held: Held,
  before: Engagement,
  reason: string,
  act: Act,
): Promise<Engaged<'offerExpired' | 'missingReason'>> {
  const decided = decline(before, reason, act.actor, act.now)
  if (!decided.ok) return decided
  const { engagement } = decided
  const kept = await keepEngagement(tx, { engagement, kind: 'decline', reason }, act)
  return { ok: true, engagement, pending: pending(kept, await passOn(tx, held, engagement, act)) }
}

/** EG2, EG7: nobody has answered in time. */
export async function expireOffer(tx: Tx, held: Held, before: Engagement, late: boolean, act: Act): Promise<Pending> {
  const decided = expire(before, act.now)
  if (!decided.ok) return pending()
  const { engagement } = decided
  const kept = await keepEngagement(tx, { engagement, kind: 'expire', rings: 'offerUnanswered', late }, act)
  return pending(kept, await passOn(tx, held, engagement, act))
}

/** The next of the list has as long to answer as this one had. */
async function passOn(tx: Tx, held: Held, fallen: Engagement, act: Act): Promise<Pending> {
  const selection = fallen.selectionId === null ? null : await selectionById(tx, act.tenant, fallen.selectionId)
  if (selection?.status !== 'decided') return pending()
  const hours = ((fallen.offerExpiresAt ?? act.now) - (fallen.offeredAt ?? act.now)) / HOUR_MS
  const offered = await offerNext(tx, held, selection, { after: fallen.poolEntryId, hours }, act)
  return offered.pending
}
