import { randomUUID } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import type { Db, Tx } from '#db/connect.ts'
import { dispatches } from '#db/schema/tickets.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import type { Tenant } from '#domain/places.ts'
import { isRefused, type Refused } from '#domain/refusal.ts'
import type { Ticket } from '#domain/ticket.ts'
import { followTicket } from '#server/dispatch/follow.ts'
import { dispatchRoutes } from '#server/dispatch/routes.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { FleetView } from '#server/fleet/view.ts'
import type { Ask, Reader, Serve } from '#server/serving.ts'
import { ticketById } from '#server/tickets/queries.ts'
import { ticketRoutes } from '#server/tickets/routes.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from '#wire/route.ts'
import { candidates, dispatchCommands, offerTicket } from '#wire/routes/dispatches.ts'
import { reportTicket, ticketCommands } from '#wire/routes/tickets.ts'
import type { StaffIds } from './accounts.ts'
import type { Act } from './desk.ts'
import { PHRASES } from './phrases.ts'
import { wordsOf } from './words.ts'

/** The server's own routes without their doors: time is an argument of every one of them, so a past can be told through them. */
export interface PastRoom {
  /** By another account than the simulated room's, where one is named. */
  report(at: Instant, body: BodyOf<typeof reportTicket>, by?: string): Promise<Ticket | Refused<ErrorCode>>
  ticket(id: string): Promise<Ticket | null>
  /** The dispatch that is offered or under way. */
  dispatch(ticket: Ticket): Promise<Dispatch | null>
  desk(act: Act, ticket: Ticket, at: Instant): Promise<boolean>
  unit(act: Act, dispatch: Dispatch, at: Instant): Promise<boolean>
  engine(duty: (fleet: FleetView, wake: () => void) => Duty, at: Instant): Promise<void>
}

type Handle = (ask: Ask<Route>) => Promise<unknown>

const LIVE = ['offered', 'accepted', 'en_route', 'on_site'] as const
const SHORT_LIST = 8
const ASKED_IN_TURN = 3

export function pastRoom(tx: Tx, fleet: FleetView, tenant: Tenant, staff: StaffIds): PastRoom {
  // A transaction is used exactly like the database; its own transactions are savepoints.
  const db = tx as unknown as Db
  const handles = new Map<Route, Handle>()
  const serve: Serve = (route, handle) => void handles.set(route, handle as unknown as Handle)
  const shop = { db, serve, serveRaw: () => undefined, wake: () => undefined }
  ticketRoutes(shop, { follow: followTicket, reload: (unitIds) => fleet.reload(unitIds) })
  dispatchRoutes({ ...shop, fleet, askRouter: null, secret: randomUUID() })
  const words = wordsOf(tenant.locale, PHRASES, 0)

  const sayAs = async <R extends Route>(route: R, userId: string, at: Instant, given: Given<R>) => {
    const handle = handles.get(route)
    if (!handle) throw new Error(`nobody serves ${route.method} ${route.path}`)
    return (await handle(askOf(route, tenant.code, userId, at, given))) as AnswerOf<R> | Refused<ErrorCode>
  }
  const say = <R extends Route>(route: R, who: keyof StaffIds, at: Instant, given: Given<R>) =>
    sayAs(route, staff[who], at, given)
  const isTaken = (answer: unknown) => !isRefused(answer as Refused<ErrorCode>)

  const desk = async (act: Act, ticket: Ticket, at: Instant): Promise<boolean> => {
    const params = { id: ticket.id }
    const { triage, place, visit, close } = ticketCommands
    if (act.act === 'triage') return isTaken(await say(triage, 'room', at, { params, body: { class: act.class } }))
    if (act.act === 'place') return isTaken(await say(place, 'room', at, { params, body: {} }))
    if (act.act === 'close') return isTaken(await say(close, 'room', at, { params, body: {} }))
    if (act.act === 'visit')
      return isTaken(await say(visit, 'room', at, { params, body: { solved: true, satisfied: true } }))
    if (act.act !== 'offer') return false
    const ranked = await say(candidates, 'room', at, { params, query: { limit: SHORT_LIST } })
    if (isRefused(ranked)) return false
    const free = ranked.candidates.filter(({ barred, unit }) => !barred && unit.duty === 'onDuty')
    const unitIds = free.slice(0, ASKED_IN_TURN).map(({ unit }) => unit.id)
    return (
      unitIds.length > 0 && isTaken(await say(offerTicket, 'room', at, { params, body: { unitIds, mode: 'sequence' } }))
    )
  }
  const unit = async (act: Act, dispatch: Dispatch, at: Instant): Promise<boolean> => {
    const params = { id: dispatch.id }
    const byPhone = true
    const { accept, decline, depart, arrive, plan, resolve } = dispatchCommands
    if (act.act === 'accept') return isTaken(await say(accept, 'phone', at, { params, body: { byPhone } }))
    if (act.act === 'depart') return isTaken(await say(depart, 'phone', at, { params, body: { byPhone } }))
    if (act.act === 'arrive') return isTaken(await say(arrive, 'phone', at, { params, body: { byPhone } }))
    if (act.act === 'decline')
      return isTaken(await say(decline, 'phone', at, { params, body: { byPhone, reason: act.reason } }))
    if (act.act === 'plan')
      return isTaken(
        await say(plan, 'phone', at, { params, body: { byPhone, ...words.plan(dispatch.id), dueAt: act.dueAt } }),
      )
    return isTaken(await say(resolve, 'phone', at, { params, body: { byPhone, note: words.resolution(dispatch.id) } }))
  }
  return {
    report: (at, body, by = staff.room) => sayAs(reportTicket, by, at, { body }),
    ticket: (id) => ticketById(tx, tenant.code, id),
    dispatch: async (ticket) => {
      const [live] = await tx
        .select()
        .from(dispatches)
        .where(and(eq(dispatches.ticketId, ticket.id), inArray(dispatches.status, [...LIVE])))
      return live ?? null
    },
    desk,
    unit,
    engine: async (duty, at) => {
      await duty(fleet, () => undefined).run(db, at)
    },
  }
}

interface Given<R extends Route> {
  params?: ParamsOf<R>
  query?: QueryOf<R>
  body?: BodyOf<R>
}

/** What the door would have made of the request. */
function askOf<R extends Route>(route: R, tenant: string, userId: string, now: Instant, given: Given<R>): Ask<Route> {
  const nowhere = {
    districtCode: null,
    subdistrictCode: null,
    neighbourhoodCode: null,
    firmId: null,
    unitId: null,
    ticketId: null,
  }
  const grants = [{ tenant, role: 'dispatcher' as const, ...nowhere }]
  const reader: Reader = { userId, username: 'simulator', displayName: 'simulator', tenant, grants }
  const command = { tenant, actorKey: userId, key: randomUUID(), fingerprint: `${route.method} ${route.path}` }
  const { params, query = {}, body } = given
  const ask = {
    params,
    query,
    body,
    reader,
    tenant,
    actor: { kind: 'api' as const, id: userId },
    now,
    command,
    address: '',
  }
  return ask as unknown as Ask<Route>
}
