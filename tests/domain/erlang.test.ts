import { describe, expect, test } from 'vitest'
import { erlangB, erlangC, peopleNeeded } from '#domain/erlang.ts'
import { proposeDemand } from '#domain/roster/demand.ts'

describe('Erlang', () => {
  test('[RO46] B and C are what their sums say', () => {
    const powers = [0, 1, 2, 3, 4].map((n) => 2 ** n / [1, 1, 2, 6, 24][n]!)
    expect(erlangB(2, 4)).toBeCloseTo(powers[4]! / powers.reduce((sum, power) => sum + power), 12)
    // Two people at load one: a third of the calls wait.
    expect(erlangC(1, 2)).toBeCloseTo(1 / 3, 12)
    expect([erlangC(3, 3), erlangC(0, 0), erlangB(0, 1)]).toEqual([1, 0, 0])
    expect(erlangB(900, 950)).toBeGreaterThan(0)
  })

  test('[RO46] the fewest people are found, with what fewer would give', () => {
    const needed = peopleNeeded({ arrivalsPerHour: 2, serviceMinutes: 30, share: 0.8 })
    expect(needed).toMatchObject({ people: 3, load: 1 })
    expect(needed.steps.map(({ people, atOnce }) => [people, Math.round(atOnce * 1_000)])).toEqual([
      [1, 0],
      [2, 667],
      [3, 909],
    ])
    expect(peopleNeeded({ arrivalsPerHour: 0, serviceMinutes: 30, share: 0.8 })).toEqual({
      people: 0,
      load: 0,
      steps: [],
    })
  })

  test('[RO47] history becomes people for each hour of the week', () => {
    const arrivals = new Array(168).fill(0)
    arrivals[9] = 8
    const proposed = proposeDemand({ weeks: 4, arrivals, serviceMinutes: 30 }, 0.8)
    expect(proposed).toHaveLength(168)
    expect(proposed[9]).toMatchObject({ arrivalsPerHour: 2, people: 3 })
    expect(proposed[10]).toMatchObject({ arrivalsPerHour: 0, people: 0 })
  })
})
