import type { Bench, Line } from '#bench/bench.ts'
import type { PlanProblem } from '#domain/plan.ts'
import { type PlanStart, solvePlan } from '#planning/assignment/solve.ts'
import { ENOUGH, type ProductCase, productProblem, SHORT } from './product-case.ts'

const CASES: Record<string, ProductCase> = { 'product-enough': ENOUGH, 'product-short': SHORT }
const SEED = 1
/** What the plan may take, and a re-solve after one changed lock. */
const SECONDS = 5
const AGAIN_SECONDS = 1

type Report = (line: Line) => void

export const plans: Bench = {
  about:
    '1,000 communities × 100 providers, three capacities, 50 locks, made from a seed: with enough of each capacity, and with 5 % too\n' +
    'little of each. The fewest uncovered with its proof, then the cost gap to the proven bound; and again with one lock changed,\n' +
    'from the plan that stands. Processor seconds of one core.',
  async run(report, say) {
    for (const [name, size] of Object.entries(CASES)) {
      say(`${name}: ${size.communities} communities, ${size.providers} providers`)
      await runCase(name, productProblem(size, SEED), report)
    }
  },
}

async function runCase(name: string, problem: PlanProblem, report: Report): Promise<void> {
  const line = (metric: string, value: number, unit: string) =>
    report({ bench: 'plans', case: name, metric, value, unit })
  const first = await timed(problem, SECONDS)
  line('uncovered', first.result.uncovered, 'communities')
  line('uncovered bound', first.result.uncoveredBound, 'communities')
  if (first.fewestAfter !== null) line('fewest proved after', first.fewestAfter, 's')
  line('cost gap', 100 * first.result.gap, '%')
  // No line where it was not reached.
  if (first.nearAfter !== null) line('cost gap ≤ 1 % after', first.nearAfter, 's')
  const { result, prices } = first
  const unlocked = { ...problem, locks: problem.locks.slice(0, -1) }
  const again = await timed(unlocked, AGAIN_SECONDS, { places: result.places, prices })
  line('one lock changed: uncovered', again.result.uncovered, 'communities')
  line('one lock changed: uncovered bound', again.result.uncoveredBound, 'communities')
  line('one lock changed: cost gap', 100 * again.result.gap, '%')
  line('one lock changed: seconds', again.result.seconds, 's')
}

/** Seconds are of the processor, so that another process on the machine makes nothing look slower. */
const now = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

async function timed(problem: PlanProblem, seconds: number, start?: PlanStart) {
  let fewestAfter: number | null = null
  let nearAfter: number | null = null
  const begun = now()
  const solved = await solvePlan(
    problem,
    {
      now,
      seed: SEED,
      limits: { seconds },
      onProgress: ({ uncovered, uncoveredBound, cost, costBound }) => {
        if (uncovered === null || cost === null || uncovered > uncoveredBound) return
        fewestAfter ??= (now() - begun) / 1_000
        if (cost - costBound <= 0.01 * cost) nearAfter ??= (now() - begun) / 1_000
      },
    },
    start,
  )
  if (!solved.ok) throw new Error(`the case contradicts itself: ${JSON.stringify(solved.faults)}`)
  return { result: solved.result, prices: solved.prices, fewestAfter, nearAfter }
}
