import { seededRandom } from '#domain/random.ts'
import type { Run, SolveStatus } from '#planning/anytime.ts'
import { type Priced, pricedAt, walkDown } from './bound.ts'
import { solveCore } from './core.ts'
import { type CoveringModel, coveredBy, standing } from './model.ts'
import { addGreedily, type Choice, emptyChoice, shake, swapAll } from './search.ts'

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

const SHAKES = 200
const ROUNDS = 300
const CORE_NODES = 300
/** A curve has many points: each gets less. */
const CURVE_SHAKES = 30
const CURVE_ROUNDS = 60
/** Sums of floats agree to this share. */
const AGREES = 1e-7

interface Work {
  model: CoveringModel
  run: Run
  startedAt: number
  steps: number
  prices: Float64Array
  /** By number of posts. */
  bounds: Float64Array
}

/** PO7, PO8: the sites for so many posts that cover most, with a proven bound: greedy, swaps, prices, and HiGHS on what they leave open. */
export async function solveCovering(model: CoveringModel, posts: number, run: Run): Promise<CoveringAnswer> {
  const most = Math.min(model.reaches.length, Math.max(posts, standing(model)))
  const work = begin(model, most, run)
  const choice = emptyChoice(model)
  addGreedily(choice, most)
  swapAll(choice)
  shakeFor(work, choice, SHAKES)
  const priced = lower(work, choice, most, ROUNDS)
  if (!isClosed(work, choice, most) && !isOver(work)) await closeByCore(work, choice, most, priced)
  return answerOf(work, [...choice.chosen], most)
}

/** PO9: the curve of cover against the number of posts, from those that stand (or none) to `most`; each point with its own bound. */
export function coverCurve(model: CoveringModel, most: number, run: Run): CoveringAnswer[] {
  const last = Math.min(most, model.reaches.length)
  const work = begin(model, last, run)
  const choice = emptyChoice(model)
  const chosenFor: number[][] = []
  for (let posts = standing(model); posts <= last && !isOver(work); posts++) {
    addGreedily(choice, posts)
    swapAll(choice)
    shakeFor(work, choice, CURVE_SHAKES)
    lower(work, choice, posts, CURVE_ROUNDS)
    chosenFor.push([...choice.chosen])
  }
  // Only now: the prices found for later points prove something about earlier ones too.
  return chosenFor.map((chosen) => answerOf(work, chosen, chosen.length))
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
  return { model, run, startedAt: run.now(), steps: 0, prices, bounds }
}

const isOver = ({ run, startedAt, steps }: Work) =>
  steps >= (run.limits.steps ?? Number.POSITIVE_INFINITY) ||
  run.now() - startedAt >= run.limits.seconds * 1_000 ||
  run.isStopped?.() === true

const isClosed = ({ bounds }: Work, { covered }: Choice, posts: number) =>
  (bounds[posts] as number) <= covered + AGREES * Math.max(1, covered)

/** Progress speaks of a minimum: what is left uncovered stands for the cost. */
function countStep(work: Work, covered: number, posts: number, phase: string): void {
  work.steps++
  const { run, startedAt, steps, bounds } = work
  if (steps % 10 !== 0) return
  run.onProgress?.({
    seconds: (run.now() - startedAt) / 1_000,
    steps,
    objective: -covered,
    bound: -(bounds[posts] as number),
    phase,
  })
}

function shakeFor(work: Work, choice: Choice, times: number): void {
  const random = seededRandom(work.run.seed, `covering ${choice.chosen.length}`)
  for (let i = 0; i < times && !isOver(work) && !isClosed(work, choice, choice.chosen.length); i++) {
    shake(choice, random)
    countStep(work, choice.covered, choice.chosen.length, 'search')
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
    onRound: () => countStep(work, choice.covered, posts, 'bound'),
  })
  work.prices = priced.prices
  return priced
}

async function closeByCore(work: Work, choice: Choice, posts: number, priced: Priced): Promise<void> {
  const { model, run, bounds, startedAt } = work
  const answer = await solveCore(model, priced, {
    posts,
    covered: choice.covered,
    nodes: CORE_NODES,
    seconds: run.limits.seconds - (run.now() - startedAt) / 1_000,
    seed: run.seed,
    isStopped: () => isOver(work),
  })
  if (!answer) return
  if (answer.better && coveredBy(model, answer.better) > choice.covered)
    choice.chosen.splice(0, posts, ...answer.better)
  bounds[posts] = Math.min(bounds[posts] as number, answer.bound)
}

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
