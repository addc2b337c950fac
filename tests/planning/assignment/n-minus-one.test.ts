import { describe, expect, test } from 'vitest'
import { removeEach } from '#planning/assignment/n-minus-one.ts'
import { communityOf, placesOf, problemOf, providerOf } from './small-plans.ts'

/** A clock that goes on by being read: the same on every machine. */
function readClock() {
  let read = 0
  return () => read++
}
const run = () => ({ now: readClock(), seed: 1, limits: { seconds: 60 } })

describe('a plan without one of its providers', () => {
  // p1 serves a and b, p2 serves c; p2 has room for one of three more, p3 is nobody's yet and may take only c.
  const problem = problemOf(
    [communityOf('a', 3), communityOf('b', 3), communityOf('c', 2, { districtCode: 'D2' })],
    [
      providerOf('p2', 5, { districtCodes: ['D1', 'D2'], quality: 90 }),
      providerOf('p1', 6),
      providerOf('p3', 4, { districtCodes: ['D2'], quality: 80 }),
    ],
    { locks: [{ communityId: 'a', providerId: 'p1' }] },
  )
  const start = { places: placesOf({ a: 'p1', b: 'p1', c: 'p2' }) }

  test('[PX9] each that serves somebody is removed, its locks too; those left bare, moved and the proof are told', async () => {
    const removed = await removeEach(problem, start, run())
    expect(removed.map(({ providerId }) => providerId)).toEqual(['p1', 'p2'])
    // Without p1 five cleaners are left for a and b: one of them stays bare, the other goes to p2 (100), where c stays (100).
    expect(removed[0]).toMatchObject({ uncovered: 1, uncoveredBound: 1, moved: 1, cost: 200, costBound: 200 })
    expect(['a', 'b']).toContain(removed[0]?.left[0])
    expect(removed[0]?.left).toHaveLength(1)
    // Without p2 c goes to p3 (200).
    expect(removed[1]).toEqual({
      providerId: 'p2',
      left: [],
      uncovered: 0,
      uncoveredBound: 0,
      moved: 1,
      cost: 200,
      costBound: 200,
    })
  })

  test('[PX9] when time is up those not looked at are not told of', async () => {
    const [first] = await removeEach(problem, start, run())
    let read = 0
    const isSlow = () => (read++ < 10 ? read : 70_000)
    const removed = await removeEach(problem, start, { ...run(), now: isSlow })
    expect(removed.map(({ providerId }) => providerId)).toEqual([first?.providerId])
  })

  test('[PX9] progress is told after each; a stop keeps those that are done', async () => {
    const told: [number, number][] = []
    const removed = await removeEach(problem, start, {
      ...run(),
      isStopped: () => told.length === 1,
      onProgress: (share, done) => told.push([share, done.length]),
    })
    expect(told).toEqual([[0.5, 1]])
    expect(removed.map(({ providerId }) => providerId)).toEqual(['p1'])
  })
})
