import { randomUUID } from 'node:crypto'
import { inArray } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { dutyShifts, dutySwaps } from '#db/schema/duties.ts'
import type { DutyShift, DutySwap } from '#domain/duty-shift.ts'
import { noShowAlarmAt, stepSwap } from '#domain/duty-verbs.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { mayTake } from '#domain/roster/may-take.ts'
import type { RosterEntry } from '#domain/roster/model.ts'
import type { RuleKey } from '#domain/roster/rules.ts'
import { clusterById } from './clusters.ts'
import { slotOfShift } from './cover.ts'
import * as kept from './duty-queries.ts'
import { lockPeople } from './lock-people.ts'
import { liveProblem } from './problem.ts'
import { type Act, appendRosterLog, audienceOf, eventOf, notice, type Told } from './record.ts'
import { changed } from './void-swaps.ts'

export interface SwapAsked {
  kind: DutySwap['kind']
  shiftId: string
  otherShiftId?: string | undefined
  otherUnitId?: string | undefined
  note?: string | undefined
}

type Swapped = Told<DutySwap>
type SwapRefusal = Refused<
  | 'unknown'
  | 'notYours'
  | 'notInThisState'
  | 'shiftStarted'
  | 'ruleBroken'
  | 'invalidFields'
  | 'alreadyOffered'
  | 'notRostered'
>

/** RW3: a shift that has not begun is proposed to a colleague, as a gift or for one of theirs. */
export async function propose(tx: Tx, shift: DutyShift, asked: SwapAsked, act: Act): Promise<Swapped | SwapRefusal> {
  if (shift.status !== 'confirmed' || shift.unitId === null) return refused('notInThisState')
  if ((asked.kind === 'swap') !== (asked.otherShiftId !== undefined)) return refused('invalidFields')
  const other = asked.otherShiftId === undefined ? null : await kept.shiftForUpdate(tx, act.tenant, asked.otherShiftId)
  if (asked.kind === 'swap' && (other?.status !== 'confirmed' || other.unitId === shift.unitId))
    return refused('unknown')
  const expiresAt = Math.min(shift.startsAt, other?.startsAt ?? shift.startsAt)
  if (act.now >= expiresAt) return refused('shiftStarted')
  const otherUnitId = other?.unitId ?? asked.otherUnitId ?? null
  if (otherUnitId === shift.unitId) return refused('invalidFields')
  const swap: DutySwap = {
    ...{ id: randomUUID(), tenant: act.tenant, clusterId: shift.clusterId, subdistrictCodes: shift.subdistrictCodes },
    ...{ kind: asked.kind, shiftId: shift.id, unitId: shift.unitId, otherShiftId: other?.id ?? null, otherUnitId },
    ...{ note: asked.note ?? null, status: 'proposed', proposedAt: act.now, expiresAt },
    ...{ agreedAt: null, decidedAt: null, why: null },
  }
  if (otherUnitId !== null) {
    const bars = await barsOf(tx, { shift, other, otherUnitId })
    if (bars === null) return refused('notRostered')
    if (bars.length > 0) return refused('ruleBroken')
  }
  const made = await tx.insert(dutySwaps).values(swap).onConflictDoNothing().returning({ id: dutySwaps.id })
  if (made.length === 0) return refused('alreadyOffered')
  const told = otherUnitId === null ? [] : await notice(tx, 'swapProposed', [{ unitId: otherUnitId, shift }], act)
  return { answer: swap, events: [...told, changed(swap, act)] }
}

interface Exchange {
  shift: DutyShift
  other: DutyShift | null
  otherUnitId: string
}

/** RW4: what the rules say against it, for both: each is judged without what they give away. Null = somebody is not rostered there. */
async function barsOf(tx: Tx, { shift, other, otherUnitId }: Exchange): Promise<RuleKey[] | null> {
  const given = other ? [shift, other] : [shift]
  const without = (roster: readonly RosterEntry[]) =>
    roster.filter((entry) => !given.some((one) => one.unitId === entry.personId && isSame(entry, one)))
  const bars: RuleKey[] = []
  const judge = async (unitId: string, taken: DutyShift) => {
    const { problem, roster } = await liveProblem(tx, shift.tenant, taken.day, [taken.clusterId])
    if (!problem.people.some(({ id }) => id === unitId)) return false
    const verdict = mayTake(problem, without(roster), unitId, slotOfShift(taken))
    if (!verdict.ok) bars.push(...verdict.bars)
    return true
  }
  if (!(await judge(otherUnitId, shift))) return null
  if (other && shift.unitId !== null && !(await judge(shift.unitId, other))) return null
  return bars
}

