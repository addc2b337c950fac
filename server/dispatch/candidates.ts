import type { DbOrTx } from '#db/connect.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import { freshnessOf, heardAt } from '#domain/freshness.ts'
import { haversineM } from '#domain/geo.ts'
import type { Instant } from '#domain/instant.ts'
import type { LngLat } from '#domain/places.ts'
import { type Candidate, type Contender, rank, shortlist } from '#domain/rank.ts'
import type { Ticket } from '#domain/ticket.ts'
import { estimatedEtaMs, routedEtaMs } from '#domain/travel.ts'
import type { Unit } from '#domain/units.ts'
import { servingFirmOf } from '#server/engagements/serving.ts'
import type { FleetView } from '#server/fleet/view.ts'
import { dispatchesOf, openOffers, openTasks, unitsByIds } from './queries.ts'
import { type AskRouter, ROUTER_MOST } from './router.ts'

export interface Ranking {
  candidates: Candidate[]
  router: 'estimate' | 'osrm'
}

/**
 * RK10: of everybody on duty, as the live fleet knows them, keeps the best by estimate; reads those few as their rows are now,
 * asks the router about them alone, and ranks them.
 */
export async function candidatesFor(
  db: DbOrTx,
  fleet: FleetView,
  askRouter: AskRouter | null,
  ticket: Ticket,
  most: number,
  now: Instant,
): Promise<Ranking> {
  const [sent, tasks, offers, servingFirmId] = await Promise.all([
    dispatchesOf(db, ticket.id),
    openTasks(db, ticket.tenant, ticket.id),
    openOffers(db, ticket.tenant, ticket.id),
    servingFirmOf(db, ticket.communityId),
  ])
  const before = latestByUnit(sent, ticket)
  const contend = (unit: Unit): Contender => ({
    ...whereabouts(unit, ticket, fleet, now),
    unit,
    isReachable: fleet.isReachable(unit.id),
    openTasks: tasks.get(unit.id) ?? 0,
    openOffers: offers.get(unit.id) ?? 0,
    before: before.get(unit.id)?.status ?? null,
    isServing: servingFirmId !== null && unit.firmId === servingFirmId,
  })
  const mayBeSent = ({ id, duty }: Unit) => duty !== 'offDuty' || before.has(id)
  const known = [...fleet.units(ticket.tenant)].filter(mayBeSent).map(contend)
  // More than are shown: the router may turn neighbours round, and somebody may have gone off duty this second.
  const likely = shortlist(ticket, known, askRouter ? ROUTER_MOST : most + SPARE)
  const rows = await unitsByIds(
    db,
    ticket.tenant,
    likely.map(({ unit }) => unit.id),
  )
  const best = shortlist(ticket, rows.filter(mayBeSent).map(contend), ROUTER_MOST)
  const routed = askRouter && (await route(askRouter, best, fleet, ticket))
  return {
    router: routed ? 'osrm' : 'estimate',
    candidates: rank(ticket, shortlist(ticket, routed ?? best, most), now),
  }
}

/** How many more than are shown are looked at closely. */
const SPARE = 10

/** Each unit's last dispatch of the present round: a no to an earlier round was a no to another matter. */
function latestByUnit(dispatches: readonly Dispatch[], ticket: Ticket): Map<string, Dispatch> {
  const since = ticket.round === 1 ? 0 : (ticket.placedAt ?? 0)
  return new Map(dispatches.filter(({ offeredAt }) => offeredAt >= since).map((one) => [one.unitId, one]))
}

const pointOf = (unit: Unit, fleet: FleetView): LngLat => {
  const fix = fleet.last(unit.id)
  return fix ? [fix.lng, fix.lat] : [unit.postLng, unit.postLat]
}

function whereabouts(unit: Unit, ticket: Ticket, fleet: FleetView, now: Instant) {
  const fix = fleet.last(unit.id)
  const distanceM = haversineM(pointOf(unit, fleet), [ticket.lng, ticket.lat])
  return {
    freshness: freshnessOf(fix, unit.duty, now),
    seenAt: fix ? heardAt(fix) : null,
    distanceM,
    etaMs: estimatedEtaMs(distanceM, unit.kind, unit.mode),
  }
}

/** The same contenders with the router's ways; null when it did not answer. A unit without a way keeps its estimate. */
async function route(askRouter: AskRouter, contenders: readonly Contender[], fleet: FleetView, ticket: Ticket) {
  const asked = contenders.slice(0, ROUTER_MOST)
  const ways = await askRouter(
    asked.map(({ unit }) => pointOf(unit, fleet)),
    [ticket.lng, ticket.lat],
  )
  if (!ways) return null
  return contenders.map((contender, index) => {
    const way = ways[index]
    return way ? { ...contender, etaMs: routedEtaMs(way, contender.unit.kind, contender.unit.mode) } : contender
  })
}
