import { call, type Door } from '#cli/api.ts'
import type { Alarm } from '#domain/alarm.ts'
import { ACTIVE_DISPATCH, type Dispatch } from '#domain/dispatch.ts'
import type { FeedRange } from '#domain/feed.ts'
import type { Ticket } from '#domain/ticket.ts'
import type { Unit } from '#domain/units.ts'
import { type FeedSnapshot, feedSince, feedSnapshot } from '#wire/routes/feed.ts'

/** What a control room has before it: the live tickets, their dispatches, all units. Kept up to date from the feed, as a console does. */
export interface Board {
  tickets: Map<string, Ticket>
  dispatches: Map<string, Dispatch>
  units: Map<string, Unit>
  /** Those that still ring. */
  alarms: Map<string, Alarm>
  /** Answers false when the server could not be asked; the board then shows what it last knew. */
  follow(): Promise<boolean>
}

const LIMIT = 2_000

export function boardOf(door: Door): Board {
  let place: { epoch: string; seq: number } | null = null
  const board = {
    tickets: new Map<string, Ticket>(),
    dispatches: new Map<string, Dispatch>(),
    units: new Map<string, Unit>(),
    alarms: new Map<string, Alarm>(),
  }

  const begin = async () => {
    const asked = await call(door, feedSnapshot)
    if (!asked.ok) return false
    lay(board, asked.answer)
    place = { epoch: asked.answer.epoch, seq: asked.answer.to }
    return true
  }
  const follow = async (): Promise<boolean> => {
    if (!place) return begin()
    const asked = await call(door, feedSince, { query: { since: place.seq, epoch: place.epoch, limit: LIMIT } })
    if (!asked.ok) return asked.why === 'historyLost' ? begin() : false
    apply(board, asked.answer)
    place = { epoch: asked.answer.epoch, seq: asked.answer.to }
    return true
  }
  return { ...board, follow }
}

type Rows = Omit<Board, 'follow'>

function lay(board: Rows, snapshot: FeedSnapshot): void {
  for (const map of [board.tickets, board.dispatches, board.units, board.alarms]) map.clear()
  for (const ticket of snapshot.tickets) board.tickets.set(ticket.id, ticket)
  for (const dispatch of snapshot.dispatches) board.dispatches.set(dispatch.id, dispatch)
  for (const unit of snapshot.units) board.units.set(unit.id, unit)
  for (const alarm of snapshot.alarms) ring(board, alarm)
}

const OVER = ['closed', 'cancelled', 'not_admitted']

/** Rows carry their whole state, so the newest one wins; what is over leaves the board, which must not grow for ever. */
function apply(board: Rows, range: FeedRange): void {
  for (const { state } of range.events) {
    for (const unit of state.units ?? []) board.units.set(unit.id, unit)
    for (const alarm of state.alarms ?? []) ring(board, alarm)
    for (const ticket of state.tickets ?? []) {
      if (OVER.includes(ticket.status)) board.tickets.delete(ticket.id)
      else board.tickets.set(ticket.id, ticket)
    }
    for (const dispatch of state.dispatches ?? []) {
      if (dispatch.status === 'offered' || ACTIVE_DISPATCH.includes(dispatch.status))
        board.dispatches.set(dispatch.id, dispatch)
      else board.dispatches.delete(dispatch.id)
    }
  }
}

function ring(board: Rows, alarm: Alarm): void {
  if (alarm.acknowledgedAt === null) board.alarms.set(alarm.id, alarm)
  else board.alarms.delete(alarm.id)
}
