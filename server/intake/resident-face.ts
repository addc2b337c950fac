import type { DbOrTx } from '#db/connect.ts'
import { heardAt, isStale } from '#domain/freshness.ts'
import { haversineM } from '#domain/geo.ts'
import { type Instant, MINUTE_MS } from '#domain/instant.ts'
import type { Tenant } from '#domain/places.ts'
import type { Ticket, TicketStatus } from '#domain/ticket.ts'
import { ENDED, next } from '#domain/ticket-states.ts'
import { estimatedEtaMs, TRAVEL } from '#domain/travel.ts'
import { unitsByIds } from '#server/dispatch/queries.ts'
import { emergencyServiceOf } from '#server/engagements/serving.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { tenantByCode } from '#server/places/queries.ts'
import { ticketById } from '#server/tickets/queries.ts'
import type { ResidentTicket } from '#wire/routes/resident.ts'
import { communityName } from './resident-link.ts'

/** A reason is the control room's word to the caller only where it ends or holds up the matter. */
const TELLS_REASON: readonly TicketStatus[] = ['suspended', 'cancelled', 'not_admitted']

/** A merged ticket follows the one it went into, through at most so many merges. */
const MOST_MERGES = 5

/** IN4: what the reporter sees: progress, promises and the rating; nothing of whoever works on it. */
export async function residentFace(
  db: DbOrTx,
  fleet: FleetView,
  ticket: Ticket,
  now: Instant,
): Promise<ResidentTicket> {
  const tenant = (await tenantByCode(db, ticket.tenant)) as Tenant
  const followed = await leadTicket(db, ticket)
  const {
    status,
    class: known,
    placedAt,
    acceptedAt,
    enRouteAt,
    onSiteAt,
    planSubmittedAt,
    resolvedAt,
    closedAt,
  } = followed
  const { arriveDueAt, solveDueAt, pausedAt, resolution, solutionPlan } = followed
  return {
    number: ticket.number,
    tenantName: tenant.name,
    locale: tenant.locale,
    timeZone: tenant.timeZone,
    communityName: await communityName(db, ticket),
    category: ticket.category,
    description: ticket.description,
    reportedAt: ticket.reportedAt,
    status,
    class: known,
    placedAt,
    acceptedAt,
    enRouteAt,
    onSiteAt,
    planSubmittedAt,
    resolvedAt,
    closedAt,
    arriveDueAt,
    solveDueAt,
    pausedAt,
    etaMinutes: await etaMinutes(db, fleet, followed, now),
    resolution,
    solutionPlan: solutionPlan && { steps: solutionPlan.steps, dueAt: solutionPlan.dueAt },
    reason: TELLS_REASON.includes(status) ? followed.reason : null,
    rating: ticket.rating,
    ratingText: ticket.ratingText,
    mayRate: mayRate(ticket, followed),
    emergencyNumbers: tenant.emergencyNumbers,
    servedBy: await emergencyServiceOf(db, ticket.communityId),
    now,
  }
}

/** Whoever reported the merged one still rates, once the work itself is over. */
export const mayRate = (ticket: Ticket, followed: Ticket): boolean =>
  ticket.rating === null && next(ticket.status, 'rate', null) !== null && ENDED.includes(followed.status)

/** The ticket in which this one's matter is being done. */
export async function leadTicket(db: DbOrTx, ticket: Ticket): Promise<Ticket> {
  let lead = ticket
  for (let merges = 0; lead.mergedInto !== null && merges < MOST_MERGES; merges++) {
    const parent = await ticketById(db, lead.tenant, lead.mergedInto)
    if (!parent) break
    lead = parent
  }
  return lead
}

/** Whole minutes, rounded up, while somebody is on the way and heard from: a position is never told. */
async function etaMinutes(db: DbOrTx, fleet: FleetView, ticket: Ticket, now: Instant): Promise<number | null> {
  if (ticket.status !== 'en_route' || ticket.unitId === null) return null
  const fix = fleet.last(ticket.unitId)
  if (!fix || isStale(heardAt(fix), fix.source, now)) return null
  const [unit] = await unitsByIds(db, ticket.tenant, [ticket.unitId])
  if (!unit) return null
  const straightM = haversineM([fix.lng, fix.lat], [ticket.lng, ticket.lat])
  const rideMs = estimatedEtaMs(straightM, unit.kind, unit.mode) - TRAVEL.turnoutMs[unit.kind]
  return Math.max(1, Math.ceil(rideMs / MINUTE_MS))
}
