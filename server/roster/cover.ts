import { randomUUID } from 'node:crypto'
import type { DbOrTx, Tx } from '#db/connect.ts'
import type { CoverOffer, DutyShift } from '#domain/duty-shift.ts'
import { answerCover, gapOf, missShift, NEXT_DUTY, takeGap } from '#domain/duty-verbs.ts'
import { haversineM } from '#domain/geo.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { mayTake } from '#domain/roster/may-take.ts'
import type { RosterPerson, RosterSlot } from '#domain/roster/model.ts'
import type { NewEvent } from '#server/feed/append.ts'
import type { CoverCandidate } from '#wire/roster-shapes.ts'
import { clusterById } from './clusters.ts'
import * as kept from './duty-queries.ts'
import { lockPeople } from './lock-people.ts'
import { liveProblem } from './problem.ts'
import { type Act, appendRosterLog, audienceOf, eventOf, notice, raiseDutyAlarm } from './record.ts'
import { settleDutyAlarms } from './settle.ts'

export const slotOfShift = ({ day, kind, clusterId, skill }: DutyShift): RosterSlot => ({
  day,
  shiftId: kind,
  clusterId,
  ...(skill !== null && { skill }),
})

/** RW1: who could fill the gap: those the rules let, the least disturbed first, of them the nearest; then those they bar, with what bars them. */
export async function candidatesForGap(
  db: DbOrTx,
  gap: DutyShift,
  notUnitId: string | null,
): Promise<CoverCandidate[]> {
  const { problem, roster } = await liveProblem(db, gap.tenant, gap.day, [gap.clusterId])
  const cluster = await clusterById(db, gap.tenant, gap.clusterId)
  const asked = new Map((await kept.offersOf(db, gap.id)).map((offer) => [offer.unitId, offer.status]))
  const slot = slotOfShift(gap)
  const judged = problem.people
    .filter((person) => person.id !== notUnitId && canFill(person, gap))
    .map((person): CoverCandidate => {
      const verdict = mayTake(problem, roster, person.id, slot)
      const { home } = person
      return {
        unitId: person.id,
        callsign: person.callsign,
        bars: verdict.ok ? [] : verdict.bars,
        points: verdict.ok ? verdict.points : 0,
        distanceM: home && cluster ? Math.round(haversineM([home.lng, home.lat], [cluster.lng, cluster.lat])) : 0,
        asked: asked.get(person.id) ?? null,
      }
    })
  const byFit = (a: CoverCandidate, b: CoverCandidate) =>
    Math.sign(a.bars.length) - Math.sign(b.bars.length) ||
    a.points - b.points ||
    a.distanceM - b.distanceM ||
    (a.unitId < b.unitId ? -1 : 1)
  return judged.sort(byFit)
}

/** Volunteers are asked for slots of their own (VO2), never for a colleague's shift. */
const canFill = ({ mode, skills, clusterIds }: RosterPerson, { skill, clusterId }: DutyShift): boolean =>
  mode !== 'volunteer' && clusterIds.includes(clusterId) && (skill === null || skills.includes(skill))

/** RW1: the shift becomes a gap, and the best fitting is asked. The caller holds the shift. */
export async function openGap(tx: Tx, shift: DutyShift, act: Act): Promise<NewEvent[]> {
  const gap = gapOf(shift, randomUUID(), act.now)
  await kept.saveShift(tx, gap)
  const told = eventOf('duty:coverOffered', act, audienceOf(shift.subdistrictCodes), { shifts: [gap] })
  return [told, ...(await askNext(tx, gap, shift.unitId, act))]
}

/** Asks the next in turn; when there is nobody left the supervisor is told. */
export async function askNext(tx: Tx, gap: DutyShift, notUnitId: string | null, act: Act): Promise<NewEvent[]> {
  if (gap.status !== 'open' || !gap.isCovering || act.now >= gap.endsAt) return []
  const cluster = await clusterById(tx, gap.tenant, gap.clusterId)
  const candidates = await candidatesForGap(tx, gap, notUnitId)
  const next = candidates.find(({ bars, asked }) => bars.length === 0 && asked === null)
  if (!next) return exhausted(tx, gap, act)
  const offer: CoverOffer = {
    ...{ id: randomUUID(), tenant: gap.tenant, shiftId: gap.id, clusterId: gap.clusterId },
    ...{ subdistrictCodes: gap.subdistrictCodes, unitId: next.unitId, status: 'offered', answeredAt: null },
    rank: candidates.filter(({ asked }) => asked !== null).length + 1,
    offeredAt: act.now,
    expiresAt: act.now + (cluster?.coverTtlMs ?? 0),
  }
  await kept.saveOffer(tx, offer)
  const noticed = await notice(tx, 'coverOffered', [{ unitId: offer.unitId, shift: gap }], act)
  const audience = audienceOf(gap.subdistrictCodes, [offer.unitId])
  return [...noticed, eventOf('duty:coverOffered', act, audience, { covers: [offer], shifts: [gap] })]
}

async function exhausted(tx: Tx, gap: DutyShift, act: Act): Promise<NewEvent[]> {
  const still: DutyShift = { ...gap, isCovering: false, updatedAt: act.now }
  await kept.saveShift(tx, still)
  const closed = eventOf('duty:coverClosed', act, audienceOf(gap.subdistrictCodes), { shifts: [still] })
  return [closed, await raiseDutyAlarm(tx, 'coverExhausted', gap, act)]
}

