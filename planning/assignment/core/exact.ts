import type { Run } from '#planning/anytime.ts'
import { type MipAnswer, type MipOptions, solveMip } from '#planning/mip/mip.ts'
import { ModelBuilder } from '#planning/mip/model.ts'
import { type AssignmentAnswer, type AssignmentModel, isWhole, judge, NOBODY } from './model.ts'
import { FEW_PAIRS } from './neighbourhood.ts'

/**
 * Any assignment model as one mixed-integer programme, in two steps where jobs may stay uncovered: the fewest of them, then the least
 * cost with at most so many. For models that are small enough to be proved outright.
 */
export async function solveExactly(model: AssignmentModel, run: Run): Promise<AssignmentAnswer> {
  const begun = run.now()
  const left = (): MipOptions => ({
    seconds: Math.max(0, run.limits.seconds - (run.now() - begun) / 1000),
    seed: run.seed,
    isSmall: model.agents * model.jobs <= FEW_PAIRS,
    ...(run.limits.steps !== undefined && { nodes: run.limits.steps }),
    ...(run.isStopped && { isStopped: run.isStopped }),
  })
  const first = model.mayStayUncovered ? await solveMip(program(model, null).mip, { ...left(), isWhole: true }) : null
  const uncoveredBound = first ? Math.max(0, first.bound) : 0
  if (first && first.objective === null) return nothing(model, uncoveredBound)
  const most = first ? Math.round(first.objective as number) : 0
  const { mip, pairs } = program(model, most)
  const second = await solveMip(mip, { ...left(), isWhole: isWhole(model) })
  return answerOf(model, { uncoveredBound, second, pairs, isFewest: !first || first.status === 'optimal' })
}

const nothing = (model: AssignmentModel, uncoveredBound: number): AssignmentAnswer => ({
  status: 'unknown',
  agentOf: null,
  uncovered: model.jobs,
  cost: Number.NaN,
  uncoveredBound,
  costBound: Number.NEGATIVE_INFINITY,
  steps: 1,
})

function answerOf(
  model: AssignmentModel,
  solved: { uncoveredBound: number; second: MipAnswer; pairs: readonly number[]; isFewest: boolean },
): AssignmentAnswer {
  const { second, pairs, uncoveredBound } = solved
  const empty = { ...nothing(model, uncoveredBound), costBound: second.bound }
  if (second.status === 'infeasible') return { ...empty, status: 'infeasible' }
  if (!second.x) return empty
  const agentOf = new Int32Array(model.jobs).fill(NOBODY)
  for (const [n, pair] of pairs.entries())
    if ((second.x[n] as number) > 0.5) agentOf[pair % model.jobs] = Math.floor(pair / model.jobs)
  const judged = judge(model, agentOf)
  if (!judged.ok) return empty
  const { cost, uncovered } = judged
  const isProved = solved.isFewest && second.status === 'optimal'
  const costBound = Math.min(cost, second.bound)
  return { status: isProved ? 'optimal' : 'feasible', agentOf, uncovered, cost, uncoveredBound, costBound, steps: 1 }
}

/** `mostUncovered` null: count the uncovered; a number: count the cost. Columns: the pairs, then the uncovered, the opened, the overloads. */
function program(model: AssignmentModel, mostUncovered: number | null) {
  const { agents, jobs } = model
  const build = new ModelBuilder()
  const priced = (cost: number) => (mostUncovered === null ? 0 : cost)
  const jobRow = Array.from({ length: jobs }, () => build.row(1, 1))
  const loadRow = model.resources.map(({ capacity }) =>
    Array.from({ length: agents }, (_, agent) => build.row(Number.NEGATIVE_INFINITY, capacity[agent] as number)),
  )
  const openRow = new Map<number, number>()
  const pairs: number[] = []
  for (let pair = 0; pair < agents * jobs; pair++) {
    if (model.cost[pair] === Number.POSITIVE_INFINITY) continue
    const [agent, job] = [Math.floor(pair / jobs), pair % jobs]
    build.column({ cost: priced(model.cost[pair] as number) })
    build.entry(jobRow[job] as number, 1)
    for (const [n, { use }] of model.resources.entries())
      build.entry(loadRow[n]?.[agent] as number, use[pair] as number)
    if (model.fixedCost[agent] !== 0) {
      openRow.set(pair, build.row(Number.NEGATIVE_INFINITY, 0))
      build.entry(openRow.get(pair) as number, 1)
    }
    pairs.push(pair)
  }
  if (model.mayStayUncovered) {
    const row = build.row(Number.NEGATIVE_INFINITY, mostUncovered ?? jobs)
    for (const own of jobRow) {
      build.column({ cost: mostUncovered === null ? 1 : 0 })
      build.entry(own, 1)
      build.entry(row, 1)
    }
  }
  for (let agent = 0; agent < agents; agent++) {
    if (model.fixedCost[agent] === 0) continue
    build.column({ cost: priced(model.fixedCost[agent] as number) })
    for (const [pair, row] of openRow) if (Math.floor(pair / jobs) === agent) build.entry(row, -1)
  }
  for (const [n, { overPrice }] of model.resources.entries()) {
    if (!overPrice) continue
    for (let agent = 0; agent < agents; agent++) {
      build.column({ cost: priced(overPrice[agent] as number), upper: Number.POSITIVE_INFINITY, isInteger: false })
      build.entry(loadRow[n]?.[agent] as number, -1)
    }
  }
  return { mip: build.done(), pairs }
}
