import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ENOUGH, productProblem, SHORT } from '#bench/assignment/product-case.ts'
import type { PlanProblem, PlanResult } from '#domain/plan.ts'
import { NOTHING, RESOURCES } from '#domain/services.ts'
import { evaluate, providersOf } from '#planning/assignment/evaluate.ts'
import { gridOf, isEligible, NOBODY, type PlanGrid } from '#planning/assignment/grid.ts'
import { solvePlan } from '#planning/assignment/solve.ts'
import { communityOf, problemOf, providerOf, smallProblems } from './small-plans.ts'

/** Branch and cut for 150 problems, and every plan of each tried, on a machine that does other things too. */
const SLOW_MS = 60_000

/** A clock that stands: steps alone end a run, so that answers repeat. */
const runOf = (steps: number, seed = 1) => ({ now: () => 0, seed, limits: { seconds: 3_600, steps } })

async function solved(problem: PlanProblem, steps = 300): Promise<PlanResult> {
  const answer = await solvePlan(problem, runOf(steps))
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.result
}

/** Every plan there is, tried. */
function bestOf(problem: PlanProblem): { uncovered: number; cost: number } {
  const grid = gridOf(problem)
  const providerAt = new Int32Array(grid.communities).fill(NOBODY)
  let best = { uncovered: Number.POSITIVE_INFINITY, cost: Number.POSITIVE_INFINITY }
  const tryFrom = (c: number): void => {
    if (c === grid.communities) {
      const { cost, uncovered } = evaluate(grid, providerAt)
      if (uncovered < best.uncovered || (uncovered === best.uncovered && cost < best.cost)) best = { uncovered, cost }
      return
    }
    for (let p = NOBODY; p < grid.providers; p++) {
      providerAt[c] = p
      if (p === NOBODY || (isEligible(grid, c, p) && keepsCapacity(grid, providerAt, c))) tryFrom(c + 1)
    }
    providerAt[c] = NOBODY
  }
  tryFrom(0)
  return best
}

const keepsCapacity = (grid: PlanGrid, providerAt: Int32Array, last: number) =>
  grid.left.every((left, p) =>
    RESOURCES.every((_, r) => {
      let need = 0
      for (let c = 0; c <= last; c++) if (providerAt[c] === p) need += grid.needs[c]?.[r] ?? 0
      return need <= (left[r] ?? 0)
    }),
  )

function overfull(problem: PlanProblem, result: PlanResult): number {
  const grid = gridOf(problem)
  const providerAt = providersOf(grid, result.places)
  return keepsCapacity(grid, providerAt, grid.communities - 1) ? 0 : 1
}

describe('a plan', () => {
  test(
    '[PS2, PS3] is, with its bounds, what trying every plan finds on 150 small problems',
    async () => {
      await fc.assert(
        fc.asyncProperty(smallProblems, async (problem) => {
          const { uncovered, uncoveredBound, cost, costBound, status, places } = await solved(problem)
          const best = bestOf(problem)
          expect({ uncovered, cost, status }).toEqual({ ...best, status: 'optimal' })
          expect([uncoveredBound, costBound]).toEqual([best.uncovered, best.cost])
          const grid = gridOf(problem)
          expect(evaluate(grid, providersOf(grid, places))).toMatchObject(best)
        }),
        { numRuns: 150, seed: 3 },
      )
    },
    SLOW_MS,
  )

  test('[PS3] leaves as few uncovered as is proved possible, at any cost', async () => {
    const near = providerOf('near', 6)
    const far = providerOf('far', 6, { lng: 125, quality: 60 })
    const problem = problemOf([communityOf('a', 6), communityOf('b', 6), communityOf('c', 6)], [near, far])
    expect(await solved(problem)).toMatchObject({ uncovered: 1, uncoveredBound: 1, status: 'optimal' })
  })

  test('[PS4] keeps every lock and reserve, and says what it left to nobody', async () => {
    const problem = problemOf(
      [communityOf('a', 4), communityOf('b', 4)],
      [providerOf('good', 8), providerOf('poor', 8, { quality: 60 })],
      {
        locks: [{ communityId: 'a', providerId: 'poor' }],
        reserves: [{ providerId: 'poor', amounts: { ...NOTHING, cleaners: 4 } }],
      },
    )
    const { places, cost } = await solved(problem)
    expect(places).toEqual([
      { communityId: 'a', providerId: 'poor' },
      { communityId: 'b', providerId: 'good' },
    ])
    expect(cost).toBe(400)
  })
})

describe('the optimiser of large plans', { timeout: SLOW_MS }, () => {
  const size = { communities: 120, providers: 14 }

  test('[PS5] covers everybody where there is room, proves it, and comes near its bound', async () => {
    const problem = productProblem({ ...ENOUGH, ...size, capacityOverNeed: 1.4 }, 5)
    const result = await solved(problem, 400)
    expect(result).toMatchObject({ uncovered: 0, uncoveredBound: 0 })
    expect(overfull(problem, result)).toBe(0)
    expect(result.costBound).toBeLessThanOrEqual(result.cost)
    expect(result.gap).toBeLessThan(0.05)
  })

  test('[PS5] proves how many must be left out where room is short', async () => {
    const problem = productProblem({ ...SHORT, ...size }, 5)
    const result = await solved(problem, 600)
    expect(overfull(problem, result)).toBe(0)
    expect(result.uncoveredBound).toBeGreaterThan(0)
    expect(result.uncovered - result.uncoveredBound).toBeLessThanOrEqual(2)
    expect(result.costBound).toBeLessThanOrEqual(result.cost)
  })

  test('[PS6] answers the same for the same seed and as many steps', async () => {
    const problem = productProblem({ ...SHORT, ...size }, 6)
    const [one, other] = [await solved(problem, 200), await solved(problem, 200)]
    expect(other).toEqual(one)
  })

  test('[PS7] begins from a running plan: one changed lock moves few', async () => {
    const problem = productProblem({ ...ENOUGH, ...size, capacityOverNeed: 1.4 }, 7)
    const before = await solvePlan(problem, runOf(200))
    if (!before.ok) throw new Error('no plan')
    const changed = { ...problem, locks: problem.locks.slice(1) }
    const after = await solvePlan(changed, runOf(20), { places: before.result.places, prices: before.prices })
    if (!after.ok) throw new Error('no plan')
    const was = new Map(before.result.places.map(({ communityId, providerId }) => [communityId, providerId]))
    const moved = after.result.places.filter(({ communityId, providerId }) => was.get(communityId) !== providerId)
    expect(after.result.uncovered).toBe(0)
    expect(after.result.gap).toBeLessThan(0.05)
    expect(moved.length).toBeLessThan(size.communities / 4)
  })

  test('[PS7] tells its best plan and its bounds while it works, and stops when asked', async () => {
    const problem = productProblem({ ...ENOUGH, ...size, capacityOverNeed: 1.4 }, 8)
    let seen = 0
    const answer = await solvePlan(problem, {
      ...runOf(10_000),
      isStopped: () => seen >= 3,
      onProgress: ({ cost, costBound }, places) => {
        if (places === null || cost === null) return
        seen += 1
        expect(costBound).toBeLessThanOrEqual(cost)
      },
    })
    expect(answer).toMatchObject({ ok: true, result: { uncovered: 0 } })
  })
})
