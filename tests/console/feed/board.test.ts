import { describe, expect, test } from 'vitest'
import { Board } from '#console/lib/feed/board.ts'
import type { Alarm } from '#domain/alarm.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { FeedEvent, FeedState } from '#domain/feed.ts'
import type { LogEntry, Ticket } from '#domain/ticket.ts'

const told = (seq: number, state: FeedState): FeedEvent => ({
  seq,
  kind: 'ticket:noted',
  at: seq,
  actor: { kind: 'engine', id: null },
  state,
})
const ticket = (id: string, more: Partial<Ticket> = {}) => ({ id, status: 'placed', updatedAt: 1, ...more }) as Ticket
const entry = (n: number) => ({ ticketId: 't', n, kind: 'note' }) as LogEntry
const alarm = (id: string, acknowledgedAt: number | null) => ({ id, kind: 'newTicket', acknowledgedAt }) as Alarm

describe('the board', () => {
  test('[DK3] rows replace rows by id, and an event applied twice changes nothing', () => {
    const board = new Board()
    const events = [
      told(1, { tickets: [ticket('t')], log: [entry(1)] }),
      told(2, { tickets: [ticket('t', { status: 'offered' })], log: [entry(2)] }),
    ]
    board.apply(events)
    board.apply(events.slice(1))
    expect([...board.tickets.values()].map((each) => each.status)).toEqual(['offered'])
    expect(board.log.get('t')?.map((each) => each.n)).toEqual([1, 2])
  })

  test('[DK3] an alarm that any console has acknowledged is no longer open', () => {
    const board = new Board()
    board.apply([told(1, { alarms: [alarm('a', null), alarm('b', null)] }), told(2, { alarms: [alarm('a', 9)] })])
    expect(board.openAlarms().map((each) => each.id)).toEqual(['b'])
  })

  test('[DK3] says which kinds of rows an event touched, and no others', () => {
    expect([...new Board().apply([told(1, { tickets: [ticket('t')] })])]).toEqual(['tickets'])
  })

  test('only a winner’s dispatch is a task', () => {
    const board = new Board()
    const dispatch = (id: string, unitId: string, status: Dispatch['status']) =>
      ({ id, unitId, status, ticketId: 't' }) as Dispatch
    board.apply([told(1, { dispatches: [dispatch('1', 'u1', 'offered'), dispatch('2', 'u2', 'en_route')] })])
    expect([...board.tasks().keys()]).toEqual(['u2'])
  })

  test('memory is bounded: of thousands of ended tickets the newest are kept, and every live one', () => {
    const board = new Board()
    const ended = Array.from({ length: 3_000 }, (_, n) => ticket(`e${n}`, { status: 'closed', updatedAt: n }))
    for (const each of ended) board.apply([told(each.updatedAt, { tickets: [each] })])
    board.apply([told(4_000, { tickets: [ticket('live')] })])
    expect(board.tickets.size).toBeLessThan(1_000)
    expect(board.tickets.has('e2999')).toBe(true)
    expect(board.tickets.has('live')).toBe(true)
  })
})
