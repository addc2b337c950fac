import { describe, expect, test } from 'vitest'
import { newsOf, offersOf, openOf, tasksOf } from '#console/lib/pages/field-jobs.ts'
import { nextStep, otherStep, withWaiting } from '#console/lib/pages/next-step.ts'
import type { Dispatch, DispatchStatus } from '#domain/dispatch.ts'
import type { Ticket } from '#domain/ticket.ts'

const ticket = (id: string, more: Partial<Ticket> = {}) =>
  ({ id, number: 7, status: 'offered', class: 'ordinary', planSubmittedAt: null, ...more }) as Ticket
const dispatch = (id: string, status: DispatchStatus, more: Partial<Dispatch> = {}) =>
  ({ id, ticketId: 't1', unitId: 'u1', status, expiresAt: 1_000, answeredAt: null, ...more }) as Dispatch
const rows = (...dispatches: Dispatch[]) => ({
  dispatches: new Map(dispatches.map((each) => [each.id, each])),
  tickets: new Map([['t1', ticket('t1')]]),
})

describe('offers and tasks on the field page', () => {
  test('[FP5] an offer whose time is over is not offered, whatever the feed has yet to say', () => {
    const board = rows(dispatch('d1', 'offered'))
    expect(offersOf(board, 'u1', 999)).toHaveLength(1)
    expect(offersOf(board, 'u1', 1_000)).toEqual([])
  })

  test('[FP5] the offer that ends first stands on top, and other units’ offers are not shown', () => {
    const board = rows(
      dispatch('d1', 'offered', { expiresAt: 900 }),
      dispatch('d2', 'offered', { expiresAt: 500 }),
      dispatch('d3', 'offered', { unitId: 'u2' }),
      dispatch('d4', 'offered', { expiresAt: null }),
    )
    expect(offersOf(board, 'u1', 0).map(({ dispatch: each }) => each.id)).toEqual(['d2', 'd1', 'd4'])
  })

  test('[FP5] a lost, withdrawn or expired offer is news; what the unit did itself is not', () => {
    const shown = openOf(rows(...['d1', 'd2', 'd3', 'd4', 'd5'].map((id) => dispatch(id, 'offered'))), 'u1')
    const after = rows(
      dispatch('d1', 'lost'),
      dispatch('d2', 'withdrawn'),
      dispatch('d3', 'expired'),
      dispatch('d4', 'declined'),
      dispatch('d5', 'accepted'),
    )
    expect(newsOf(shown, after).map(({ dispatchId, kind }) => [dispatchId, kind])).toEqual([
      ['d1', 'lost'],
      ['d2', 'withdrawn'],
      ['d3', 'expired'],
    ])
  })

  test('[FP5] a task that was taken away is told as cancelled; one that is done or returned is not', () => {
    const shown = openOf(rows(dispatch('d1', 'en_route'), dispatch('d2', 'on_site'), dispatch('d3', 'accepted')), 'u1')
    const after = rows(dispatch('d1', 'withdrawn'), dispatch('d2', 'done'), dispatch('d3', 'returned'))
    expect(newsOf(shown, after).map((each) => each.kind)).toEqual(['cancelled'])
  })

  test('tasks in hand come in the order they were taken', () => {
    const board = rows(dispatch('d2', 'on_site', { answeredAt: 20 }), dispatch('d1', 'accepted', { answeredAt: 10 }))
    expect(tasksOf(board, 'u1').map(({ dispatch: each }) => each.id)).toEqual(['d1', 'd2'])
  })
})

describe('the one next step', () => {
  const ordinary = ticket('t1', { status: 'accepted' })

  test('[FP6] set out, arrive, resolve: one button at a time, and none while the ticket is on hold', () => {
    expect(nextStep({ status: 'accepted' }, ordinary)).toBe('depart')
    expect(nextStep({ status: 'en_route' }, ordinary)).toBe('arrive')
    expect(nextStep({ status: 'on_site' }, ordinary)).toBe('resolve')
    expect(nextStep({ status: 'done' }, ordinary)).toBeNull()
    expect(nextStep({ status: 'en_route' }, { ...ordinary, status: 'suspended' })).toBeNull()
  })

  test('[FP6] a major case asks for its plan first, and only once', () => {
    const major = ticket('t1', { status: 'on_site', class: 'major' })
    expect(nextStep({ status: 'on_site' }, major)).toBe('plan')
    expect(otherStep({ status: 'on_site' }, major)).toBe('resolve')
    expect(nextStep({ status: 'on_site' }, { ...major, planSubmittedAt: 5 })).toBe('resolve')
  })

  test('[FP6] with steps waiting to be sent, the page stands where they lead', () => {
    const task = { dispatch: dispatch('d1', 'accepted'), ticket: ordinary }
    expect(withWaiting(task, ['depart']).dispatch.status).toBe('en_route')
    expect(withWaiting(task, ['depart', 'arrive', 'resolve']).dispatch.status).toBe('done')
    expect(withWaiting(task, []).dispatch.status).toBe('accepted')
    expect(task.dispatch.status).toBe('accepted')
  })

  test('[FP6] an accept that waits is not yet a task', () => {
    const task = { dispatch: dispatch('d1', 'offered'), ticket: ordinary }
    expect(withWaiting(task, ['accept']).dispatch.status).toBe('offered')
  })
})
