import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '#domain/instant.ts'
import { byTimeToLose, type Race, raceOf } from '#domain/time-to-lose.ts'

const minutes = (n: number) => n * MINUTE_MS

describe('time to lose', () => {
  const asked = { arriveDueAt: minutes(5), solveDueAt: minutes(30), onSiteAt: null }
  const running = (ms: number): Race => ({ stage: 'running', ms })
  const inQueue = (...races: (readonly [number, 'P0' | 'P1' | 'P3', Race])[]) =>
    races
      .map(([number, priority, race]) => ({ ticket: { number, priority }, race }))
      .toSorted(byTimeToLose)
      .map(({ ticket }) => ticket.number)

  test('[SL9] a ticket one minute old with nobody near outranks one three minutes old with a unit next door', () => {
    const later = { ...asked, arriveDueAt: minutes(7), solveDueAt: minutes(32) }
    const young = raceOf(later, 5 * MINUTE_MS, minutes(3))
    const old = raceOf(asked, MINUTE_MS / 2, minutes(3))
    expect([young, old]).toEqual([running(0), running(1.5 * MINUTE_MS)])
    expect(inQueue([1, 'P3', old], [2, 'P3', young])).toEqual([2, 1])
  })

  test('[SL9] with nobody to send the promise to come is as good as lost; on site no way counts; without a clock there is no race', () => {
    expect(raceOf(asked, null, minutes(1))).toEqual(running(0))
    const there = { arriveDueAt: null, solveDueAt: minutes(30), onSiteAt: minutes(4) }
    expect(raceOf(there, null, minutes(10))).toEqual(running(20 * MINUTE_MS))
    expect(raceOf({ arriveDueAt: null, solveDueAt: null, onSiteAt: null }, 0, minutes(1))).toEqual({ stage: 'none' })
  })

  test('[SL9] a broken promise is not raced for: the ticket stands by the next one, and when none is left it is lost', () => {
    expect(raceOf(asked, minutes(2), minutes(5))).toEqual(running(0))
    expect(raceOf(asked, minutes(2), minutes(6))).toEqual(running(22 * MINUTE_MS))
    expect(raceOf(asked, null, minutes(6))).toEqual(running(24 * MINUTE_MS))
    expect(raceOf(asked, minutes(2), minutes(31))).toEqual({ stage: 'lost' })
  })

  test('[SL9] what can be saved stands above what is lost, however grave or old that is', () => {
    const lateFire = raceOf(asked, minutes(1), minutes(40))
    const saved = raceOf({ ...asked, arriveDueAt: minutes(44), solveDueAt: minutes(69) }, minutes(1), minutes(40))
    expect(inQueue([1, 'P0', lateFire], [2, 'P3', saved])).toEqual([2, 1])
  })

  test('[SL9] equal ones stand by gravity, then by age; what is lost stands above what nothing is promised for', () => {
    const [none, lost] = [{ stage: 'none' }, { stage: 'lost' }] as const
    const order = inQueue(
      [1, 'P1', none],
      [2, 'P3', running(5)],
      [3, 'P1', running(5)],
      [4, 'P3', running(0)],
      [5, 'P3', running(5)],
      [6, 'P3', lost],
      [7, 'P1', lost],
    )
    expect(order).toEqual([4, 3, 2, 5, 7, 6, 1])
  })
})
