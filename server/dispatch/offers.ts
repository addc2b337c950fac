import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import type { Dispatch, OfferMode } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import { isStanding, makeOffers, type OfferBar, withdrawOffer } from '#domain/offers.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { Actor, Ticket } from '#domain/ticket.ts'
import { offer, withdrawOffer as withdrawFromTicket } from '#domain/ticket-dispatch.ts'
import type { NewLogEntry } from '#domain/ticket-step.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { record } from '#server/tickets/record.ts'
import { type Gathered, withChanged } from './gather.ts'
import { dispatchesOf, insertDispatches, offerTtlMs, saveDispatches, setWaiting } from './queries.ts'
import { askedUnits } from './queue.ts'

export interface OfferOrder {
  unitIds: readonly string[]
  mode: OfferMode
  /** Left out: the tenant's setting. */
  ttlMs?: number | undefined
  confirmBusy?: boolean | undefined
}

/** DP5: offers a ticket (its row is held) to one unit, to a list in turn, or to several at once. A new list replaces those waiting. */
export async function offerTicket(
  tx: Tx,
  fleet: FleetView,
  ticket: Ticket,
  order: OfferOrder,
  actor: Actor,
  now: Instant,
): Promise<{ ticket: Ticket; dispatches: Dispatch[] } | Refused<OfferBar | 'unknown' | 'notInThisState'>> {
  const { id: ticketId, tenant } = ticket
  const { mode, confirmBusy = false } = order
  const unitIds = [...new Set(order.unitIds)]
  const asked = await askedUnits(tx, fleet, ticket, unitIds)
  const list = unitIds.map((id) => asked.get(id)).filter((one) => one !== undefined)
  if (list.length < unitIds.length) return refused('unknown')
  const ttlMs = order.ttlMs ?? (await offerTtlMs(tx, tenant))
  const terms = { tenant, ticketId, mode, ttlMs, by: actor, confirmBusy, now }
  const round = makeOffers(terms, list, await dispatchesOf(tx, ticketId), randomUUID)
  if (!round.ok) return round
  const decided = offeredTo(ticket, round.offered, actor, now)
  if (!decided.ok) return decided
  await insertDispatches(tx, round.offered)
  const waiting = round.waiting.map(({ unit }, position) => ({
    ticketId,
    position,
    unitId: unit.id,
    ttlMs,
    offeredBy: actor,
    confirmBusy,
  }))
  await setWaiting(tx, ticketId, waiting)
  const entries = withRemainder(decided.entries, {
    waiting: waiting.map(({ unitId }) => unitId),
    skipped: round.skipped,
  })
  const kept = await record(tx, {
    before: ticket,
    ticket: decided.ticket,
    entries,
    actor,
    now,
    dispatches: round.offered,
  })
  return { ticket: kept, dispatches: round.offered }
}

function offeredTo(
  ticket: Ticket,
  dispatches: readonly Dispatch[],
  actor: Actor,
  now: Instant,
): { ok: true; ticket: Ticket; entries: NewLogEntry[] } | Refused<'notInThisState'> {
  let after = ticket
  const entries: NewLogEntry[] = []
  for (const dispatch of dispatches) {
    const decided = offer(after, { ...dispatch, dispatchId: dispatch.id }, actor, now)
    if (!decided.ok) return decided
    after = decided.ticket
    entries.push(decided.entry)
  }
  return { ok: true, ticket: after, entries }
}

/** The first row of an order tells also who waits for a turn and who was passed over: it can be audited from the log alone. */
const withRemainder = (entries: readonly NewLogEntry[], remainder: Record<string, unknown[]>): NewLogEntry[] =>
  entries.map((entry, index) => (index === 0 ? { ...entry, detail: { ...entry.detail, ...remainder } } : entry))

/** DP8: the dispatcher takes an offer back, and with the last one the ticket: nobody further is asked. */
export async function withdraw(
  tx: Tx,
  { ticket, dispatch, siblings }: Gathered,
  actor: Actor,
  now: Instant,
): Promise<{ ticket: Ticket; dispatch: Dispatch } | Refused<'notOffered'>> {
  const ended = withdrawOffer(dispatch, now)
  if (!ended.ok) return ended
  const stillStanding = withChanged(siblings, [ended.dispatch]).filter(isStanding).length
  const input = { dispatchId: dispatch.id, unitId: dispatch.unitId, stillStanding }
  const decided = withdrawFromTicket(ticket, input, actor, now)
  if (!decided.ok) return decided
  await saveDispatches(tx, [ended.dispatch])
  if (stillStanding === 0) await setWaiting(tx, ticket.id, [])
  const change = {
    before: ticket,
    ticket: decided.ticket,
    entries: [decided.entry],
    actor,
    now,
    dispatches: [ended.dispatch],
  }
  return { ticket: await record(tx, change), dispatch: ended.dispatch }
}
