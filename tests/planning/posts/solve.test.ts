import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '#domain/random.ts'
import type { Progress, Run } from '#planning/anytime.ts'
import { isWhole, judge } from '#planning/posts/model.ts'
import { nearnessOf } from '#planning/posts/nearness.ts'
import { parsePmedcap } from '#planning/posts/pmedcap.ts'
import { startSearch } from '#planning/posts/search.ts'
import { solvePosts } from '#planning/posts/solve.ts'
import { describeWithShared, sharedPath } from '#tests/support/shared.ts'
import { cheapestByHand, smallModels } from './small.ts'

/** A clock that stands still: steps alone decide where it ends. */
const stepsOnly = (steps: number, more: Partial<Run> = {}): Run => ({
  now: () => 0,
  seed: 1,
  limits: { seconds: 60, steps },
  ...more,
})

const published = (number: string) => {
  const parsed = parsePmedcap(readFileSync(sharedPath(`location/pmedcap/pmedcap${number}.txt`), 'utf8'))
  if (!parsed.ok) throw new Error(parsed.why)
  return parsed.model
}

describe('posts for a small problem', () => {
  test('[PO3, PO6] the answer is the cheapest placement and the proof of it, or the proof that there is none', async () => {
    await fc.assert(
      fc.asyncProperty(smallModels, async (model) => {
        const cheapest = cheapestByHand(model)
        const { placement, bound, status } = await solvePosts(model, stepsOnly(4_000))
        if (cheapest === Number.POSITIVE_INFINITY) {
          expect(placement).toBeNull()
          expect(status).toBe('infeasible')
          return
        }
        expect(status).toBe('optimal')
        expect(placement?.cost).toBeCloseTo(cheapest, 4)
        expect(bound).toBeLessThanOrEqual(cheapest + 1e-4)
        expect(placement && judge(model, placement).ok).toBe(true)
      }),
      { numRuns: 200 },
    )
  }, 30_000)

  test('[PO6] cut short after any number of steps the bound still holds, and optimal is said only of the cheapest', async () => {
    await fc.assert(
      fc.asyncProperty(smallModels, fc.integer({ min: 0, max: 900 }), async (model, steps) => {
        const cheapest = cheapestByHand(model)
        const { placement, bound, status } = await solvePosts(model, stepsOnly(steps))
        expect(bound).toBeLessThanOrEqual(cheapest + 1e-4)
        if (placement) expect(placement.cost).toBeGreaterThanOrEqual(cheapest - 1e-9)
        if (status === 'optimal') expect(placement?.cost).toBeCloseTo(cheapest, 4)
        if (status === 'infeasible') expect(cheapest).toBe(Number.POSITIVE_INFINITY)
      }),
      { numRuns: 120 },
    )
  }, 30_000)

  test('[PO3] a placement found elsewhere is never lost to the search that takes it up', async () => {
    await fc.assert(
      fc.asyncProperty(smallModels, fc.integer({ min: 1, max: 99 }), async (model, seed) => {
        const { placement } = await solvePosts(model, stepsOnly(4_000))
        fc.pre(placement !== null)
        const found = placement as NonNullable<typeof placement>
        const search = startSearch(model, nearnessOf(model), seededRandom(seed, 'search'))
        search.adopt(found)
        expect(search.best?.cost).toBeLessThanOrEqual(found.cost + 1e-6)
      }),
      { numRuns: 150 },
    )
  }, 30_000)

  test('[PO6] where costs are not whole the bound that is claimed is what was proved, not the plan rounded to it', async () => {
    let apart = 0
    await fc.assert(
      fc.asyncProperty(smallModels, async (model) => {
        fc.pre(!isWhole(model))
        const { placement, bound, status } = await solvePosts(model, stepsOnly(4_000))
        if (!placement || status !== 'optimal') return
        expect(bound).toBeLessThanOrEqual(cheapestByHand(model) + 1e-9)
        expect(placement.cost - bound).toBeLessThanOrEqual(1e-6 * Math.max(1, placement.cost) + 1e-9)
        if (bound < placement.cost) apart++
      }),
      { numRuns: 150, seed: 3 },
    )
    expect(apart).toBeGreaterThan(0)
  }, 30_000)

  test('[PO3] more demand than all posts can take is infeasible, at once', async () => {
    const model = {
      sites: 2,
      customers: 2,
      cost: Float64Array.of(0, 1, 1, 0),
      demand: Float64Array.of(5, 6),
      capacity: Float64Array.of(10, 10),
      posts: 1,
      isStanding: new Uint8Array(2),
    }
    expect(await solvePosts(model, stepsOnly(10))).toMatchObject({ placement: null, status: 'infeasible', steps: 0 })
  })
})

describeWithShared('posts for the published problems', ['location/pmedcap'], () => {
  test('[PO6] two with 50 customers are at their best known value and proved', async () => {
    expect(await solvePosts(published('01'), stepsOnly(20_000))).toMatchObject({ status: 'optimal', bound: 713 })
    expect(await solvePosts(published('04'), stepsOnly(20_000))).toMatchObject({ status: 'optimal', bound: 651 })
  }, 30_000)

  test('[PO3] the same seed and steps give the same placement, whatever the clock says', async () => {
    const model = published('16')
    let at = 0
    const one = await solvePosts(model, stepsOnly(700))
    const other = await solvePosts(model, stepsOnly(700, { now: () => (at += 7) }))
    expect(other).toEqual(one)
    expect(judge(model, one.placement ?? { chosen: new Int32Array(0), siteOf: new Int32Array(0) }).ok).toBe(true)
  }, 30_000)

  test('[PO6] bounds that are told rise, objectives fall, and neither passes the other', async () => {
    const told: Progress[] = []
    await solvePosts(published('13'), stepsOnly(1_200, { onProgress: (at) => told.push(at) }))
    expect(told.length).toBeGreaterThan(10)
    for (const [index, { objective, bound }] of told.entries()) {
      const before = told[index - 1]
      if (!before) continue
      expect(bound).toBeGreaterThanOrEqual(before.bound)
      expect(objective).toBeLessThanOrEqual(before.objective ?? Number.POSITIVE_INFINITY)
      expect(bound).toBeLessThanOrEqual(objective ?? Number.POSITIVE_INFINITY)
    }
  })

  test('[PO3] somebody who stops it gets the best so far', async () => {
    let looks = 0
    const { status, placement } = await solvePosts(
      published('19'),
      stepsOnly(1_000_000, { isStopped: () => ++looks > 700 }),
    )
    expect(status).toBe('feasible')
    expect(placement).not.toBeNull()
  })
})
