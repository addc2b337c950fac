import type { Tx } from '#db/connect.ts'
import type { DeclineReason, Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import { type Answerer, type AnswerRefusal, acceptOffer, declineOffer, isStanding } from '#domain/offers.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { Ticket } from '#domain/ticket.ts'
import { accept as acceptTicket, decline as declineTicket, loseOffer } from '#domain/ticket-dispatch.ts'
import type { Unit } from '#domain/units.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { type Change, record, recordAll } from '#server/tickets/record.ts'
import { settleDuty } from './duty.ts'
import { type Gathered, withChanged } from './gather.ts'
import { saveDispatches, setWaiting, unitsForUpdate } from './queries.ts'
import { offerNext } from './queue.ts'

/** What a verb on a dispatch leaves behind; `units` are those whose duty it changed. */
export interface Outcome {
  ticket: Ticket
  dispatch: Dispatch
  units: Unit[]
}

/**
 * DP1: the ticket's row is held, so acceptances come one after another and the second finds the task taken; the index
 * `dispatches_one_winner` would refuse it even so. Losers are in the winner's event.
 */
export async function accept(
  tx: Tx,
  fleet: FleetView,
  { ticket, dispatch, siblings }: Gathered,
  by: Answerer,
  now: Instant,
): Promise<Outcome | Refused<AnswerRefusal | 'volunteerNotOrdered' | 'unknown'>> {
  const [unit] = await unitsForUpdate(tx, ticket.tenant, [dispatch.unitId])
  if (!unit) return refused('unknown')
  const who = { isVolunteer: unit.kind === 'volunteer', isReachable: fleet.isReachable(unit.id) }
  const won = acceptOffer(dispatch, siblings, by, who, now)
  if (!won.ok) return won
  const input = { dispatchId: dispatch.id, unitId: unit.id, firmId: unit.firmId, byPhone: by.unitId === null }
  const decided = acceptTicket(ticket, input, by.actor, now)
  if (!decided.ok) return decided
  const lost = won.lost.map((one) => loseOffer(ticket, { dispatchId: one.id, unitId: one.unitId }, by.actor, now).entry)
  const changed = [won.dispatch, ...won.lost]
  await saveDispatches(tx, changed)
  await setWaiting(tx, ticket.id, [])
  const units = await settleDuty(tx, decided.ticket, withChanged(siblings, changed), [unit.id], now)
  const kept = await record(tx, {
    before: ticket,
    ticket: decided.ticket,
    entries: [decided.entry, ...lost],
    actor: by.actor,
    now,
    dispatches: changed,
    units,
  })
  return { ticket: kept, dispatch: won.dispatch, units }
}

/** DP7: a no passes the ticket on to the next in turn at once, without waiting for the clock. */
export async function decline(
  tx: Tx,
  fleet: FleetView,
  { ticket, dispatch, siblings }: Gathered,
  by: Answerer,
  reason: DeclineReason,
  now: Instant,
): Promise<Outcome | Refused<AnswerRefusal>> {
  const said = declineOffer(dispatch, by, reason, now)
  if (!said.ok) return said
  const after = withChanged(siblings, [said.dispatch])
  const stillStanding = after.filter(isStanding).length
  const input = { dispatchId: dispatch.id, unitId: dispatch.unitId, stillStanding, reason, byPhone: by.unitId === null }
  const decided = declineTicket(ticket, input, by.actor, now)
  if (!decided.ok) return decided
  await saveDispatches(tx, [said.dispatch])
  const fall: Change = {
    before: ticket,
    ticket: decided.ticket,
    entries: [decided.entry],
    actor: by.actor,
    now,
    dispatches: [said.dispatch],
  }
  return { ticket: await passOn(tx, fleet, fall, after), dispatch: said.dispatch, units: [] }
}

/** DP7: records the fall of an offer; of the last one, with the next offer or with the alarm that nobody is left. */
export async function passOn(tx: Tx, fleet: FleetView, fall: Change, siblings: readonly Dispatch[]): Promise<Ticket> {
  if (siblings.some(isStanding)) return record(tx, fall)
  const next = await offerNext(tx, fleet, fall.ticket, siblings, fall.now)
  const changes: Change[] = next ? [fall, next] : [{ ...fall, alarms: ['offersExhausted'] }]
  const kept = await recordAll(tx, changes)
  return kept.at(-1) as Ticket
}
