import { seededRandom } from '#domain/random.ts'
import type { Run, SolveStatus } from '#planning/anytime.ts'
import { type Priced, pricedAt, walkDown } from './bound.ts'
import { type CoreLimits, decide, solveCore } from './core.ts'
import { type CoveringModel, coveredBy, standing } from './model.ts'
import { drawRegion } from './region.ts'
import { addGreedily, type Choice, emptyChoice, shake, swapAll, tryChoice } from './search.ts'

export interface CoveringAnswer {
  /** Posts in all, those that stand among them. */
  posts: number
  chosen: number[]
  covered: number
  /** Proven: no choice of so many sites covers more. */
  bound: number
  /** (bound − covered) ÷ covered. */
  gap: number
  status: Extract<SolveStatus, 'optimal' | 'feasible'>
}

const SHAKES = 300
/** Turns in which neither the choice nor the bound got better, after which nothing more is to be expected. */
const MOST_BARREN = 3
const WORTHWHILE = 1e-4
const ROUNDS = 300
const CORE_NODES = 300
const REGIONS = 12
const REGION_NODES = 20
/** A curve has many points: each gets less. */
const CURVE_SHAKES = 120
const CURVE_ROUNDS = 400
/** Sums of floats agree to this share. */
const AGREES = 1e-7

interface Work {
  model: CoveringModel
  run: Run
  startedAt: number
  steps: number
  prices: Float64Array
  /** Told of every better choice, before the progress that counts it. */
  onBest: ((chosen: readonly number[]) => void) | undefined
  told: number
  /** By number of posts. */
  bounds: Float64Array
}

/** PO7, PO8: the sites for so many posts that cover most, with a proven bound: greedy, swaps, prices, and HiGHS on what they leave open. */
export async function solveCovering(
  model: CoveringModel,
  posts: number,
  run: Run,
  onBest?: (chosen: readonly number[]) => void,
): Promise<CoveringAnswer> {
  const most = Math.min(model.reaches.length, Math.max(posts, standing(model)))
  const work = { ...begin(model, most, run), onBest }
  const choice = emptyChoice(model)
  addGreedily(choice, most)
  swapAll(choice)
  for (let barren = 0; barren < MOST_BARREN && !isClosed(work, choice, most) && !isOver(work); barren++) {
    const [covered, bound] = [choice.covered, work.bounds[most] as number]
    shakeFor(work, choice, SHAKES, work.steps)
    const priced = lower(work, choice, most, ROUNDS)
    tryChoice(choice, priced.order.subarray(0, most))
    if (isClosed(work, choice, most) || isOver(work)) break
    const isTried = await closeByCore(work, choice, most, priced)
    if (!isTried) await improveRegions(work, choice)
    if (choice.covered > covered || (work.bounds[most] as number) < bound * (1 - WORTHWHILE)) barren = -1
  }
  return answerOf(work, [...choice.chosen], most)
}

/** PO9: the curve of cover against the number of posts, at the numbers asked (ascending), each point with a bound of its own. */
export function coverCurve(model: CoveringModel, numbers: readonly number[], run: Run): CoveringAnswer[] {
  const stands = standing(model)
  const asked = [...new Set(numbers.map((posts) => Math.min(model.reaches.length, Math.max(posts, stands))))]
  asked.sort((a, b) => a - b)
  const work = begin(model, asked.at(-1) ?? stands, run)
  const choice = emptyChoice(model)
  const points: { posts: number; chosen: number[] }[] = []
  for (const posts of asked) {
    addGreedily(choice, posts)
    // Out of time there is still the greedy choice for every number, and a bound from the prices so far.
    if (!isOver(work)) {
      swapAll(choice)
      shakeFor(work, choice, CURVE_SHAKES, posts)
      lower(work, choice, posts, CURVE_ROUNDS)
    }
    points.push({ posts, chosen: [...choice.chosen] })
  }
  // Only now: the prices found for later points prove something about earlier ones too.
  return points.map(({ posts, chosen }) => answerOf(work, chosen, posts))
}

