import { type Action, type Grant, may, scopeOf } from '#domain/access.ts'
import { acknowledgedBy } from '#domain/alarm.ts'
import type { FeedAudience, FeedEvent, FeedRange, FeedState } from '#domain/feed.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'
import { emergencyStateFor, mayHear } from './entitled-emergency.ts'
import { rosterStateFor } from './entitled-roster.ts'

/** An event as it is kept: with whom it concerns. */
export interface KeptEvent extends FeedEvent {
  audience: FeedAudience
}

/** FD3: whether an event concerns a reader at all. Who chooses providers follows the whole pool, wherever its firms are at home. */
export const entitled = (grants: readonly Grant[], tenant: string, { kind, audience }: Told): boolean =>
  may(grants, kind.startsWith('pool:') ? 'pool.read' : 'feed.read', { tenant, ...audience })

type Told = Pick<KeptEvent, 'kind' | 'audience'>

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
  const mine = events.filter((event) => entitled(grants, tenant, event))
  return { ...span, events: mine.map((event) => seenBy(grants, tenant, event)) }
}

function seenBy(grants: readonly Grant[], tenant: string, event: KeptEvent): FeedEvent {
  const { seq, kind, at, actor, state, audience } = event
  return {
    seq,
    kind,
    at,
    actor,
    state: seesWhole(grants, tenant, state) ? state : stateFor(grants, tenant, state, audience),
  }
}

/** Whether every row of the state may be seen without looking at it: the control room's case, and the commonest. */
function seesWhole(grants: readonly Grant[], tenant: string, state: FeedState): boolean {
  const here = grants.filter((grant) => grant.tenant === tenant)
  const reaches = (action: Action) => here.some(({ role }) => scopeOf(role, action) === 'tenant')
  const parts = Object.keys(state) as (keyof FeedState)[]
  const alarms = state.alarms ?? []
  return parts.every((part) => reaches(READ_BY[part])) && alarms.every(({ kind }) => reaches(acknowledgedBy(kind)))
}

const READ_BY: Record<keyof FeedState, Action> = {
  tickets: 'ticket.read',
  dispatches: 'ticket.read',
  log: 'ticket.read',
  history: 'ticket.read',
  units: 'unit.read',
  alarms: 'feed.read',
  cases: 'community.read',
  poolEntries: 'pool.read',
  plans: 'plan.read',
  selections: 'engagement.read',
  engagements: 'engagement.read',
  proofs: 'engagement.read',
  rosters: 'roster.read',
  shifts: 'roster.read',
  covers: 'roster.read',
  swaps: 'roster.read',
  handOvers: 'roster.read',
  // What is told to one person is told to nobody else.
  notices: 'duty.own',
}

/** An event touches more than it concerns a reader with: a merged ticket elsewhere, a rival's offer, another's alarm. */
function stateFor(grants: readonly Grant[], tenant: string, state: FeedState, audience: FeedAudience): FeedState {
  const tickets = state.tickets?.filter((ticket) => maySeeTicket(grants, ticket, audience))
  const known = new Set(tickets?.map(({ id }) => id))
  const alarms = state.alarms?.filter(
    ({ kind, shiftId }) =>
      mayHear(grants, tenant, kind) && (shiftId == null || may(grants, acknowledgedBy(kind), { tenant, ...audience })),
  )
  return {
    ...(tickets && { tickets }),
    ...(state.log && { log: state.log.filter(({ ticketId }) => known.has(ticketId)) }),
    ...(state.dispatches && {
      dispatches: state.dispatches.filter(({ unitId }) => maySeeDispatch(grants, tenant, unitId)),
    }),
    ...(state.units && { units: state.units.filter((unit) => maySeeUnit(grants, unit)) }),
    ...(alarms && alarms.length > 0 && { alarms }),
    ...emergencyStateFor(grants, state, audience),
    ...rosterStateFor(grants, tenant, state),
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
