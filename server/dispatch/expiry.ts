import type { Db, Tx } from '#db/connect.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import { expireOffer, isStanding } from '#domain/offers.ts'
import type { Ticket } from '#domain/ticket.ts'
import { expire } from '#domain/ticket-dispatch.ts'
import type { NewLogEntry } from '#domain/ticket-step.ts'
import { ENGINE, LATE_AFTER_MS } from '#domain/ticket-timers.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { FleetView } from '#server/fleet/view.ts'
import type { Wake } from '#server/serving.ts'
import { passOn } from './answers.ts'
import { withChanged } from './gather.ts'
import { dispatchesOf, nextOfferDueAt, saveDispatches, ticketIfFree, ticketsWithDueOffers } from './queries.ts'

/** Tickets dealt with in one turn, each in a transaction of its own. */
const MOST_AT_ONCE = 200

/** P4: offers end on time, and the next in turn is asked, with any number of engines. */
export const offerExpiry = (fleet: FleetView, wake: Wake): Duty => ({
  name: 'offerExpiry',
  nextAt: (db) => nextOfferDueAt(db),
  run: async (db, now) => {
    const tenants = await expireOffers(db, fleet, now)
    for (const tenant of new Set(tenants)) wake(tenant)
    return tenants.length
  },
})

/**
 * DP6, DP7: ends the offers whose time is over; answers the tenant of each ticket it has dealt with. A ticket that somebody
 * else holds is passed over: they leave nothing due on it, or the next turn comes to it.
 */
export async function expireOffers(db: Db, fleet: FleetView, now: Instant): Promise<string[]> {
  const tenants: string[] = []
  for (const ticketId of await ticketsWithDueOffers(db, now, MOST_AT_ONCE)) {
    const tenant = await db.transaction((tx) => expireOffersOf(tx, fleet, ticketId, now))
    if (tenant !== null) tenants.push(tenant)
  }
  return tenants
}

async function expireOffersOf(tx: Tx, fleet: FleetView, ticketId: string, now: Instant): Promise<string | null> {
  const ticket = await ticketIfFree(tx, ticketId)
  if (!ticket) return null
  const siblings = await dispatchesOf(tx, ticketId)
  const due = siblings.map((one) => expireOffer(one, now)).flatMap((one) => (one.ok ? [one.dispatch] : []))
  if (due.length === 0) return null
  await saveDispatches(tx, due)
  const fallen = fallOf(ticket, siblings, due, now)
  // An offer of a ticket that is not on offer asks nobody anything: it is ended, and there is nothing to tell.
  if (!fallen) return ticket.tenant
  const change = { ...fallen, before: ticket, actor: ENGINE, now, dispatches: due, late: isLate(due, now) }
  await passOn(tx, fleet, change, withChanged(siblings, due))
  return ticket.tenant
}

/** Offers of a batch that end together fall one after the other, and only the last brings the ticket back. */
function fallOf(ticket: Ticket, siblings: readonly Dispatch[], due: readonly Dispatch[], now: Instant) {
  let after = ticket
  let stillStanding = siblings.filter(isStanding).length
  const entries: NewLogEntry[] = []
  for (const dispatch of due) {
    stillStanding--
    const input = { dispatchId: dispatch.id, unitId: dispatch.unitId, stillStanding, late: isLate([dispatch], now) }
    const decided = expire(after, input, ENGINE, now)
    if (!decided.ok) return null
    after = decided.ticket
    entries.push(decided.entry)
  }
  return { ticket: after, entries }
}

/** P4: what ends long after its moment was missed in an outage, and says so. */
const isLate = (due: readonly Dispatch[], now: Instant): boolean =>
  due.some(({ expiresAt }) => expiresAt !== null && now - expiresAt > LATE_AFTER_MS)
