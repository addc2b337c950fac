import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import { type Asked, makeOffer } from '#domain/offers.ts'
import type { Ticket } from '#domain/ticket.ts'
import { offer } from '#domain/ticket-dispatch.ts'
import { ENGINE } from '#domain/ticket-timers.ts'
import type { FleetView } from '#server/fleet/view.ts'
import type { Change } from '#server/tickets/record.ts'
import { insertDispatches, openTasks, setWaiting, unitsByIds, waitingFor } from './queries.ts'

/**
 * DP7: asks the next in turn who can be asked, and answers what is to be recorded; null when nobody is left. `ticket` is as the
 * fall of the last offer left it.
 */
export async function offerNext(
  tx: Tx,
  fleet: FleetView,
  ticket: Ticket,
  siblings: readonly Dispatch[],
  now: Instant,
): Promise<Change | null> {
  const waiting = await waitingFor(tx, ticket.id)
  if (waiting.length === 0) return null
  const asked = await askedUnits(
    tx,
    fleet,
    ticket,
    waiting.map(({ unitId }) => unitId),
  )
  for (const [index, { unitId, ttlMs, offeredBy, confirmBusy }] of waiting.entries()) {
    const one = asked.get(unitId)
    if (!one) continue
    const terms = {
      tenant: ticket.tenant,
      ticketId: ticket.id,
      mode: 'sequence',
      ttlMs,
      by: offeredBy,
      confirmBusy,
      now,
    } as const
    const made = makeOffer(terms, one, siblings, randomUUID())
    if (!made.ok) continue
    const { dispatch } = made
    const decided = offer(ticket, { ...dispatch, dispatchId: dispatch.id }, ENGINE, now)
    if (!decided.ok) break
    await setWaiting(tx, ticket.id, waiting.slice(index + 1))
    await insertDispatches(tx, [dispatch])
    return {
      before: ticket,
      ticket: decided.ticket,
      entries: [decided.entry],
      actor: ENGINE,
      now,
      dispatches: [dispatch],
    }
  }
  await setWaiting(tx, ticket.id, [])
  return null
}

/** The units of a list as the offer rules see them; whoever is not of the tenant is not in the answer. */
export async function askedUnits(
  tx: Tx,
  fleet: FleetView,
  ticket: Ticket,
  unitIds: readonly string[],
): Promise<Map<string, Asked>> {
  const units = await unitsByIds(tx, ticket.tenant, unitIds)
  const tasks = units.length > 0 ? await openTasks(tx, ticket.tenant, ticket.id, unitIds) : new Map<string, number>()
  return new Map(
    units.map((unit) => [
      unit.id,
      { unit, openTasks: tasks.get(unit.id) ?? 0, isReachable: fleet.isReachable(unit.id) },
    ]),
  )
}
