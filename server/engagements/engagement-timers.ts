import type { Db, Tx } from '#db/connect.ts'
import type { Engagement } from '#domain/engagement.ts'
import { isOpen, missingProofs } from '#domain/engagement-steps.ts'
import { step } from '#domain/engagement-verbs.ts'
import type { Instant } from '#domain/instant.ts'
import { type FiredTimer, fireNext, type TimerFacts } from '#domain/terms.ts'
import { ENGINE } from '#domain/ticket-timers.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { Wake } from '#server/serving.ts'
import { expireOffer } from './answering.ts'
import { isFree } from './community-queries.ts'
import { type Held, holdCommunity } from './community-steps.ts'
import { passMoment } from './drawing.ts'
import {
  dueEngagements,
  dueSelections,
  engagementById,
  nextEngagementAt,
  nextSelectionAt,
  saveEngagement,
  selectionById,
  stepsOf,
} from './engagement-queries.ts'
import { keepEngagement } from './keep.ts'
import { proofsSince } from './proof-queries.ts'
import { type Act, announce, type Pending, pending } from './record.ts'

/** Looked at in one turn, each in a transaction of its own. */
const MOST_AT_ONCE = 200

/** P4: offers that end, alarms of the term, milestones, missed proofs, hand-overs: each once, and late ones once and marked late. */
export const engagementTimers = (wake: Wake): Duty => ({
  name: 'engagementTimers',
  nextAt: (db) => nextEngagementAt(db),
  run: async (db, now) =>
    runDue(db, wake, await dueEngagements(db, now, MOST_AT_ONCE), now, async (tx, held, { id }, act) => {
      const engagement = await engagementById(tx, act.tenant, id)
      return engagement && fireTimers(tx, held, engagement, act)
    }),
})

/** P4, LO3: draws whose deadline has come. */
export const lotteryMoments = (wake: Wake): Duty => ({
  name: 'lotteryMoments',
  nextAt: (db) => nextSelectionAt(db),
  run: async (db, now) =>
    runDue(db, wake, await dueSelections(db, now, MOST_AT_ONCE), now, async (tx, _held, { id }, act) => {
      const selection = await selectionById(tx, act.tenant, id)
      return selection && passMoment(tx, selection, act)
    }),
})

interface Due {
  id: string
  tenant: string
  communityId: string
}

/** Under the community's row, like every verb; one that somebody else holds is passed over, and found due again if they leave it so. */
async function runDue(
  db: Db,
  wake: Wake,
  due: readonly Due[],
  now: Instant,
  fire: (tx: Tx, held: Held, due: Due, act: Act) => Promise<Pending | null>,
): Promise<number> {
  let done = 0
  const faults: unknown[] = []
  for (const each of due) {
    const fired = await db
      .transaction(async (tx) => {
        if (!(await isFree(tx, each.communityId))) return false
        const held = await holdCommunity(tx, each.tenant, each.communityId, now)
        const told = held && (await fire(tx, held, each, { tenant: each.tenant, actor: ENGINE, now }))
        if (told) await announce(tx, told)
        return told !== null
      })
      .catch((fault: unknown) => {
        faults.push(fault)
        return false
      })
    if (!fired) continue
    done++
    wake(each.tenant)
  }
  // One that cannot be done holds up nobody behind it, and is still heard of.
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of ${due.length} due could not be done`)
  return done
}

async function fireTimers(tx: Tx, held: Held, before: Engagement, act: Act): Promise<Pending> {
  const facts = await factsOf(tx, held, before)
  const told: Pending[] = []
  let engagement = before
  for (let next = fireNext(engagement, facts, act.now); next; next = fireNext(engagement, facts, act.now)) {
    const { fired } = next
    if (fired.timer.kind === 'offerExpiry') return expireOffer(tx, held, before, fired.late, act)
    engagement = next.engagement
    const kept = await keepFired(tx, engagement, fired, act)
    engagement = kept.engagement
    told.push(kept.pending)
  }
  return pending(...told)
}

/** What nobody need be told is still kept: it must not fire again. */
async function keepFired(tx: Tx, engagement: Engagement, fired: FiredTimer, act: Act) {
  const { alarm: rings, late } = fired
  if (rings === null) {
    await saveEngagement(tx, engagement)
    return { engagement, pending: pending() }
  }
  const detail = { timer: fired.timer.kind, dueAt: fired.timer.at, ...fired.detail }
  const nearing = fired.isNearEnd ? step(engagement, 'nearEnd', act.now) : null
  const after = nearing?.ok ? nearing.engagement : engagement
  const kind = nearing?.ok ? ('nearEnd' as const) : ('warn' as const)
  return { engagement: after, pending: await keepEngagement(tx, { engagement: after, kind, detail, rings, late }, act) }
}

async function factsOf(tx: Tx, { ruling: { calendar } }: Held, engagement: Engagement): Promise<TimerFacts> {
  const steps = await stepsOf(tx, engagement.id)
  const first = calendar.dayOf(engagement.nextTimerAt ?? 0)
  const proved = Map.groupBy(await proofsSince(tx, engagement.id, first), ({ day }) => day)
  return {
    calendar,
    missingOn: (day) =>
      missingProofs(
        engagement,
        (proved.get(day) ?? []).map(({ item }) => item),
      ),
    isVoted: (item) => steps.some((one) => one.kind === 'ownersVote' && one.item === item && !isOpen(one)),
    openHandOver: steps.filter((one) => one.kind === 'handOver' && isOpen(one)).map(({ item }) => item),
  }
}
