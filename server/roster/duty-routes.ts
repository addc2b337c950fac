import type { Tx } from '#db/connect.ts'
import { type Action, may } from '#domain/access.ts'
import type { CoverOffer, DutyShift, DutySwap } from '#domain/duty-shift.ts'
import type { LngLat } from '#domain/places.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { subjectOfCluster } from '#server/feed/entitled-roster.ts'
import type { Ask, Reader } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { AnswerOf, Route } from '#wire/route.ts'
import * as wire from '#wire/routes/duties.ts'
import * as cover from './cover.ts'
import { end, start } from './duty.ts'
import * as kept from './duty-queries.ts'
import * as handOver from './hand-over.ts'
import { isOwn } from './people.ts'
import { type Act, appendRosterLog, type RosterShop, serveCommand, type Told } from './record.ts'
import * as swaps from './swaps.ts'
import { close } from './void-swaps.ts'

export function dutyRoutes(shop: RosterShop): void {
  serveShifts(shop)
  serveCovers(shop)
  serveSwaps(shop)
  serveHandOvers(shop)
}

const mayLead = (reader: Reader, action: Action, row: { tenant: string; subdistrictCodes: string[] }): boolean =>
  may(reader.grants, action, subjectOfCluster(row))

type OnShift = Route & { params: object }

/** A verb on one shift, by the person or, where the route lets them, by the supervisor for the person. */
function serveOnShift<R extends OnShift>(
  shop: RosterShop,
  route: R,
  decide: (
    tx: Tx,
    shift: DutyShift,
    ask: Ask<R> & { reader: Reader },
    act: Act,
  ) => Promise<Told<AnswerOf<R>> | Refused<ErrorCode>>,
): void {
  const byAction: Action[] = [route.action, route.orAction].filter(
    (action): action is Action => action !== undefined && action !== 'public',
  )
  serveCommand(shop, route, async (tx, ask, act) => {
    const shift = await kept.shiftForUpdate(tx, act.tenant, (ask.params as { id: string }).id)
    const { reader } = ask
    const mine = shift?.unitId != null && isOwn(reader, shift.unitId)
    if (!shift || !(mine || mayLead(reader, 'roster.read', shift))) return refused('unknown')
    const isAllowed = byAction.some((action) => (action === 'duty.own' ? mine : mayLead(reader, action, shift)))
    return isAllowed ? decide(tx, shift, ask, act) : refused('notAllowed')
  })
}

const placeSaid = ({ lng, lat }: { lng?: number | undefined; lat?: number | undefined }): LngLat | null =>
  lng === undefined || lat === undefined ? null : [lng, lat]

function serveShifts(shop: RosterShop): void {
  serveOnShift(shop, wire.startShift, (tx, shift, { body, reader }, act) => {
    const isForThem = shift.unitId === null || !isOwn(reader, shift.unitId)
    return start(tx, shift, { at: isForThem ? null : placeSaid(body), isForThem }, act)
  })
  serveOnShift(shop, wire.endShift, (tx, shift, { body }, act) => end(tx, shift, body.reason ?? null, act))
  serveOnShift(shop, wire.coverShift, async (tx, shift, { body }, act) => {
    // A gap whose questions were stopped, or that nobody took, is asked round once more.
    if (shift.status === 'open') return againAsked(tx, shift, act)
    if (shift.status !== 'confirmed') return refused('notInThisState')
    const released: DutyShift = { ...shift, status: 'released', nextTimerAt: null, updatedAt: act.now }
    await kept.saveShift(tx, released)
    await appendRosterLog(tx, { subject: 'shift', subjectId: shift.id, kind: 'cover', reason: body.reason }, act)
    return { answer: released, events: await cover.openGap(tx, released, act) }
  })
  serveOnShift(shop, wire.stopCover, async (tx, shift, { body }, act) => {
    if (shift.status !== 'open' || !shift.isCovering) return refused('notInThisState')
    await appendRosterLog(tx, { subject: 'shift', subjectId: shift.id, kind: 'stopCover', reason: body.reason }, act)
    const events = await cover.closeGap(tx, shift, 'open', act)
    return { answer: { ...shift, isCovering: false, updatedAt: act.now }, events }
  })
}

async function againAsked(tx: Tx, before: DutyShift, act: Act): Promise<Told<DutyShift> | Refused<'notInThisState'>> {
  if (before.isCovering) return refused('notInThisState')
  const gap: DutyShift = { ...before, isCovering: true, updatedAt: act.now }
  await kept.saveShift(tx, gap)
  const events = await cover.askNext(tx, gap, await cover.missedUnit(tx, gap), act)
  return { answer: gap, events }
}

