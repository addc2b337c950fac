import { ACTIVE_DISPATCH, type Dispatch, type DispatchStatus } from '#domain/dispatch.ts'
import type { Instant } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'

/** A unit's part in a ticket, with the ticket. */
export interface Job {
  dispatch: Dispatch
  ticket: Ticket
}

export type Rows = { dispatches: ReadonlyMap<string, Dispatch>; tickets: ReadonlyMap<string, Ticket> }

function jobsOf({ dispatches, tickets }: Rows, unitId: string, statuses: readonly DispatchStatus[]): Job[] {
  return [...dispatches.values()].flatMap((dispatch) => {
    const ticket = tickets.get(dispatch.ticketId)
    return ticket && dispatch.unitId === unitId && statuses.includes(dispatch.status) ? [{ dispatch, ticket }] : []
  })
}

/** Offers that stand, the one that ends first on top. One whose time is over is no offer, whatever the feed has yet to say. */
export const offersOf = (rows: Rows, unitId: string, now: Instant): Job[] =>
  jobsOf(rows, unitId, ['offered'])
    .filter(({ dispatch }) => dispatch.expiresAt === null || dispatch.expiresAt > now)
    .sort(
      (a, b) => (a.dispatch.expiresAt ?? Number.POSITIVE_INFINITY) - (b.dispatch.expiresAt ?? Number.POSITIVE_INFINITY),
    )

/** Tasks in hand, first taken first. */
export const tasksOf = (rows: Rows, unitId: string): Job[] =>
  jobsOf(rows, unitId, ACTIVE_DISPATCH).sort((a, b) => (a.dispatch.answeredAt ?? 0) - (b.dispatch.answeredAt ?? 0))

export const NEWS = ['lost', 'withdrawn', 'expired', 'cancelled'] as const
export type NewsKind = (typeof NEWS)[number]

export interface News {
  dispatchId: string
  number: number
  kind: NewsKind
}

const isOpen = (status: DispatchStatus) => status === 'offered' || ACTIVE_DISPATCH.includes(status)

/** What has become of offers and tasks this page had shown as open: only what somebody else did is news. */
export function newsOf(shown: ReadonlyMap<string, DispatchStatus>, rows: Rows): News[] {
  return [...shown].flatMap(([id, before]): News[] => {
    const dispatch = rows.dispatches.get(id)
    const ticket = dispatch && rows.tickets.get(dispatch.ticketId)
    if (!dispatch || !ticket || isOpen(dispatch.status)) return []
    const kind = kindOf(before, dispatch.status)
    return kind ? [{ dispatchId: id, number: ticket.number, kind }] : []
  })
}

function kindOf(before: DispatchStatus, after: DispatchStatus): NewsKind | null {
  if (before === 'offered') return after === 'lost' || after === 'withdrawn' || after === 'expired' ? after : null
  return after === 'withdrawn' ? 'cancelled' : null
}

/** Open parts of this unit now: what the next `newsOf` compares with. */
export const openOf = (rows: Rows, unitId: string): Map<string, DispatchStatus> =>
  new Map(
    [...rows.dispatches.values()]
      .filter((each) => each.unitId === unitId && isOpen(each.status))
      .map((each) => [each.id, each.status]),
  )

/** Everything of this unit that is open: what a page keeps for the time without network. */
export const openJobs = (rows: Rows, unitId: string): Job[] => jobsOf(rows, unitId, ['offered', ...ACTIVE_DISPATCH])

/** Kept jobs as the rows they were. */
export const rowsOf = (jobs: readonly Job[]): Rows => ({
  dispatches: new Map(jobs.map(({ dispatch }) => [dispatch.id, dispatch])),
  tickets: new Map(jobs.map(({ ticket }) => [ticket.id, ticket])),
})
