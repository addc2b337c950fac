import { describe, expect, test } from 'vitest'
import { isWaiting, nextToSend, type Queued, settle, type Verb, waitingOf, waitMs } from '#console/lib/pages/outbox.ts'

const queued = (verb: Verb, line: string, more: Partial<Queued> = {}): Queued => ({
  key: `${line}-${verb}`,
  verb,
  line,
  ticketId: null,
  at: 1,
  body: {},
  photo: null,
  tries: 0,
  ...more,
})

describe('the waiting actions of the field page', () => {
  test('[FP1] steps of one task are sent in the order they were taken, whatever has failed meanwhile', () => {
    const queue = [queued('depart', 'd1', { tries: 5 }), queued('arrive', 'd1'), queued('resolve', 'd1')]
    expect(nextToSend(queue)?.verb).toBe('depart')
    const afterwards = settle(queue, queue[0] as Queued, { ok: true }, 2)
    expect(waitingOf(afterwards.queue, 'd1')).toEqual(['arrive', 'resolve'])
    expect(afterwards.refusals).toEqual([])
  })

  test('[FP1] a refused action takes those behind it along, names its reason, and leaves other tasks alone', () => {
    const queue = [queued('accept', 'd1', { ticketId: 't1' }), queued('depart', 'd1'), queued('arrive', 'd2')]
    const { queue: left, refusals } = settle(queue, queue[0] as Queued, { ok: false, refused: 'alreadyTaken' }, 9)
    expect(left.map((entry) => entry.line)).toEqual(['d2'])
    expect(refusals).toEqual([
      { key: 'd1-accept', verb: 'accept', line: 'd1', ticketId: 't1', code: 'alreadyTaken', at: 9 },
    ])
  })

  test('[FP1] a refused change of duty never takes a withdrawn consent along', () => {
    const queue = [queued('duty', 'u1'), queued('withdraw', 'u1')]
    const { queue: left } = settle(queue, queue[0] as Queued, { ok: false, refused: 'unitBusy' }, 9)
    expect(left.map((entry) => entry.verb)).toEqual(['withdraw'])
  })

  test('[FP2] an action that did not get through stays under the key it was given with the tap', () => {
    const queue = [queued('accept', 'd1')]
    const { queue: left } = settle(queue, queue[0] as Queued, { ok: false, retry: 'unreachable', afterMs: null }, 2)
    expect(left).toEqual([queued('accept', 'd1', { tries: 1 })])
  })

  test('[FP2] a photo that is through is not sent again with the rest of its action', () => {
    const whole = queued('resolve', 'd1', { photo: new Blob(['x']) })
    const rest = { ...whole, photo: null, body: { photoId: 'p1' } }
    const { queue } = settle([whole, queued('depart', 'd2')], whole, { ok: true, rest }, 2)
    expect(queue[0]).toEqual(rest)
    expect(queue).toHaveLength(2)
  })

  test('[FP2] a second tap on the same button finds the first one waiting', () => {
    const queue = [queued('duty', 'u1', { body: { duty: 'offDuty' } })]
    expect(isWaiting(queue, 'u1', 'duty', { duty: 'offDuty' })).toBe(true)
    expect(isWaiting(queue, 'u1', 'duty', { duty: 'onDuty' })).toBe(false)
  })

  test('[FP4] one action the server chokes on does not hold up the others', () => {
    const queue = [queued('arrive', 'd1', { tries: 3 }), queued('duty', 'u1')]
    expect(nextToSend(queue)?.line).toBe('u1')
  })

  test('[FP4] a withdrawn consent goes before everything that has not failed more often', () => {
    const queue = [queued('arrive', 'd1'), queued('withdraw', 'u1')]
    expect(nextToSend(queue)?.verb).toBe('withdraw')
    expect(nextToSend([queued('arrive', 'd1'), queued('withdraw', 'u1', { tries: 4 })])?.verb).toBe('arrive')
    expect(nextToSend([queued('duty', 'u1'), queued('withdraw', 'u1')])?.verb).toBe('withdraw')
    expect(nextToSend([queued('consent', 'u1'), queued('withdraw', 'u1')])?.verb).toBe('consent')
  })

  test('[FP4] waits double from a second to half a minute, scattered below the cap and never above it', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((tries) => waitMs(tries, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ])
    expect(waitMs(60, 0)).toBe(15_000)
  })

  test('an empty queue sends nothing', () => {
    expect(nextToSend([])).toBeNull()
  })
})