function begin(model: CoveringModel, most: number, run: Run): Work {
  // A place whose price is half its weight is worth as much to a site as to itself: a start, no more.
  const prices = model.weight.map((weight) => weight / 2)
  const bounds = new Float64Array(most + 1).fill(coveredBy(model, model.reaches.keys()))
  const stands = standing(model)
  // Where nothing may be chosen there is nothing to prove.
  bounds[stands] = coveredBy(
    model,
    [...model.reaches.keys()].filter((site) => model.isStanding[site] === 1),
  )
  return { model, run, startedAt: run.now(), steps: 0, prices, onBest: undefined, told: -1, bounds }
}

const isOver = ({ run, startedAt, steps }: Work) =>
  steps >= (run.limits.steps ?? Number.POSITIVE_INFINITY) ||
  run.now() - startedAt >= run.limits.seconds * 1_000 ||
  run.isStopped?.() === true

const isClosed = ({ bounds }: Work, { covered }: Choice, posts: number) =>
  (bounds[posts] as number) <= covered + AGREES * Math.max(1, covered)

/** Progress speaks of a minimum: what is left uncovered stands for the cost. */
function countStep(work: Work, { covered, chosen }: Choice, posts: number, phase: string): void {
  work.steps++
  const { run, startedAt, steps, bounds } = work
  if (steps % 10 !== 0) return
  if (work.onBest && covered > work.told) {
    work.told = covered
    work.onBest([...chosen])
  }
  run.onProgress?.({
    seconds: (run.now() - startedAt) / 1_000,
    steps,
    objective: -covered,
    bound: -(bounds[posts] as number),
    phase,
  })
}

function shakeFor(work: Work, choice: Choice, times: number, turn: number): void {
  const random = seededRandom(work.run.seed, `covering ${turn}`)
  for (let i = 0; i < times && !isOver(work) && !isClosed(work, choice, choice.chosen.length); i++) {
    shake(choice, random)
    countStep(work, choice, choice.chosen.length, 'search')
  }
}

function lower(work: Work, choice: Choice, posts: number, rounds: number): Priced {
  if (isClosed(work, choice, posts)) return pricedAt(work.model, work.prices)
  const priced = walkDown(work.model, work.prices, {
    posts,
    covered: choice.covered,
    rounds,
    bounds: work.bounds,
    isStopped: () => isOver(work),
    onRound: () => countStep(work, choice, posts, 'bound'),
  })
  work.prices = priced.prices
  return priced
}

async function closeByCore(work: Work, choice: Choice, posts: number, priced: Priced): Promise<boolean> {
  const { model, bounds } = work
  const answer = await solveCore(model, priced, limitsFor(work, choice, CORE_NODES))
  if (!answer) return false
  if (answer.better) tryChoice(choice, answer.better)
  bounds[posts] = Math.min(bounds[posts] as number, answer.bound)
  return true
}

/** Some posts that lie together are chosen anew, exactly; all others stay. */
async function improveRegions(work: Work, choice: Choice): Promise<void> {
  for (let i = 0; i < REGIONS && !isOver(work); i++) {
    const region = drawRegion(choice, seededRandom(work.run.seed, `region ${work.steps}`))
    countStep(work, choice, choice.chosen.length, 'regions')
    if (region.free.length === 0) continue
    const answer = await decide(work.model, region, limitsFor(work, choice, REGION_NODES))
    if (answer?.better) tryChoice(choice, answer.better)
  }
}

const limitsFor = (work: Work, { chosen, covered }: Choice, nodes: number): CoreLimits => ({
  posts: chosen.length,
  covered,
  nodes,
  seconds: work.run.limits.seconds - (work.run.now() - work.startedAt) / 1_000,
  seed: work.run.seed,
  isStopped: () => isOver(work),
})

function answerOf({ model, bounds }: Work, chosen: readonly number[], posts: number): CoveringAnswer {
  const covered = coveredBy(model, chosen)
  const bound = Math.max(covered, bounds[posts] as number)
  const gap = (bound - covered) / Math.max(Number.MIN_VALUE, covered)
  const isProved = bound <= covered + AGREES * Math.max(1, covered)
  return {
    posts,
    chosen: [...chosen].sort((a, b) => a - b),
    covered,
    bound: isProved ? covered : bound,
    gap: isProved || covered === 0 ? 0 : gap,
    status: isProved ? 'optimal' : 'feasible',
  }
}
