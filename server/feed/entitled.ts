import { type Grant, may, mayEver, scopeOf } from '#domain/access.ts'
import type { FeedAudience, FeedEvent, FeedRange, FeedState } from '#domain/feed.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'

/** An event as it is kept: with whom it concerns. */
export interface KeptEvent extends FeedEvent {
  audience: FeedAudience
}

/** FD3: whether an event concerns a reader at all. */
export const entitled = (grants: readonly Grant[], tenant: string, audience: FeedAudience): boolean =>
  may(grants, 'feed.read', { tenant, ...audience })

/** Readers with equal keys see the same of every event: what is made for one is sent to all of them. */
export function entitlementKey(grants: readonly Grant[], tenant: string): string {
  const words = grants
    .filter((grant) => grant.tenant === tenant && scopeOf(grant.role, 'feed.read') !== undefined)
    .map(({ role, districtCode, subdistrictCode, neighbourhoodCode, firmId, unitId }) =>
      JSON.stringify([role, districtCode, subdistrictCode, neighbourhoodCode, firmId, unitId]),
    )
  return [...new Set(words)].sort().join()
}

/** FD4: the range as one kind of reader may have it: all of from..to, with only its events inside, each with only its rows. */
export function rangeFor(
  grants: readonly Grant[],
  tenant: string,
  span: Omit<FeedRange, 'events'>,
  events: readonly KeptEvent[],
): FeedRange {
  const mine = events.filter(({ audience }) => entitled(grants, tenant, audience))
  return { ...span, events: mine.map((event) => seenBy(grants, tenant, event)) }
}

function seenBy(grants: readonly Grant[], tenant: string, event: KeptEvent): FeedEvent {
  const { seq, kind, at, actor, state, audience } = event
  return {
    seq,
    kind,
    at,
    actor,
    state: isWholeTenant(grants, tenant) ? state : stateFor(grants, tenant, state, audience),
  }
}

const isWholeTenant = (grants: readonly Grant[], tenant: string) => {
  const here = grants.filter((grant) => grant.tenant === tenant)
  const reaches = (action: 'feed.read' | 'ticket.read' | 'unit.read') =>
    here.some(({ role }) => scopeOf(role, action) === 'tenant')
  return reaches('feed.read') && reaches('ticket.read') && reaches('unit.read') && maySeeAlarms(here, tenant)
}

export const maySeeAlarms = (grants: readonly Grant[], tenant: string) => mayEver(grants, 'alarm.acknowledge', tenant)

/** An event touches more than it concerns a reader with: a merged ticket elsewhere, a rival's offer, another's alarm. */
function stateFor(grants: readonly Grant[], tenant: string, state: FeedState, audience: FeedAudience): FeedState {
  const tickets = state.tickets?.filter((ticket) => maySeeTicket(grants, ticket, audience))
  const known = new Set(tickets?.map(({ id }) => id))
  return {
    ...(tickets && { tickets }),
    ...(state.log && { log: state.log.filter(({ ticketId }) => known.has(ticketId)) }),
    ...(state.dispatches && {
      dispatches: state.dispatches.filter(({ unitId }) => maySeeDispatch(grants, tenant, unitId)),
    }),
    ...(state.units && { units: state.units.filter((unit) => maySeeUnit(grants, unit)) }),
    ...(state.alarms && maySeeAlarms(grants, tenant) && { alarms: state.alarms }),
  }
}

const maySeeTicket = (
  grants: readonly Grant[],
  { tenant, districtCode, subdistrictCode, neighbourhoodCode }: Ticket,
  { firmIds, unitIds }: FeedAudience,
) => may(grants, 'ticket.read', { tenant, districtCode, subdistrictCode, neighbourhoodCode, firmIds, unitIds })

/** Who reads tickets as a unit sees its own part in them and nobody else's. */
export function maySeeDispatch(grants: readonly Grant[], tenant: string, unitId: string): boolean {
  return grants.some((grant) => {
    const scope = grant.tenant === tenant ? scopeOf(grant.role, 'ticket.read') : undefined
    return scope !== undefined && (scope !== 'unit' || grant.unitId === unitId)
  })
}

export const maySeeUnit = (grants: readonly Grant[], { tenant, id, firmId, districtCode, subdistrictCode }: Unit) =>
  may(grants, 'unit.read', {
    tenant,
    districtCode,
    subdistrictCode,
    firmIds: firmId === null ? [] : [firmId],
    unitIds: [id],
  })
