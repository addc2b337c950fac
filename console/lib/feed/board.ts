import type { Alarm } from '#domain/alarm.ts'
import type { CommunityCase } from '#domain/community.ts'
import { TROUBLED } from '#domain/community-status.ts'
import { ACTIVE_DISPATCH, type Dispatch } from '#domain/dispatch.ts'
import type { RosterHead } from '#domain/duty-roster.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { FeedEvent, FeedState } from '#domain/feed.ts'
import type { PoolEntry } from '#domain/pool.ts'
import type { Selection } from '#domain/selection.ts'
import type { LogEntry, Ticket } from '#domain/ticket.ts'
import { ENDED } from '#domain/ticket-states.ts'
import type { Firm, Unit } from '#domain/units.ts'
import type { FeedSnapshot } from '#wire/routes/feed.ts'

/** Ended tickets kept at hand after they left the queue; older ones are asked for when somebody opens them. */
const ENDED_KEPT = 400

type Emergency = Pick<FeedState, 'cases' | 'poolEntries' | 'engagements' | 'selections'>

/** What an event touched, so that only those who show it draw again. */
export type Touched = Set<keyof FeedState>

/** The state of the room as the feed tells it: plain maps by id (thousands of rows, no proxies). */
export class Board {
  readonly tickets = new Map<string, Ticket>()
  readonly dispatches = new Map<string, Dispatch>()
  readonly units = new Map<string, Unit>()
  readonly firms = new Map<string, Firm>()
  readonly alarms = new Map<string, Alarm>()
  /** Log rows told since the page opened, by ticket: what an open card adds to the ones it has read. */
  readonly log = new Map<string, LogEntry[]>()
  /** Communities in trouble, by community. */
  readonly cases = new Map<string, CommunityCase>()
  /** The pool, by firm: one entry each. */
  readonly pool = new Map<string, PoolEntry>()
  readonly engagements = new Map<string, Engagement>()
  /** Told since the page opened. */
  readonly selections = new Map<string, Selection>()
  /** Rosters as told since the page opened. */
  readonly rosters = new Map<string, RosterHead>()
  /** Units whose page is connected. */
  readonly reachable = new Set<string>()

  reset(snapshot: FeedSnapshot): void {
    for (const map of [this.tickets, this.dispatches, this.units, this.firms, this.alarms, this.log]) map.clear()
    for (const map of [this.cases, this.pool, this.engagements, this.selections]) map.clear()
    for (const ticket of snapshot.tickets) this.tickets.set(ticket.id, ticket)
    for (const dispatch of snapshot.dispatches) this.dispatches.set(dispatch.id, dispatch)
    for (const unit of snapshot.units) this.units.set(unit.id, unit)
    for (const firm of snapshot.firms) this.firms.set(firm.id, firm)
    for (const alarm of snapshot.alarms) this.alarms.set(alarm.id, alarm)
    this.#putEmergency(snapshot)
    this.setReachable(snapshot.reachable, [...this.reachable])
  }

  /** DK3: rows replace rows by id, so an event applied twice changes nothing. */
  apply(events: readonly FeedEvent[]): Touched {
    const touched: Touched = new Set()
    for (const { state } of events) {
      for (const ticket of state.tickets ?? []) this.tickets.set(ticket.id, ticket)
      for (const dispatch of state.dispatches ?? []) this.dispatches.set(dispatch.id, dispatch)
      for (const unit of state.units ?? []) this.units.set(unit.id, unit)
      for (const alarm of state.alarms ?? []) this.#put(alarm)
      for (const entry of state.log ?? []) this.#addLog(entry)
      this.#putEmergency(state)
      for (const roster of state.rosters ?? []) this.rosters.set(roster.id, roster)
      for (const part of Object.keys(state) as (keyof FeedState)[]) touched.add(part)
    }
    if (touched.has('tickets')) this.#forgetOldest()
    return touched
  }

  setReachable(joined: readonly string[], left: readonly string[]): void {
    for (const id of left) this.reachable.delete(id)
    for (const id of joined) this.reachable.add(id)
  }

  dispatchesOf(ticketId: string): Dispatch[] {
    return [...this.dispatches.values()].filter((each) => each.ticketId === ticketId)
  }

  /** The ticket each unit is working on, by unit. */
  tasks(): Map<string, Dispatch> {
    const tasks = new Map<string, Dispatch>()
    for (const dispatch of this.dispatches.values())
      if (ACTIVE_DISPATCH.includes(dispatch.status)) tasks.set(dispatch.unitId, dispatch)
    return tasks
  }

  openAlarms(): Alarm[] {
    return [...this.alarms.values()].filter((alarm) => alarm.acknowledgedAt === null)
  }

  #putEmergency({ cases, poolEntries, engagements, selections }: Emergency): void {
    for (const each of cases ?? []) {
      if (TROUBLED.includes(each.status)) this.cases.set(each.communityId, each)
      else this.cases.delete(each.communityId)
    }
    for (const entry of poolEntries ?? []) this.pool.set(entry.firmId, entry)
    for (const engagement of engagements ?? []) this.engagements.set(engagement.id, engagement)
    for (const selection of selections ?? []) this.selections.set(selection.id, selection)
  }

  /** An acknowledged alarm is of no more use here; the ticket's log keeps it. */
  #put(alarm: Alarm): void {
    if (alarm.acknowledgedAt === null) this.alarms.set(alarm.id, alarm)
    else this.alarms.delete(alarm.id)
  }

  #addLog(entry: LogEntry): void {
    const rows = this.log.get(entry.ticketId) ?? []
    if (!rows.some((row) => row.n === entry.n))
      this.log.set(
        entry.ticketId,
        [...rows, entry].sort((a, b) => a.n - b.n),
      )
  }

  #forgetOldest(): void {
    const ended = [...this.tickets.values()].filter((ticket) => ENDED.includes(ticket.status))
    if (ended.length <= 2 * ENDED_KEPT) return
    const oldest = ended.sort((a, b) => a.updatedAt - b.updatedAt).slice(0, ended.length - ENDED_KEPT)
    const gone = new Set(oldest.map((ticket) => ticket.id))
    for (const id of gone) {
      this.tickets.delete(id)
      this.log.delete(id)
    }
    for (const [id, dispatch] of this.dispatches) if (gone.has(dispatch.ticketId)) this.dispatches.delete(id)
  }
}
