import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Run } from '#planning/anytime.ts'
import { type CoveringModel, coveredBy, coveringModel, standing } from '#planning/posts/covering/model.ts'
import { coverCurve, solveCovering } from '#planning/posts/covering/solve.ts'

const stepsOnly = (steps = 2_000, more: Partial<Run> = {}): Run => ({
  now: () => 0,
  seed: 1,
  limits: { seconds: 60, steps },
  ...more,
})

/** Up to nine sites and ten places, some sites standing. */
const smallModels: fc.Arbitrary<CoveringModel> = fc
  .record({ sites: fc.integer({ min: 1, max: 9 }), places: fc.integer({ min: 1, max: 10 }) })
  .chain(({ sites, places }) =>
    fc
      .record({
        weight: fc.array(
          fc.integer({ min: 0, max: 5_000 }).map((n) => n / 100),
          { minLength: places, maxLength: places },
        ),
        reaches: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: places - 1 }), { maxLength: 5 }), {
          minLength: sites,
          maxLength: sites,
        }),
        standing: fc.array(
          fc.integer({ min: 0, max: 5 }).map((n) => (n === 0 ? 1 : 0)),
          { minLength: sites, maxLength: sites },
        ),
      })
      .map(({ weight, reaches, standing: stands }) =>
        coveringModel(
          Float64Array.from(weight),
          reaches.map((each) => Int32Array.from(each).sort()),
          Uint8Array.from(stands),
        ),
      ),
  )

function mostByHand(model: CoveringModel, posts: number): number {
  const sites = model.reaches.length
  let best = 0
  for (let set = 0; set < 1 << sites; set++) {
    const chosen = Array.from({ length: sites }, (_, site) => site).filter((site) => (set >> site) & 1)
    const keepsStanding = model.isStanding.every((stands, site) => stands === 0 || chosen.includes(site))
    if (keepsStanding && chosen.length <= posts) best = Math.max(best, coveredBy(model, chosen))
  }
  return best
}

describe('maximal covering', () => {
  test('[PO7, PO8] as many posts as asked cover the most there is, and that is proved', async () => {
    await fc.assert(
      fc.asyncProperty(smallModels, fc.integer({ min: 0, max: 9 }), async (model, asked) => {
        const posts = Math.min(model.reaches.length, Math.max(asked, standing(model)))
        const most = mostByHand(model, posts)
        const answer = await solveCovering(model, posts, stepsOnly())
        expect(answer.chosen.length).toBeLessThanOrEqual(posts)
        expect(answer.covered).toBeCloseTo(coveredBy(model, answer.chosen), 9)
        expect(answer.bound).toBeGreaterThanOrEqual(most - 1e-6)
        expect(answer.covered).toBeCloseTo(most, 5)
        expect(answer.status).toBe('optimal')
        for (const [site, stands] of model.isStanding.entries()) if (stands === 1) expect(answer.chosen).toContain(site)
      }),
      { numRuns: 200 },
    )
  })

  test('[PO9] the curve rises, and each of its bounds holds however few steps it got', () => {
    fc.assert(
      fc.property(smallModels, fc.integer({ min: 0, max: 400 }), (model, steps) => {
        const curve = coverCurve(model, [0, 1, 2, 4, 6, 9], stepsOnly(steps))
        for (const [index, point] of curve.entries()) {
          const most = mostByHand(model, point.posts)
          expect(point.covered).toBeLessThanOrEqual(most + 1e-9)
          expect(point.bound).toBeGreaterThanOrEqual(most - 1e-6)
          expect(point.covered).toBeGreaterThanOrEqual((curve[index - 1]?.covered ?? 0) - 1e-9)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('[PO7] the same seed and steps choose the same sites', async () => {
    const model = ring(60)
    expect(await solveCovering(model, 9, stepsOnly(120))).toEqual(await solveCovering(model, 9, stepsOnly(120)))
    expect(coverCurve(model, [3, 6, 9], stepsOnly(300))).toEqual(coverCurve(model, [3, 6, 9], stepsOnly(300)))
  })

  test('[PO8] sites on a ring that overlap half are told apart: the gap is closed', async () => {
    const { status, covered, posts } = await solveCovering(ring(60), 12, stepsOnly(5_000))
    expect({ status, covered, posts }).toEqual({ status: 'optimal', covered: 60, posts: 12 })
  })
})

/** Places in a circle, each site reaching five of them. */
function ring(count: number): CoveringModel {
  const reaches = Array.from({ length: count }, (_, site) =>
    Int32Array.from([-2, -1, 0, 1, 2], (step) => (site + step + count) % count),
  )
  return coveringModel(new Float64Array(count).fill(1), reaches)
}