function serveCovers(shop: RosterShop): void {
  shop.serve(wire.coverCandidates, async ({ tenant, reader, params }) => {
    const shift = await kept.shiftById(shop.db, tenant, params.id)
    if (!shift || !mayLead(reader, 'roster.read', shift)) return refused('unknown')
    if (!mayLead(reader, 'duty.direct', shift)) return refused('notAllowed')
    return cover.candidatesForGap(shop.db, shift, shift.unitId ?? (await kept.holderBefore(shop.db, shift)))
  })
  type Answer = (tx: Tx, gap: DutyShift, offer: CoverOffer, act: Act) => ReturnType<typeof cover.accept>
  const answering = (route: typeof wire.acceptCover | typeof wire.declineCover, act: Answer) =>
    serveCommand(shop, route, async (tx, { params, reader }, by) => {
      const shiftId = await kept.shiftOfOffer(tx, params.id)
      const gap = shiftId === null ? null : await kept.shiftForUpdate(tx, by.tenant, shiftId)
      const offer = await kept.offerForUpdate(tx, by.tenant, params.id)
      if (!gap || !offer || !isOwn(reader, offer.unitId)) return refused('unknown')
      return act(tx, gap, offer, by)
    })
  answering(wire.acceptCover, cover.accept)
  answering(wire.declineCover, cover.decline)
}

function serveSwaps(shop: RosterShop): void {
  serveCommand(shop, wire.proposeSwap, async (tx, { body, reader }, act) => {
    const shift = await kept.shiftForUpdate(tx, act.tenant, body.shiftId)
    if (!shift || shift.unitId === null || !isOwn(reader, shift.unitId)) return refused('unknown')
    return swaps.propose(tx, shift, body, act)
  })
  type OnSwap = (tx: Tx, swap: DutySwap, reader: Reader, act: Act) => ReturnType<typeof swaps.agree>
  const onSwap = (route: typeof wire.agreeSwap, isWhose: (swap: DutySwap, reader: Reader) => boolean, decide: OnSwap) =>
    serveCommand(shop, route, async (tx, { params, reader }, act) => {
      const swap = await kept.swapForUpdate(tx, act.tenant, params.id)
      return swap && isWhose(swap, reader) ? decide(tx, swap, reader, act) : refused('unknown')
    })
  const isOther = ({ otherUnitId, tenant }: DutySwap, reader: Reader) =>
    otherUnitId === null ? unitsOf(reader, tenant).length > 0 : isOwn(reader, otherUnitId)
  const isProposer = ({ unitId }: DutySwap, reader: Reader) => isOwn(reader, unitId)
  const isLeader = (swap: DutySwap, reader: Reader) => mayLead(reader, 'duty.direct', swap)
  onSwap(wire.agreeSwap, isOther, (tx, swap, reader, act) => {
    const unitId = swap.otherUnitId ?? unitsOf(reader, act.tenant)[0] ?? ''
    return swaps.agree(tx, swap, unitId, act)
  })
  onSwap(wire.declineSwap, isOther, (tx, swap, _reader, act) =>
    // What is offered to everybody is nobody's to decline.
    swap.otherUnitId === null ? Promise.resolve(refused('notYours')) : close(tx, swap, 'decline', { why: null, act }),
  )
  onSwap(wire.withdrawSwap, isProposer, (tx, swap, _reader, act) => close(tx, swap, 'withdraw', { why: null, act }))
  onSwap(wire.approveSwap, isLeader, (tx, swap, _reader, act) => swaps.approve(tx, swap, act))
  serveCommand(shop, wire.refuseSwap, async (tx, { params, body, reader }, act) => {
    const swap = await kept.swapForUpdate(tx, act.tenant, params.id)
    return swap && isLeader(swap, reader) ? close(tx, swap, 'refuse', { why: body.reason, act }) : refused('unknown')
  })
}

/** The units an account speaks for. */
export const unitsOf = ({ grants }: Reader, tenant: string): string[] =>
  grants.flatMap((grant) => (grant.tenant === tenant && grant.unitId !== null ? [grant.unitId] : []))

function serveHandOvers(shop: RosterShop): void {
  serveOnShift(shop, wire.writeHandOver, (tx, shift, { body }, act) => handOver.write(tx, shift, body.note, act))
  serveCommand(shop, wire.takeHandOver, async (tx, { params, body, reader }, act) => {
    const shift = await kept.shiftForUpdate(tx, act.tenant, params.id)
    const by = await kept.shiftById(tx, act.tenant, body.shiftId)
    if (!shift || !by) return refused('unknown')
    const mine = by.unitId !== null && isOwn(reader, by.unitId)
    const isAllowed = mine || (mayLead(reader, 'duty.direct', shift) && mayLead(reader, 'duty.direct', by))
    return isAllowed ? handOver.take(tx, shift, by, act) : refused('unknown')
  })
}
