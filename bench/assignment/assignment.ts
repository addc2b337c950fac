import { readFileSync } from 'node:fs'
import type { Bench, Line } from '#bench/bench.ts'
import { casesOf } from '#bench/published.ts'
import { solveAssignment } from '#planning/assignment/core/solve.ts'
import { sharedPath } from '#tests/support/shared.ts'
import { solvePlainly } from './plain.ts'
import { bestKnown, costOfPlan, type Published, readPublished } from './published.ts'

const SEEDS = [1, 2, 3]
const SECONDS = 10
const LONG_SECONDS = 60
/** The types whose distance from the best known is summed up. */
const HARD = /^[cde]/

/** The published assignment problems, beside plain HiGHS on the same problem, seconds and thread. */
export const assignment: Bench = {
  about: [
    `../shared/data/gap, ${SECONDS} s each on one thread (--long: types c, d, e with ${LONG_SECONDS} s), the median of seeds ${SEEDS.join(', ')}.`,
    'ours: what `hongguan solve assignment` runs; highs: HiGHS on the whole programme. Plans are checked and costs recomputed by a reader of',
    'the bench’s own. gap: above the best known cost. proved: 1 = every seed ended with a proof. boundOver: what the highest claimed bound',
    'lies above the best known cost (more than 0 is a bug). Cases are named like the files.',
  ].join('\n'),
  async run(report, say, { cases, isLong }) {
    const known = bestKnown()
    const all = casesOf('gap/instances', cases)
    const names = isLong && cases.length === 0 ? all.filter((name) => HARD.test(name)) : all
    const seconds = isLong ? LONG_SECONDS : SECONDS
    const gaps: Record<'ours' | 'highs', number[]> = { ours: [], highs: [] }
    const at = (name: string) => (metric: string, value: number, unit: string) => {
      if (Number.isFinite(value)) report({ bench: 'assignment', case: name, metric, value, unit })
    }
    for (const name of names) {
      say(`${name}, ${(SEEDS.length + 1) * seconds} s at most`)
      const best = known.get(name) as number
      const figures = await measured(name, seconds, best)
      for (const { metric, value, unit } of figures.lines) at(name)(metric, value, unit)
      if (!HARD.test(name)) continue
      gaps.ours.push(figures.ours)
      gaps.highs.push(figures.highs)
    }
    for (const who of ['ours', 'highs'] as const) summary(at('c, d, e'), who, gaps[who])
  },
}

function summary(
  line: (metric: string, value: number, unit: string) => void,
  who: string,
  gaps: readonly number[],
): void {
  if (gaps.length === 0) return
  line(`${who}.meanGap`, gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length, '%')
  line(`${who}.worstGap`, Math.max(...gaps), '%')
}

type Figure = Pick<Line, 'metric' | 'value' | 'unit'>

async function measured(
  name: string,
  seconds: number,
  best: number,
): Promise<{ lines: Figure[]; ours: number; highs: number }> {
  const problem = readPublished(readFileSync(sharedPath(`gap/instances/${name}.txt`), 'utf8'))
  const runs = []
  for (const seed of SEEDS) runs.push(await ourRun(problem, seed, seconds))
  const beganAt = performance.now()
  const plain = await solvePlainly(problem, seconds)
  const plainSeconds = (performance.now() - beganAt) / 1000
  const gapOf = (cost: number) => (100 * (cost - best)) / best
  const ours = gapOf(median(runs.map(({ cost }) => cost)))
  const highs = gapOf(plain.cost)
  const figure = (metric: string, value: number, unit: string): Figure => ({ metric, value, unit })
  const lines = [
    figure('ours.gap', ours, '%'),
    figure('highs.gap', highs, '%'),
    figure('ours.cost', median(runs.map(({ cost }) => cost)), 'cost'),
    figure('best', best, 'cost'),
    figure('ours.bound', median(runs.map(({ bound }) => bound)), 'cost'),
    figure('highs.bound', plain.bound, 'cost'),
    figure('ours.gapProven', median(runs.map(({ cost, bound }) => (100 * (cost - bound)) / cost)), '%'),
    figure('ours.proved', runs.every(({ status }) => status === 'optimal') ? 1 : 0, '1 = yes'),
    figure('highs.proved', plain.status === 'optimal' ? 1 : 0, '1 = yes'),
    figure('ours.seconds', median(runs.map((run) => run.seconds)), 's'),
    figure('highs.seconds', plainSeconds, 's'),
    figure('boundOver', Math.max(0, ...runs.map(({ bound }) => bound - best)), 'cost'),
  ]
  return { lines, ours, highs }
}

async function ourRun(problem: Published, seed: number, seconds: number) {
  const beganAt = performance.now()
  const answer = await solveAssignment(problem.model, { now: () => performance.now(), seed, limits: { seconds } })
  const used = (performance.now() - beganAt) / 1000
  const cost = answer.agentOf ? costOfPlan(problem, answer.agentOf) : Number.POSITIVE_INFINITY
  if (answer.agentOf && cost !== answer.cost) throw new Error(`it says ${answer.cost}, its plan costs ${cost}`)
  return { cost, bound: answer.costBound, status: answer.status, seconds: used }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
