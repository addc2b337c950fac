import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import { DueQueue } from '#planning/policy/queue.ts'
import { fleetOf } from '#planning/policy/scenario.ts'
import { simulate } from '#planning/policy/simulate.ts'
import { callAt, PACE, START, spot, unitAt, worldOf } from './town.ts'

const seconds = (times: readonly (number | null)[]) =>
  times.map((ms) => (ms === null ? null : Math.round(ms / SECOND_MS)))
const demandAt = (id: string, eastM: number, share: number) => ({ id, ...spot(eastM, 0), households: share })

describe('what is due', () => {
  test('[PY2] comes in order of time, and of coming where times are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const queue = new DueQueue<number>()
        for (const [order, at] of times.entries()) queue.push(at, order)
        const popped: [number, number][] = []
        for (let next = queue.pop(); next; next = queue.pop()) popped.push([next.at, next.item])
        const sorted = [...times.entries()].map(([order, at]): [number, number] => [at, order])
        expect(popped).toEqual(sorted.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
      }),
    )
  })
})

describe('a simulated day', () => {
  test('[PY2] a call is reached after turnout and way: a minute and three a kilometre', () => {
    const { responseMs } = simulate(worldOf([unitAt('a', 0, 0)], [callAt('one', 0, 1_000, 0)]), 'nearest', null)
    expect(seconds(responseMs)).toEqual([240])
  })

  test('[PY2] who is with a call is not sent; the second call waits for it and sees it come from there', () => {
    const calls = [callAt('one', 0, 1_000, 0, 20), callAt('two', 1, 1_000, 0, 20)]
    const { responseMs } = simulate(worldOf([unitAt('a', 0, 0)], calls), 'nearest', null)
    // Free 24 minutes after the first report, which is 23 after the second; a minute to leave, no way.
    expect(seconds(responseMs)).toEqual([240, 24 * 60])
  })

  test('[PY2] nobody is sent off duty; whoever comes on duty takes what waits', () => {
    const duty = [[START + 30 * MINUTE_MS, START + 90 * MINUTE_MS]] as const
    const world = worldOf([unitAt('a', 0, 0, { duty })], [callAt('one', 0, 1_000, 0), callAt('late', 120, 0, 0)])
    expect(seconds(simulate(world, 'nearest', null).responseMs)).toEqual([30 * 60 + 240, null])
  })

  test('[PY2] one that was called off is taken up but never arrives', () => {
    const off = callAt('off', 0, 500, 0)
    const needs = off.needs.map((need) => ({ ...need, isCalledOff: true, busyMs: 10 * MINUTE_MS }))
    const world = worldOf([unitAt('a', 0, 0)], [{ ...off, needs }, callAt('two', 5, 0, 0)])
    expect(seconds(simulate(world, 'nearest', null).responseMs)).toEqual([null, 5 * 60 + 60])
  })

  test('[PY2] only the sort that is needed comes, and the first of several counts', () => {
    const call = callAt('one', 0, 0, 0)
    const needs = [
      { type: 'van', delayMs: 0, busyMs: 0, isCalledOff: false },
      { type: 'lift', delayMs: 0, busyMs: 0, isCalledOff: false },
    ]
    const paces = new Map([
      ['van', PACE],
      ['lift', PACE],
    ])
    const units = [unitAt('far van', 3_000, 0), unitAt('lift', 1_000, 0, { type: 'lift' })]
    const world = worldOf(units, [{ ...call, needs }], { paces })
    expect(seconds(simulate(world, 'nearest', null).responseMs)).toEqual([240])
  })

  test('[PY2] the same seed is the same day; another seed scatters otherwise', () => {
    const paces = new Map([['van', { ...PACE, speedSpread: 0.3, turnoutSpread: 0.2 }]])
    const calls = Array.from({ length: 20 }, (_, n) => callAt(`c${n}`, 40 * n, 100 * n, 0))
    const world = worldOf([unitAt('a', 0, 0), unitAt('b', 1_000, 0)], calls, { paces })
    expect(simulate(world, 'eta', 5)).toEqual(simulate(world, 'eta', 5))
    expect(simulate(world, 'eta', 5).responseMs).not.toEqual(simulate(world, 'eta', 6).responseMs)
  })
})

