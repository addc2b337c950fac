import type { PlanFault, PlanPlace, PlanProblem, PlanProgress, PlanResult } from '#domain/plan.ts'
import { gapOf, type Run } from '#planning/anytime.ts'
import { evaluate, placesOf, providersOf } from './evaluate.ts'
import { faultsOf } from './faults.ts'
import { gridOf, NOBODY, type PlanGrid } from './grid.ts'
import type { ManyAnswer, ManyPrices, ManyProgress } from './many/answer.ts'
import { solveMany } from './many/solve.ts'
import { type FreePart, freePartOf } from './model.ts'

export interface PlanRunning extends Omit<Run, 'onProgress'> {
  /** `places` only with a plan that is new. */
  onProgress?(progress: PlanProgress, places: PlanPlace[] | null): void
}

/** A plan to begin from, and the prices that came with it: a problem that differs little is then solved in a moment. */
export interface PlanStart {
  places: readonly PlanPlace[]
  prices?: ManyPrices
}

export type Solved = { ok: true; result: PlanResult; prices: ManyPrices } | { ok: false; faults: PlanFault[] }

/** PS1–PS4: the plan with the fewest uncovered and then the least cost, each with the bound that proves how good it is. */
export async function solvePlan(problem: PlanProblem, run: PlanRunning, start?: PlanStart): Promise<Solved> {
  const grid = gridOf(problem)
  const faults = faultsOf(grid)
  if (faults.length > 0) return { ok: false, faults }
  const begun = run.now()
  const free = freePartOf(grid)
  const { now, seed, limits, isStopped } = run
  const answer = await solveMany(
    free.model,
    { now, seed, limits, ...(isStopped && { isStopped }), onProgress: (progress) => tell(grid, free, run, progress) },
    start && startOf(grid, free, start),
  )
  const seconds = (run.now() - begun) / 1_000
  return { ok: true, result: resultOf(grid, free, answer, { seconds, seed }), prices: answer.prices }
}

function startOf(grid: PlanGrid, { communityOf, model }: FreePart, { places, prices }: PlanStart) {
  const providerOf = providersOf(grid, places)
  const fits =
    prices && prices.cost.capacity.length === model.resources.length && prices.cost.capacity[0]?.length === model.agents
  return { agentOf: Int32Array.from(communityOf, (c) => providerOf[c] as number), ...(fits && { prices }) }
}

/** All communities' providers: the locked ones and those of the answer. */
function wholePlan(grid: PlanGrid, { communityOf }: FreePart, agentOf: Int32Array): Int32Array {
  const providerOf = grid.lockedTo.slice()
  for (const [job, c] of communityOf.entries()) providerOf[c] = agentOf[job] ?? NOBODY
  return providerOf
}

function resultOf(
  grid: PlanGrid,
  free: FreePart,
  answer: ManyAnswer,
  told: { seconds: number; seed: number },
): PlanResult {
  const nobody = new Int32Array(free.communityOf.length).fill(NOBODY)
  const providerOf = wholePlan(grid, free, answer.agentOf ?? nobody)
  // Reckoned anew by the rules themselves: what is shown never rests on the optimiser's own sums.
  const { cost, uncovered } = evaluate(grid, providerOf)
  const costBound = Math.min(cost, answer.costBound + free.lockedCost)
  return {
    places: placesOf(grid, providerOf),
    uncovered,
    uncoveredBound: Math.min(uncovered, answer.uncoveredBound + free.hopeless),
    cost,
    costBound,
    gap: gapOf(cost, costBound),
    status: answer.status,
    ...told,
  }
}

function tell(grid: PlanGrid, free: FreePart, run: PlanRunning, progress: ManyProgress): void {
  const { seconds, steps, phase, agentOf } = progress
  const places = agentOf && placesOf(grid, wholePlan(grid, free, agentOf))
  run.onProgress?.(
    {
      seconds,
      steps,
      phase,
      uncovered: progress.uncovered === null ? null : progress.uncovered + free.hopeless,
      uncoveredBound: progress.uncoveredBound + free.hopeless,
      cost: progress.cost === null ? null : progress.cost + free.lockedCost,
      costBound: progress.costBound + free.lockedCost,
      share: Math.min(
        1,
        Math.max(seconds / run.limits.seconds, steps / (run.limits.steps ?? Number.POSITIVE_INFINITY)),
      ),
    },
    places,
  )
}
