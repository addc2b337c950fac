import { describe, expect, test } from 'vitest'
import { keepOrder, queueOf } from '#console/lib/feed/queue.ts'
import { nextPromise } from '#console/lib/promise.ts'
import type { Ticket } from '#domain/ticket.ts'

const NOW = 1_000_000
const ticket = (id: string, more: Partial<Ticket> = {}) =>
  ({
    id,
    number: Number(id),
    status: 'placed',
    priority: 'P3',
    policyVersion: '5341-2023',
    class: 'ordinary',
    arriveDueAt: NOW + 240_000,
    solveDueAt: NOW + 1_700_000,
    pausedAt: null,
    onSiteAt: null,
    resolvedAt: null,
    ...more,
  }) as Ticket
const ids = (rows: { ticket: Ticket }[]) => rows.map((row) => row.ticket.id)

describe('the queue', () => {
  test('[DK8] what nobody is on stands apart, soonest lost first: minute one with nobody near before minute three with a unit next door', () => {
    const etas = new Map([
      ['1', 30_000],
      ['2', 230_000],
    ])
    const list = [
      ticket('1', { arriveDueAt: NOW + 120_000 }),
      ticket('2', { arriveDueAt: NOW + 240_000 }),
      ticket('3', { status: 'en_route' }),
      ticket('4', { status: 'suspended', pausedAt: NOW - 5, arriveDueAt: null, solveDueAt: null }),
      ticket('5', { status: 'resolved', resolvedAt: 5 }),
      ticket('6', { status: 'cancelled' }),
    ]
    const queue = queueOf(list, (id) => etas.get(id), NOW)
    expect(ids(queue.unassigned)).toEqual(['2', '1'])
    expect(ids(queue.assigned)).toEqual(['3'])
    expect(ids(queue.suspended)).toEqual(['4'])
    expect(ids(queue.finishing)).toEqual(['5'])
  })

  test('[DK8] before any estimate a ticket is sorted by when it is due; with nobody able it is as good as lost', () => {
    const unknown = queueOf([ticket('1')], () => undefined, NOW)
    expect(unknown.unassigned[0]?.race).toEqual({ stage: 'running', ms: 240_000 })
    const nobody = queueOf([ticket('1')], () => null, NOW)
    expect(nobody.unassigned[0]?.race).toEqual({ stage: 'running', ms: 0 })
  })

  test('[DK8] what can no longer be saved stands apart below what can, and what has lost only its arrival stands by its fix', () => {
    const list = [
      ticket('1', { arriveDueAt: NOW - 1_800_000, solveDueAt: NOW - 1 }),
      ticket('2', { arriveDueAt: NOW - 60_000 }),
      ticket('3'),
    ]
    const queue = queueOf(list, () => 30_000, NOW)
    expect(ids(queue.unassigned)).toEqual(['3', '2'])
    expect(ids(queue.lost)).toEqual(['1'])
    expect(queue.unassigned.map(({ promised }) => promised?.kind)).toEqual(['arrive', 'fix'])
    expect(queue.lost[0]?.promised).toMatchObject({ kind: 'arrive', tone: 'danger' })
  })

  test('[DK8] while somebody points at it rows keep their places: new ones come last, gone ones go', () => {
    expect(keepOrder(['d', 'c', 'a'], ['a', 'b', 'c'], (id) => id)).toEqual(['a', 'c', 'd'])
  })
})

describe('the clock a row shows', () => {
  test('is the arrival until somebody is there, then the fix, then nothing', () => {
    expect(nextPromise(ticket('1'), NOW)).toMatchObject({ kind: 'arrive', leftMs: 240_000, tone: 'calm', share: 0.8 })
    expect(nextPromise(ticket('1', { arriveDueAt: null }), NOW)?.kind).toBe('fix')
    expect(nextPromise(ticket('1', { arriveDueAt: null, class: 'major' }), NOW)?.kind).toBe('plan')
    expect(nextPromise(ticket('1', { arriveDueAt: null, solveDueAt: null }), NOW)).toBeNull()
  })

  test('turns to caution while it can still be kept, and to danger once it is lost', () => {
    expect(nextPromise(ticket('1', { arriveDueAt: NOW + 120_000 }), NOW)?.tone).toBe('caution')
    expect(nextPromise(ticket('1', { arriveDueAt: NOW - 1 }), NOW)).toMatchObject({ tone: 'danger', share: 0 })
  })

  test('stands still while the ticket is suspended', () => {
    const paused = ticket('1', { arriveDueAt: null, solveDueAt: null, pausedAt: NOW })
    expect(nextPromise(paused, NOW + 9)).toMatchObject({ isPaused: true, leftMs: null })
  })
})
