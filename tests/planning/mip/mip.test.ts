import { describe, expect, test } from 'vitest'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import { dualBound, safeBound } from '#planning/mip/bound.ts'
import { dropHighs, highs } from '#planning/mip/highs.ts'
import { openLp, solveLpOnce } from '#planning/mip/lp.ts'
import { solveMip } from '#planning/mip/mip.ts'
import { type LinearModel, ModelBuilder } from '#planning/mip/model.ts'

const INFINITY = Number.POSITIVE_INFINITY

/** Cheapest choice of things that weigh at least `least` together. */
function cover(cost: number[], weight: number[], least: number, isInteger = true): LinearModel {
  const build = new ModelBuilder()
  const row = build.row(least, INFINITY)
  cost.forEach((own, n) => {
    build.column({ cost: own, isInteger })
    build.entry(row, weight[n] as number)
  })
  return build.done()
}

const cheapest = (cost: number[], weight: number[], least: number): number => {
  let best = INFINITY
  for (let chosen = 0; chosen < 1 << cost.length; chosen++) {
    const sum = (of: number[]) => of.reduce((total, one, n) => total + ((chosen >> n) & 1 ? one : 0), 0)
    if (sum(weight) >= least) best = Math.min(best, sum(cost))
  }
  return best
}

describe('mixed-integer programmes', () => {
  test('[MP1] a proved optimum is what trying everything finds, and an impossible one is said to be so', async () => {
    const random = seededRandom(7, 'mip')
    for (let round = 0; round < 60; round++) {
      const list = (high: number) => Array.from({ length: 8 }, () => wholeBetween(random, 1, high))
      const [cost, weight, least] = [list(30), list(20), wholeBetween(random, 20, 130)]
      const answer = await solveMip(cover(cost, weight, least), { isWhole: true, isSmall: round % 2 === 0 })
      const best = cheapest(cost, weight, least)
      if (best === INFINITY) expect(answer).toMatchObject({ status: 'infeasible', objective: null, x: null })
      else expect(answer).toMatchObject({ status: 'optimal', objective: best, bound: best })
    }
  })

  test('[MP1] with a cutoff only what is below it counts, and then it is proved that nothing is', async () => {
    const [cost, weight] = [
      [5, 7, 9],
      [4, 5, 8],
    ]
    const model = cover(cost, weight, 9)
    expect(await solveMip(model, { isWhole: true, cutoff: 12 })).toMatchObject({ status: 'infeasible', bound: 12 })
    expect(await solveMip(model, { isWhole: true, cutoff: 13 })).toMatchObject({ status: 'optimal', objective: 12 })
  })

  test('[MP2] a bound where it was stopped early is never above the optimum', async () => {
    const random = seededRandom(3, 'mip')
    const list = (low: number, high: number) => Array.from({ length: 60 }, () => wholeBetween(random, low, high))
    const [weight, noise] = [list(50, 99), list(0, 5)]
    const model = cover(
      weight.map((own, n) => own + (noise[n] as number)),
      weight,
      1_777,
    )
    const whole = await solveMip(model, { isWhole: true })
    const cut = await solveMip(model, { isWhole: true, nodes: 1, heuristics: 0 })
    const stopped = await solveMip(model, { isWhole: true, isStopped: () => true })
    expect(whole.status).toBe('optimal')
    for (const { bound } of [cut, stopped]) expect(bound).toBeLessThanOrEqual(whole.objective as number)
  })

  test('[MP2] bounds are lowered by the tolerances, and raised only to the next whole number', () => {
    expect(safeBound(41.2, true)).toBe(42)
    expect(safeBound(42 + 1e-9, true)).toBe(42)
    expect(safeBound(41.5, false)).toBeLessThan(41.5)
    expect(safeBound(Number.NEGATIVE_INFINITY, true)).toBe(Number.NEGATIVE_INFINITY)
  })

  test('[MP2] the bound of a proved optimum is lowered too where costs are not whole', async () => {
    const { status, objective, bound } = await solveMip(cover([1.25, 2.5, 0.75], [4, 5, 3], 7))
    expect([status, objective]).toEqual(['optimal', 2])
    expect(bound).toBeLessThan(2)
    expect(bound).toBeCloseTo(2, 5)
  })

  test('[MP3] a thousand solves leave the memory as large as fifty do, and a broken instance is replaced', async () => {
    const model = cover([5, 7, 9, 4], [4, 5, 8, 3], 11)
    for (let n = 0; n < 50; n++) await solveMip(model, { isSmall: true })
    const { memoryBytes } = await highs()
    for (let n = 0; n < 1_000; n++) await solveMip(model, { isSmall: true })
    const solver = await highs()
    expect(solver.memoryBytes).toBe(memoryBytes)
    dropHighs()
    expect(await highs()).not.toBe(solver)
    expect((await solveMip(model, { isWhole: true })).status).toBe('optimal')
  })
})

describe('linear programmes', () => {
  test('[MP2] prices of any kind prove a bound, the optimal ones the optimum', async () => {
    const random = seededRandom(5, 'lp')
    for (let round = 0; round < 20; round++) {
      const list = () => Array.from({ length: 10 }, () => wholeBetween(random, 1, 30))
      const model = cover(list(), list(), 60, false)
      const { status, objective, bound, rowDual } = await solveLpOnce(model)
      expect(status).toBe('optimal')
      expect(bound).toBeLessThanOrEqual(objective)
      expect(bound).toBeCloseTo(objective, 3)
      for (const price of [-3, 0, random(), 5])
        expect(dualBound(model, Float64Array.of(price))).toBeLessThan(objective + 1e-9)
      expect(rowDual).toHaveLength(1)
    }
  })

  test('[MP4] a kept programme takes columns and bounds and goes on from where it was', async () => {
    const session = await openLp(cover([5, 7], [1, 1], 1, false))
    expect(session.solve().objective).toBeCloseTo(5)
    const columns = { cost: [2], lower: [0], upper: [0.5], values: [1] }
    const floats = Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, Float64Array.from(list)]))
    const added = { ...floats, starts: Int32Array.of(0, 1), indices: Int32Array.of(0) } as Parameters<
      typeof session.addColumns
    >[0]
    expect(session.addColumns(added)).toBe(2)
    expect(session.solve().objective).toBeCloseTo(3.5)
    session.setColumnBounds(Int32Array.of(0), Float64Array.of(0), Float64Array.of(0))
    expect(session.solve().objective).toBeCloseTo(4.5)
    session.deleteColumns(Int32Array.of(1, 2))
    expect(session.solve().status).toBe('infeasible')
    session.dispose()
  })
})
