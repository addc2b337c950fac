import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import type { Limits, Run } from '#planning/anytime.ts'
import { gapOfModel } from '#planning/assignment/core/gap.ts'
import { JobPriceAscent } from '#planning/assignment/core/job-prices.ts'
import { Knapsack } from '#planning/assignment/core/knapsack.ts'
import { type AssignmentAnswer, type AssignmentModel, judge } from '#planning/assignment/core/model.ts'
import { readOrlib } from '#planning/assignment/core/orlib.ts'
import { solveAssignment } from '#planning/assignment/core/solve.ts'
import { solveMany } from '#planning/assignment/many/solve.ts'
import { describeWithShared, sharedPath } from '#tests/support/shared.ts'
import { bestByTryingAll, smallProblem } from '#tests/support/small-assignments.ts'

/** A clock that stands: only steps end a run. */
const run = (seed: number, limits: Limits = { seconds: 60 }): Run => ({ now: () => 0, seed, limits })

describe('the assignment solver', () => {
  test('[AS2] on a thousand small problems finds what trying everything finds, and proves it', async () => {
    let [impossible, uncovered, proved] = [0, 0, 0]
    for (let seed = 0; seed < 1_000; seed++) {
      const model = smallProblem(seed)
      const best = bestByTryingAll(model)
      const answer = await solveAssignment(model, run(seed))
      // Half of them are the classic problem: the way large plans go must tell no more than is true of those either.
      const searched = await solveMany(model, { now: () => 0, seed, limits: { seconds: 60, steps: 10 }, exactPairs: 0 })
      proved += searched.status === 'optimal' || searched.status === 'infeasible' ? 1 : 0
      if (best === null) {
        impossible++
        expect([seed, answer.status]).toEqual([seed, 'infeasible'])
        expect([seed, searched.agentOf]).toEqual([seed, null])
        continue
      }
      expectHonest(model, seed, searched, best)
      uncovered += best.uncovered > 0 ? 1 : 0
      const { status, cost, costBound, uncoveredBound } = answer
      const told = { seed, status, uncovered: answer.uncovered, cost, costBound, uncoveredBound }
      const wanted = { seed, status: 'optimal', ...best, costBound: best.cost, uncoveredBound: best.uncovered }
      expect(told).toEqual(wanted)
      expect(judge(model, answer.agentOf as Int32Array)).toEqual({ ok: true, ...best })
    }
    // Both ends of what is possible are among them.
    expect(impossible).toBeGreaterThan(20)
    expect(uncovered).toBeGreaterThan(20)
    expect(proved).toBeGreaterThan(100)
  }, 120_000)

  test('[AS3] the same seed and steps give the same plan and bound', async () => {
    const model = largerProblem()
    const once = await solveAssignment(model, run(7, { seconds: 60, steps: 1 }))
    const again = await solveAssignment(model, run(7, { seconds: 60, steps: 1 }))
    expect(again).toEqual(once)
    expect(judge(model, once.agentOf as Int32Array)).toMatchObject({ ok: true, cost: once.cost })
    expect(once.costBound).toBeLessThanOrEqual(once.cost)
  })

  test('[AS3] stopped at once it still has the bound of the prices', async () => {
    const answer = await solveAssignment(largerProblem(), { ...run(1), isStopped: () => true })
    expect(answer.status === 'feasible' || answer.status === 'unknown').toBe(true)
    expect(answer.costBound).toBeGreaterThan(0)
  })

  test('[AS4] a knapsack is packed as dynamic programming packs it', () => {
    const random = seededRandom(1, 'knapsack')
    const knapsack = new Knapsack(60)
    for (let round = 0; round < 300; round++) {
      const use = Float64Array.from({ length: 60 }, () => wholeBetween(random, 1, 40))
      const profit = use.map((own) => (round % 2 ? wholeBetween(random, -5, 20) : own * 0.3 + random() * 4 - 2))
      const capacity = wholeBetween(random, 5, 400)
      const best = new Float64Array(capacity + 1)
      for (let job = 0; job < 60; job++)
        for (let load = capacity; load >= (use[job] as number); load--)
          best[load] = Math.max(
            best[load] as number,
            (best[load - (use[job] as number)] as number) + (profit[job] as number),
          )
      expect(knapsack.solve(profit, use, capacity)).toBeCloseTo(best[capacity] as number, 6)
      const load = knapsack.chosen.subarray(0, knapsack.count).reduce((sum, job) => sum + (use[job] as number), 0)
      expect(load).toBeLessThanOrEqual(capacity)
    }
  })
})