const isSame = (entry: RosterEntry, { day, kind, clusterId }: DutyShift): boolean =>
  entry.day === day && entry.shiftId === kind && entry.clusterId === clusterId

/** RW4: the other's yes; done at once when the rules let it pass and nobody has to approve. The caller holds the swap. */
export async function agree(tx: Tx, swap: DutySwap, unitId: string, act: Act): Promise<Swapped | SwapRefusal> {
  if (swap.otherUnitId !== null && swap.otherUnitId !== unitId) return refused('notYours')
  if (unitId === swap.unitId) return refused('notYours')
  if (stepSwap(swap, 'agree') === null || act.now >= swap.expiresAt) return refused('notInThisState')
  const agreed: DutySwap = { ...swap, otherUnitId: unitId, status: 'agreed', agreedAt: act.now }
  const held = await holdExchange(tx, agreed)
  if (!held) return refused('notInThisState')
  const bars = await barsOf(tx, held)
  if (bars === null) return refused('notRostered')
  if (bars.length > 0) return refused('ruleBroken')
  const cluster = await clusterById(tx, swap.tenant, swap.clusterId)
  if (!cluster?.swapsNeedApproval) return carryOut(tx, agreed, held, act)
  await kept.saveSwap(tx, agreed)
  return { answer: agreed, events: [changed(agreed, act)] }
}

/** RW4: the supervisor's word, after the rules have been asked once more. */
export async function approve(tx: Tx, swap: DutySwap, act: Act): Promise<Swapped | SwapRefusal> {
  if (stepSwap(swap, 'approve') === null || act.now >= swap.expiresAt) return refused('notInThisState')
  const held = await holdExchange(tx, swap)
  if (!held) return refused('notInThisState')
  const bars = await barsOf(tx, held)
  if (bars === null) return refused('notRostered')
  return bars.length > 0 ? refused('ruleBroken') : carryOut(tx, swap, held, act)
}

async function holdExchange(tx: Tx, swap: DutySwap): Promise<Exchange | null> {
  if (swap.otherUnitId === null) return null
  await lockPeople(tx, [swap.unitId, swap.otherUnitId])
  const ids = [swap.shiftId, swap.otherShiftId].filter((id) => id !== null)
  const rows = await tx
    .select()
    .from(dutyShifts)
    .where(inArray(dutyShifts.id, ids))
    .orderBy(dutyShifts.id)
    .for('update')
  const shift = rows.find(({ id }) => id === swap.shiftId)
  const other = rows.find(({ id }) => id === swap.otherShiftId) ?? null
  const stands = shift?.status === 'confirmed' && shift.unitId === swap.unitId
  const otherStands = swap.otherShiftId === null || (other?.status === 'confirmed' && other.unitId === swap.otherUnitId)
  return shift && stands && otherStands ? { shift, other, otherUnitId: swap.otherUnitId } : null
}

/** The shifts change hands; the one that leaves its holder first makes room for the constraint of one at a time. */
async function carryOut(tx: Tx, swap: DutySwap, { shift, other, otherUnitId }: Exchange, act: Act): Promise<Swapped> {
  const done: DutySwap = { ...swap, status: 'done', decidedAt: act.now }
  const mine: DutyShift = {
    ...shift,
    unitId: otherUnitId,
    nextTimerAt: noShowAlarmAt(shift.startsAt),
    updatedAt: act.now,
  }
  if (other) {
    const theirs: DutyShift = { ...other, unitId: swap.unitId, updatedAt: act.now }
    await kept.saveShift(tx, { ...shift, unitId: null })
    await kept.saveShift(tx, theirs)
  }
  await kept.saveShift(tx, mine)
  await kept.saveSwap(tx, done)
  await appendRosterLog(tx, { subject: 'swap', subjectId: swap.id, kind: swap.kind, detail: { otherUnitId } }, act)
  const people = [swap.unitId, otherUnitId].map((unitId) => ({ unitId, shift: mine }))
  const noticed = await notice(tx, 'swapDone', people, act)
  const shifts = other ? [mine, { ...other, unitId: swap.unitId, updatedAt: act.now }] : [mine]
  const audience = audienceOf(swap.subdistrictCodes, [swap.unitId, otherUnitId])
  return { answer: done, events: [...noticed, eventOf('duty:swapped', act, audience, { swaps: [done], shifts })] }
}