/** RD5: nobody has begun: the alarm, and the gap is offered at once. */
export async function miss(tx: Tx, shift: DutyShift, act: Act, late: boolean): Promise<NewEvent[]> {
  const decided = missShift(shift, act.now)
  if (isRefused(decided)) return []
  const missed = (decided as { shift: DutyShift }).shift
  await kept.saveShift(tx, missed)
  await appendRosterLog(tx, { subject: 'shift', subjectId: shift.id, kind: 'miss', detail: { late } }, act)
  const told = eventOf('duty:noShow', act, audienceOf(shift.subdistrictCodes, [shift.unitId]), { shifts: [missed] })
  return [told, await raiseDutyAlarm(tx, 'dutyNoShow', missed, act, late), ...(await openGap(tx, missed, act))]
}

type Answered = { answer: { offer: CoverOffer; shift: DutyShift }; events: NewEvent[] }
type CoverRefusal = Refused<'notOffered' | 'offerExpired' | 'alreadyTaken' | 'ruleBroken' | 'notInThisState'>

/** RW2: one winner, within the law as it is at that moment. The caller holds the gap, then the offer. */
export async function accept(tx: Tx, gap: DutyShift, before: CoverOffer, act: Act): Promise<Answered | CoverRefusal> {
  const decided = answerCover(before, true, act.now)
  if (!decided.ok) return decided
  if (gap.status !== 'open') return refused('alreadyTaken')
  await lockPeople(tx, [before.unitId])
  const { problem, roster } = await liveProblem(tx, gap.tenant, gap.day, [gap.clusterId])
  const isKnown = problem.people.some(({ id }) => id === before.unitId)
  if (!isKnown || !mayTake(problem, roster, before.unitId, slotOfShift(gap)).ok) return refused('ruleBroken')
  const taken = takeGap(gap, before.unitId, act.now)
  if (!taken.ok) return taken
  await kept.saveOffer(tx, decided.offer)
  await kept.saveShift(tx, taken.shift)
  const covered = await markCovered(tx, gap)
  await appendRosterLog(
    tx,
    { subject: 'shift', subjectId: gap.id, kind: 'cover', detail: { unitId: before.unitId } },
    act,
  )
  const shifts = [taken.shift, ...covered]
  const audience = audienceOf(gap.subdistrictCodes, [before.unitId, ...covered.map(({ unitId }) => unitId)])
  const quiet = await settleDutyAlarms(
    tx,
    ['dutyNoShow', 'coverExhausted'],
    { ...gap, id: gap.coversId ?? gap.id },
    act,
  )
  const told = eventOf('duty:covered', act, audience, { covers: [decided.offer], shifts })
  return { answer: { offer: decided.offer, shift: taken.shift }, events: [told, ...quiet] }
}

/** Whoever did not come is no longer waited for. */
async function markCovered(tx: Tx, gap: DutyShift): Promise<DutyShift[]> {
  const missed = gap.coversId === null ? null : await kept.shiftForUpdate(tx, gap.tenant, gap.coversId)
  const status = missed && NEXT_DUTY[missed.status].cover
  if (!missed || !status) return []
  const covered: DutyShift = { ...missed, status }
  await kept.saveShift(tx, covered)
  return [covered]
}

export async function decline(tx: Tx, gap: DutyShift, before: CoverOffer, act: Act): Promise<Answered | CoverRefusal> {
  const decided = answerCover(before, false, act.now)
  if (!decided.ok) return decided
  await kept.saveOffer(tx, decided.offer)
  const audience = audienceOf(gap.subdistrictCodes, [before.unitId])
  const told = eventOf('duty:coverClosed', act, audience, { covers: [decided.offer] })
  const next = await askNext(tx, gap, await missedUnit(tx, gap), act)
  return { answer: { offer: decided.offer, shift: gap }, events: [told, ...next] }
}

/** P4: a question nobody has answered in time; the next is asked. */
export async function expire(tx: Tx, gap: DutyShift, before: CoverOffer, act: Act): Promise<NewEvent[]> {
  const offer: CoverOffer = { ...before, status: 'expired' }
  await kept.saveOffer(tx, offer)
  const audience = audienceOf(gap.subdistrictCodes, [before.unitId])
  const told = eventOf('duty:coverClosed', act, audience, { covers: [offer] })
  return [told, ...(await askNext(tx, gap, await missedUnit(tx, gap), act))]
}

/** Who does not come is not asked to fill the own gap. */
export const missedUnit = (tx: Tx, gap: DutyShift): Promise<string | null> => kept.holderBefore(tx, gap)

/** The question that stands is taken back, and nobody else is asked; `status` is what becomes of the gap. */
export async function closeGap(tx: Tx, gap: DutyShift, status: 'open' | 'released', act: Act): Promise<NewEvent[]> {
  const standing = (await kept.offersOf(tx, gap.id)).filter((offer) => offer.status === 'offered')
  const covers = standing.map((offer): CoverOffer => ({ ...offer, status: 'withdrawn' }))
  for (const offer of covers) await kept.saveOffer(tx, offer)
  const closed: DutyShift = { ...gap, status, isCovering: false, updatedAt: act.now }
  await kept.saveShift(tx, closed)
  const noticed = await notice(
    tx,
    'coverClosed',
    covers.map(({ unitId }) => ({ unitId, shift: gap })),
    act,
  )
  const audience = audienceOf(
    gap.subdistrictCodes,
    covers.map(({ unitId }) => unitId),
  )
  return [...noticed, eventOf('duty:coverClosed', act, audience, { covers, shifts: [closed] })]
}
