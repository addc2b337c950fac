import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '#domain/instant.ts'
import { byTimeToLose, timeToLoseMs } from '#domain/time-to-lose.ts'

const minutes = (n: number) => n * MINUTE_MS

describe('time to lose', () => {
  const asked = { arriveDueAt: minutes(5), solveDueAt: minutes(30), onSiteAt: null }

  test('[SL9] a ticket one minute old with nobody near outranks one three minutes old with a unit next door', () => {
    const young = timeToLoseMs(
      { ...asked, arriveDueAt: minutes(7), solveDueAt: minutes(32) },
      5 * MINUTE_MS,
      minutes(3),
    )
    const old = timeToLoseMs(asked, MINUTE_MS / 2, minutes(3))
    const queue = [
      { ticket: { priority: 'P3', number: 1 } as const, timeToLoseMs: old },
      { ticket: { priority: 'P3', number: 2 } as const, timeToLoseMs: young },
    ]
    expect(queue.toSorted(byTimeToLose).map(({ ticket }) => ticket.number)).toEqual([2, 1])
  })

  test('[SL9] with nobody to send nothing is left, on site travel no longer counts, without a clock there is none', () => {
    expect(timeToLoseMs(asked, null, minutes(1))).toBe(0)
    expect(timeToLoseMs({ arriveDueAt: null, solveDueAt: minutes(30), onSiteAt: minutes(4) }, null, minutes(10))).toBe(
      20 * MINUTE_MS,
    )
    expect(timeToLoseMs({ arriveDueAt: null, solveDueAt: null, onSiteAt: null }, 0, minutes(1))).toBe(null)
  })

  test('[SL9] equal times stand by gravity, then by age; what has no promise comes last', () => {
    const one = (number: number, priority: 'P1' | 'P3', timeToLoseMs: number | null) => ({
      ticket: { number, priority },
      timeToLoseMs,
    })
    const queue = [one(1, 'P3', null), one(2, 'P3', 5), one(3, 'P1', 5), one(4, 'P3', -5), one(5, 'P3', 5)]
    expect(queue.toSorted(byTimeToLose).map(({ ticket }) => ticket.number)).toEqual([4, 3, 2, 5, 1])
  })
})