/** Whatever ended the search, its bounds hold and its plan is one; and where it says that it is the best, it is. */
function expectHonest(
  model: AssignmentModel,
  seed: number,
  { status, agentOf, uncovered, cost, uncoveredBound, costBound }: AssignmentAnswer,
  best: { uncovered: number; cost: number },
): void {
  expect([seed, status]).not.toEqual([seed, 'infeasible'])
  expect([seed, uncoveredBound <= best.uncovered]).toEqual([seed, true])
  if (agentOf === null) return
  expect([seed, judge(model, agentOf)]).toEqual([seed, { ok: true, uncovered, cost }])
  if (uncovered === best.uncovered) expect([seed, costBound <= best.cost]).toEqual([seed, true])
  if (status === 'optimal') expect([seed, uncovered, cost]).toEqual([seed, best.uncovered, best.cost])
}

/** Tight enough that neither prices nor chains end it at once. */
function largerProblem(): AssignmentModel {
  const random = seededRandom(11, 'larger problem')
  const [agents, jobs] = [5, 40]
  const use = Float64Array.from({ length: agents * jobs }, () => wholeBetween(random, 1, 100))
  const cost = use.map((own) => 111 - own + wholeBetween(random, -10, 10))
  const capacity = new Float64Array(agents).fill(Math.floor((0.8 * 50.5 * jobs) / agents))
  return {
    agents,
    jobs,
    cost,
    resources: [{ use, capacity }],
    fixedCost: new Float64Array(agents),
    mayStayUncovered: false,
  }
}

describeWithShared('the published problems', ['gap'], () => {
  const problem = (name: string) => {
    const read = readOrlib(readFileSync(sharedPath(`gap/instances/${name}.txt`), 'utf8'))
    if (!read.ok) throw new Error(read.why)
    return read.problem
  }
  const best = new Map(
    readFileSync(sharedPath('gap/best_known.csv'), 'utf8')
      .split('\n')
      .map((line) => line.split(','))
      .map((cells) => [cells[0] as string, { cost: Number(cells[7]), best: Number(cells[8]) }]),
  )

  test('[AS1] every certificate is a plan of its published cost', () => {
    const names = readdirSync(sharedPath('gap/certificates')).map((file) => file.split('.')[0] as string)
    expect(names.length).toBeGreaterThan(30)
    for (const name of names) {
      const text = readFileSync(sharedPath(`gap/certificates/${name}.sol.txt`), 'utf8')
      const agentOf = Int32Array.from(text.trim().split(/\s+/), Number)
      expect([name, judge(problem(name), agentOf)]).toEqual([
        name,
        { ok: true, cost: best.get(name)?.cost, uncovered: 0 },
      ])
    }
  })

  test('[AS2] gap1-0, to be minimised, is proved to be 261', async () => {
    expect(await solveAssignment(problem('gap1-0'), run(1))).toMatchObject({
      status: 'optimal',
      cost: 261,
      costBound: 261,
    })
  })

  test.each(['c05100', 'e05100', 'd10100', 'b10100'])(
    '[AS5] the prices of the jobs of %s prove no more than is true',
    (name) => {
      const gap = gapOfModel(problem(name))
      if (!gap) throw new Error('it is the classic problem')
      const target = best.get(name)?.best as number
      const ascent = new JobPriceAscent(gap, new Float64Array(gap.jobs).fill(target / gap.jobs))
      for (let round = 0; round < 200; round++) ascent.round(target)
      expect(ascent.best.bound).toBeLessThanOrEqual(target)
      expect(ascent.best.bound).toBeGreaterThan(target * 0.98)
    },
  )
})
