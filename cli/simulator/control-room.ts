import type { Dispatch } from '#domain/dispatch.ts'
import { type Instant, SECOND_MS } from '#domain/instant.ts'
import type { LngLat } from '#domain/places.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Voice } from './acts.ts'
import type { Board } from './board.ts'
import { deskAct, unitAct } from './desk.ts'
import { fateOf, noticeAfterMs, temperOf } from './fate.ts'
import type { SimulatedFleet } from './fleet.ts'
import { isAtSite } from './walker.ts'

/** After a refusal the same thing is not tried again for so long: the board will have changed, or nobody was free. */
const AFTER_REFUSAL_MS = 10 * SECOND_MS

export interface ControlRoom {
  /** Says whatever is due now; answers how many acts were begun. */
  tick(now: Instant): number
}

/**
 * The simulated side of the telephone: works its own tickets at its own pace, and answers for made-up units whoever sends them.
 * A ticket somebody else reported is left to the people at the consoles, and so is a unit whose page is open.
 */
export function controlRoom(
  board: Board,
  fleet: Pick<SimulatedFleet, 'task' | 'walker'>,
  voice: Voice,
  ownIds: ReadonlySet<string>,
  seed: number,
): ControlRoom {
  const busy = new Set<string>()
  const retryAt = new Map<string, Instant>()
  const atSiteSince = new Map<string, Instant>()
  const isOwn = ({ reportedBy, channel }: Ticket) =>
    channel === 'simulator' && reportedBy.id !== null && ownIds.has(reportedBy.id)

  const begin = (key: string, now: Instant, saying: () => Promise<{ ok: boolean }>) => {
    busy.add(key)
    void saying().then(({ ok }) => {
      busy.delete(key)
      // An act that was taken shows on the board with the next turn of the feed; until then it is not said twice.
      retryAt.set(key, now + (ok ? 2 * SECOND_MS : AFTER_REFUSAL_MS))
    })
  }
  const isFree = (key: string, now: Instant) => !busy.has(key) && (retryAt.get(key) ?? 0) <= now

  const desk = (now: Instant): number => {
    let acts = 0
    for (const ticket of board.tickets.values()) {
      if (!isOwn(ticket) || !isFree(ticket.id, now)) continue
      const act = deskAct(ticket, fateOf(ticket.id, ticket.category, seed), now)
      if (!act) continue
      acts++
      begin(ticket.id, now, () => voice.ofTicket(act, ticket.id))
    }
    return acts
  }
  const notices = (now: Instant): number => {
    let acts = 0
    for (const { id, ticketId, raisedAt } of board.alarms.values()) {
      const ticket = ticketId === null ? undefined : board.tickets.get(ticketId)
      if (!ticket || !isOwn(ticket) || now - raisedAt < noticeAfterMs(id, seed) || !isFree(id, now)) continue
      acts++
      begin(id, now, () => voice.notice(id))
    }
    return acts
  }
  const phones = (now: Instant): number => {
    let acts = 0
    for (const dispatch of board.dispatches.values()) {
      const ticket = board.tickets.get(dispatch.ticketId)
      if (!ticket || !isFree(dispatch.id, now) || !answersFor(board, dispatch)) continue
      noteArrival(fleet, dispatch, ticket, atSiteSince, now)
      const errand = { dispatch, ticket, atSiteSince: atSiteSince.get(dispatch.id) ?? null }
      const act = unitAct(errand, temperOf(dispatch.id, seed), fateOf(ticket.id, ticket.category, seed), now)
      if (!act) continue
      acts++
      begin(dispatch.id, now, () => voice.ofDispatch(act, dispatch.id))
    }
    return acts
  }
  const forget = () => {
    const known = (id: string) => board.tickets.has(id) || board.dispatches.has(id) || board.alarms.has(id)
    for (const memory of [retryAt, atSiteSince]) for (const id of memory.keys()) if (!known(id)) memory.delete(id)
  }
  return {
    tick: (now) => {
      fleet.task(sitesOf(board), now)
      forget()
      return desk(now) + phones(now) + notices(now)
    },
  }
}

/** Only for made-up units, and only where the telephone is the way: an open page has a person before it. */
const answersFor = (board: Board, { unitId, via }: Dispatch) =>
  via === 'phone' && board.units.get(unitId)?.synthetic === true

/** Where each unit is wanted: the site of the task it is on. An offer moves nobody. */
function sitesOf(board: Board): Map<string, LngLat> {
  const sites = new Map<string, LngLat>()
  for (const { status, unitId, ticketId } of board.dispatches.values()) {
    const ticket = board.tickets.get(ticketId)
    if (ticket && (status === 'en_route' || status === 'on_site')) sites.set(unitId, [ticket.lng, ticket.lat])
  }
  return sites
}

function noteArrival(
  fleet: Pick<SimulatedFleet, 'task' | 'walker'>,
  dispatch: Dispatch,
  ticket: Ticket,
  since: Map<string, Instant>,
  now: Instant,
): void {
  const walker = fleet.walker(dispatch.unitId)
  if (!walker || !isAtSite(walker, [ticket.lng, ticket.lat])) since.delete(dispatch.id)
  else if (!since.has(dispatch.id)) since.set(dispatch.id, now)
}