describe('policies', () => {
  test('[PY3] nearest takes the near one that has yet to leave, eta the one already on the road', () => {
    // b is with the first call until minute 27 and at minute 30 half way home, 900 m from the second; a waits 800 m from it.
    const units = [unitAt('a', 800, -100), unitAt('b', 0, 0)]
    const calls = [callAt('far', 0, 0, -2_000, 20), callAt('near', 30, 0, -100)]
    const world = worldOf(units, calls)
    expect(seconds(simulate(world, 'nearest', null).responseMs)).toEqual([420, 204])
    expect(seconds(simulate(world, 'eta', null).responseMs)).toEqual([420, 162])
  })

  test('[PY3] cover spares the one who alone covers a quarter, unless only it is in time', () => {
    const units = [unitAt('west', 0, 0), unitAt('middle', 1_200, 0), unitAt('second', 1_300, 0)]
    const demand = [demandAt('w', -1_000, 0.6), demandAt('m', 1_200, 0.4)]
    const calls = [callAt('between', 0, 560, 0, 60), callAt('west', 10, -1_000, 0)]
    const world = worldOf(units, calls, { demand, lossMs: 10 * MINUTE_MS })
    // The nearest to the first call is west (560 m against 640 m): sent there, it leaves the west to somebody far away.
    expect(seconds(simulate(world, 'eta', null).responseMs)).toEqual([161, 456])
    expect(seconds(simulate(world, 'cover', null).responseMs)).toEqual([175, 240])
    // Where the others are too late for the first call, west goes all the same.
    const far = worldOf([unitAt('west', 0, 0), unitAt('far', 4_000, 0)], calls, { demand, lossMs: 60 * MINUTE_MS })
    expect(seconds(simulate(far, 'cover', null).responseMs)[0]).toBe(161)
  })

  test('[PY4] an idle unit moves where most is bare, and no call is answered later for it', () => {
    const units = [unitAt('a', 0, 0), unitAt('b', 50, 0)]
    const demand = [demandAt('here', 0, 0.5), demandAt('there', 3_000, 0.5)]
    const calls = [callAt('first', 0, 0, 0, 5), callAt('there', 60, 3_000, 0)]
    const world = worldOf(units, calls, { demand })
    const [stay, go] = [simulate(world, 'cover', null), simulate(world, 'reposition', null)]
    expect(seconds(stay.responseMs)[1]).toBeGreaterThan(500)
    expect(seconds(go.responseMs)[1]).toBe(60)
    expect(go.moves).toBeGreaterThan(0)
    expect(stay.moves).toBe(0)
  })

  test('[PY4] nobody moves for next to nothing', () => {
    const demand = [demandAt('here', 0, 0.995), demandAt('there', 4_000, 0.005)]
    const world = worldOf([unitAt('a', 0, 0), unitAt('b', 50, 0)], [callAt('one', 0, 0, 0), callAt('two', 90, 0, 0)], {
      demand,
    })
    expect(simulate(world, 'reposition', null).moves).toBe(0)
  })
})

describe('a change to the fleet', () => {
  const units = [unitAt('a', 0, 0), unitAt('b', 100, 0), unitAt('c', 5_000, 0, { type: 'lift' })]

  test('[PY7] one more unit here is there from the first call on', () => {
    const more = fleetOf(units, { more: [{ type: 'van', at: spot(2_000, 0) }] })
    expect(more).toHaveLength(4)
    const world = worldOf([unitAt('a', 0, 0)], [callAt('one', 0, 2_000, 0)])
    const changed = { ...world, units: fleetOf(world.units, { more: [{ type: 'van', at: spot(2_000, 0) }] }) }
    expect(seconds(simulate(world, 'nearest', null).responseMs)).toEqual([420])
    expect(seconds(simulate(changed, 'nearest', null).responseMs)).toEqual([60])
  })

  test('[PY7] posts are shared out among the sort that is meant, each to its nearest, and the others stay', () => {
    const at = [spot(120, 0), spot(-300, 0)]
    const [a, b, c] = fleetOf(units, { posts: { types: ['van'], at } })
    expect({ lng: b?.lng, lat: b?.lat }).toEqual(at[0])
    expect({ lng: a?.lng, lat: a?.lat }).toEqual(at[1])
    expect(c).toEqual(units[2])
    const crowded = fleetOf(units, { posts: { types: ['van'], at: [spot(0, 900)] } })
    expect(crowded.slice(0, 2).every(({ lat }) => lat === spot(0, 900).lat)).toBe(true)
  })

  test('[PY7] a roster says when; who is not named keeps its shifts', () => {
    const shift = [[START, START + MINUTE_MS]] as const
    const [a, b] = fleetOf(units, { roster: new Map([['a', shift]]) })
    expect([a?.duty, b?.duty]).toEqual([shift, null])
  })
})
