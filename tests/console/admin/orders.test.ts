import { describe, expect, test } from 'vitest'
import { mayPlace, mayVisit, shelfOf, shelved } from '#console/lib/pages/orders.ts'
import { TICKET_STATUSES, type Ticket, type TicketStatus } from '#domain/ticket.ts'

const ticket = (status: TicketStatus, more: Partial<Ticket> = {}) =>
  ({ id: status, status, suspendedFrom: null, reportedAt: 1, resolvedAt: null, solveDueAt: null, ...more }) as Ticket

describe('what the neighbourhood has to do', () => {
  test('[FP15] orders are placed where the ticket table allows it, and called back after they are solved', () => {
    expect(TICKET_STATUSES.filter((status) => mayPlace(ticket(status)))).toEqual(['reported', 'triaged', 'returned'])
    expect(TICKET_STATUSES.filter((status) => mayVisit(ticket(status)))).toEqual(['resolved', 'rated'])
  })

  test('[FP15] every status stands on one shelf or is of no concern any more', () => {
    const of = (shelf: string | null) => TICKET_STATUSES.filter((status) => shelfOf(ticket(status)) === shelf)
    expect(of('callBack')).toEqual(['resolved', 'rated'])
    expect(of(null)).toEqual(['visited', 'closed', 'cancelled', 'not_admitted'])
    expect(of('running')).toEqual([
      'placed',
      'offered',
      'accepted',
      'en_route',
      'on_site',
      'plan_submitted',
      'suspended',
    ])
  })

  test('whoever has waited longest comes first', () => {
    const { awaiting } = shelved([
      ticket('reported', { id: 'b', reportedAt: 2 }),
      ticket('triaged', { id: 'a', reportedAt: 1 }),
    ])
    expect(awaiting.map((each) => each.id)).toEqual(['a', 'b'])
  })
})
