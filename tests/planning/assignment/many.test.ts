import { describe, expect, test } from 'vitest'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import { type AssignmentModel, judge } from '#planning/assignment/core/model.ts'
import { Neighbourhoods } from '#planning/assignment/many/neighbourhood.ts'
import { pairsOf } from '#planning/assignment/many/pairs.ts'
import { Relaxed } from '#planning/assignment/many/prices.ts'
import { solveMany } from '#planning/assignment/many/solve.ts'

/** A clock that stands: steps alone end a run. */
const run = (steps: number) => ({ now: () => 0, seed: 1, limits: { seconds: 3_600, steps } })

/** Room for all, but hardly without paying for overload above the soft capacity. */
function soft(overPrice: number): AssignmentModel {
  const random = seededRandom(3, 'soft')
  const [agents, jobs] = [6, 110]
  const use = Float64Array.from({ length: agents * jobs }, () => wholeBetween(random, 5, 24))
  const resource = (own: number) => ({ use, capacity: new Float64Array(agents).fill(own) })
  return {
    agents,
    jobs,
    cost: use.map((own) => 60 - own + wholeBetween(random, 0, 9)),
    fixedCost: new Float64Array(agents),
    mayStayUncovered: true,
    resources: [resource(190), { ...resource(60), overPrice: new Float64Array(agents).fill(overPrice) }],
  }
}

describe('large problems', () => {
  test('[PS6] a small programme over a few agents betters a poor plan, repeatably, and moves nobody else', async () => {
    const model = soft(2)
    const pairs = pairsOf(model)
    const candidates = Array.from({ length: model.jobs }, (_, job) =>
      Int32Array.from({ length: model.agents }, (_, agent) => pairs.at[job * model.agents + agent] as number),
    )
    const plan = (await solveMany(soft(20), run(1))).agentOf as Int32Array
    const before = judge(model, plan)
    const better = () => new Neighbourhoods(pairs, seededRandom(1, 'near')).better(plan, candidates, { isWhole: true })
    const found = (await better()) as Int32Array
    expect(await better()).toEqual(found)
    const after = judge(model, found)
    if (!before.ok || !after.ok) throw new Error('no plan')
    expect(after.uncovered).toBe(before.uncovered)
    expect(after.cost).toBeLessThan(before.cost)
    const touched = new Set([...found.keys()].filter((job) => found[job] !== plan[job]).map((job) => found[job]))
    expect(touched.size).toBeLessThanOrEqual(2)
  })

  test('[PS7] prices of a plan whose overload was dearer prove nothing that is not true', async () => {
    const dear = await solveMany(soft(20), run(40))
    const cheap = soft(1)
    const cold = await solveMany(cheap, run(80))
    const warm = await solveMany(cheap, run(80), { agentOf: dear.agentOf as Int32Array, prices: dear.prices })
    for (const { agentOf, cost } of [cold, warm])
      expect(judge(cheap, agentOf as Int32Array)).toEqual({ ok: true, uncovered: 0, cost })
    const least = Math.min(cold.cost, warm.cost)
    for (const { costBound } of [cold, warm]) expect(costBound).toBeLessThanOrEqual(least)
    const relaxed = new Relaxed(pairsOf(cheap), { kind: 'cost', mostUncovered: 0 })
    expect(relaxed.at(dear.prices.cost)).toBeLessThanOrEqual(least)
  })
})
