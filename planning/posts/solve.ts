import { seededRandom } from '#domain/random.ts'
import type { Run, SolveStatus } from '#planning/anytime.ts'
import { safeBound } from '#planning/mip/bound.ts'
import { type Branching, type NodeLimits, startBranching } from './branch.ts'
import { filledUp, isWhole, judge, type Placement, type PostsModel } from './model.ts'
import { type Nearness, nearnessOf } from './nearness.ts'
import { drawRegion, type Region, withRegion } from './region.ts'
import { firstPrices, type Relaxed, relax, unrestricted } from './relax.ts'
import { type Search, startSearch } from './search.ts'
import { homeward } from './tidy.ts'

export interface PostsAnswer {
  placement: Placement | null
  /** No placement costs less; Infinity when there is none. */
  bound: number
  status: SolveStatus
  steps: number
}

/** Kicks before the walk for the bound, which needs a cost to aim at, and after it, when it is known whether more are needed. */
const FIRST_KICKS = 60
const SECOND_KICKS = 800
/** Kicks between two nodes of the tree: the search goes on while the proof is under way. */
const KICKS = 6
const ROUNDS = 1_000
/** A set of sites that the bound thinks well of is tried as a start every so often; a start costs more where there are more to place. */
const tryEvery = ({ customers }: PostsModel) => Math.max(8, Math.round(customers / 12))
/** Nodes between two rounds of regions, and the regions of a round. */
const REGIONS_EVERY = 25
const REGIONS = 6
const REGION_NODES = 30
const REGION_ROUNDS = 120
/** Below so many posts the whole is hardly larger than a region. */
const FEWEST_FOR_REGIONS = 12
/** Costs that are not whole agree when they differ by no more than this share. */
const AGREES = 1e-6

interface Work {
  model: PostsModel
  run: Run
  isWhole: boolean
  nearness: Nearness
  search: Search
  relaxed: Relaxed
  bound: number
  steps: number
  startedAt: number
  phase: string
  /** Told of every better placement, before the progress that counts it. */
  onBest: ((best: Placement) => void) | undefined
  told: Placement | null
}

/**
 * PO3–PO6: posts for a model, as good as the limits allow: a seeded local search for the placement, a Lagrangian walk for the bound,
 * and what lies between them closed by branch and cut over the little that is left. Stops when the two meet.
 */
export async function solvePosts(
  given: PostsModel,
  run: Run,
  start?: Placement,
  onBest?: (best: Placement) => void,
): Promise<PostsAnswer> {
  const model = { ...given, posts: Math.min(given.posts, given.sites) }
  if (isImpossible(model)) return { placement: null, bound: Number.POSITIVE_INFINITY, status: 'infeasible', steps: 0 }
  const work: Work = { ...begin(model, run, start), onBest }
  kick(work, FIRST_KICKS)
  walkForBound(work)
  kick(work, SECOND_KICKS)
  const branching = startBranching(model, work.relaxed)
  for (let node = 1; !isOver(work) && !isClosed(work); node++) {
    if (!branching.isDone()) await lookAtNode(work, branching)
    kick(work, KICKS)
    if (node % REGIONS_EVERY === 0) await improveRegions(work)
  }
  return answerOf(work)
}

function begin(model: PostsModel, run: Run, start?: Placement): Work {
  const startedAt = run.now()
  const nearness = nearnessOf(model)
  const search = startSearch(model, nearness, seededRandom(run.seed, 'posts'), start)
  const prices = firstPrices(model)
  const relaxed: Relaxed = { bound: 0, prices, gains: new Float64Array(model.sites), chosen: new Int32Array(0) }
  // No cost is negative: that much is known before anything is computed.
  const work = { model, run, isWhole: isWhole(model), nearness, search, relaxed, bound: 0, steps: 0, startedAt }
  return { ...work, phase: 'search', onBest: undefined, told: null }
}

/** Sure signs that there is no placement at all; their absence proves nothing. */
function isImpossible({ sites, customers, cost, demand, capacity, posts, isStanding }: PostsModel): boolean {
  if (isStanding.reduce((sum, stands) => sum + stands, 0) > posts) return true
  let total = 0
  for (let customer = 0; customer < customers; customer++) {
    const weight = demand[customer] as number
    total += weight
    let hasSite = false
    for (let site = 0; site < sites && !hasSite; site++)
      hasSite = Number.isFinite(cost[site * customers + customer]) && weight <= (capacity[site] as number)
    if (!hasSite) return true
  }
  const room = [...capacity].sort((a, b) => b - a).slice(0, posts)
  return total > room.reduce((sum, each) => sum + each, 0) * (1 + 1e-12)
}

const upperOf = ({ search }: Work) => search.best?.cost ?? Number.POSITIVE_INFINITY

const isClosed = (work: Work) => {
  const upper = upperOf(work)
  if (!Number.isFinite(upper)) return work.bound === upper
  return work.bound >= upper - (work.isWhole ? 0 : AGREES * Math.max(1, Math.abs(upper)))
}

const leftMs = ({ run, startedAt }: Work) => run.limits.seconds * 1_000 - (run.now() - startedAt)

const isOver = (work: Work) => {
  const { run, steps } = work
  return steps >= (run.limits.steps ?? Number.POSITIVE_INFINITY) || leftMs(work) <= 0 || run.isStopped?.() === true
}

function tell(work: Work): void {
  const { run, startedAt, steps, search, bound, phase } = work
  if (search.best && search.best !== work.told) {
    work.told = search.best
    work.onBest?.(search.best)
  }
  run.onProgress?.({
    seconds: (run.now() - startedAt) / 1_000,
    steps,
    objective: search.best?.cost ?? null,
    bound,
    phase,
  })
}

const TELL_EVERY = 25

function countStep(work: Work): void {
  if (++work.steps % TELL_EVERY === 0) tell(work)
}

function kick(work: Work, kicks: number): void {
  work.phase = 'search'
  for (let i = 0; i < kicks && !isOver(work) && !isClosed(work); i++) {
    work.search.step()
    countStep(work)
  }
}

function walkForBound(work: Work): void {
  const { model, search } = work
  work.phase = 'bound'
  let betters = 1
  work.relaxed = relax(model, unrestricted(model), work.relaxed.prices, {
    upper: upperOf(work),
    rounds: ROUNDS,
    isWhole: work.isWhole,
    isStopped: () => isOver(work),
    onRound: () => countStep(work),
    onBetter: ({ bound, chosen }) => {
      raiseBound(work, safeBound(bound, work.isWhole))
      if (betters++ % tryEvery(model) === 0 && !isOver(work)) search.tryFrom(filledUp(model, chosen))
    },
  })
  raiseBound(work, safeBound(work.relaxed.bound, work.isWhole))
}

/** Bounds of a part that was cut off at the best placement's cost may lie above a better one found since. */
function raiseBound(work: Work, bound: number): void {
  work.bound = Math.min(upperOf(work), Math.max(work.bound, bound))
}

async function lookAtNode(work: Work, branching: Branching): Promise<void> {
  const { model, search, isWhole } = work
  const known = upperOf(work)
  work.phase = 'proof'
  const limits: NodeLimits = {
    ...limitsFor(work),
    onRound: () => countStep(work),
    onChosen: (chosen) => search.tryFrom(filledUp(model, chosen)),
  }
  const better = await branching.step(known, limits)
  if (better) search.adopt(better)
  raiseBound(work, safeBound(branching.bound(), isWhole))
}

const limitsFor = (work: Work): NodeLimits => ({
  isWhole: work.isWhole,
  seconds: leftMs(work) / 1_000,
  seed: work.run.seed,
  isStopped: () => isOver(work),
})

/** Large-neighbourhood search: a part around a customer drawn at random is solved as a problem of its own. */
async function improveRegions(work: Work): Promise<void> {
  const { model, run, nearness, search } = work
  if (model.posts < FEWEST_FOR_REGIONS) return
  work.phase = 'regions'
  for (let i = 0; i < REGIONS && search.best && !isOver(work); i++) {
    const region = drawRegion(model, search.best, nearness, seededRandom(run.seed, `region ${work.steps}`))
    const part = await cheaperPart(region, limitsFor(work))
    if (part) search.adopt(withRegion(search.best, region, part))
    countStep(work)
  }
}

async function cheaperPart({ model, cost }: Region, limits: NodeLimits): Promise<Placement | null> {
  let [upper, best]: [number, Placement | null] = [cost, null]
  const walk = { ...limits, upper, rounds: REGION_ROUNDS }
  const relaxed = relax(model, unrestricted(model), firstPrices(model), walk)
  const branching = startBranching(model, relaxed)
  for (let node = 0; node < REGION_NODES && !branching.isDone() && !limits.isStopped(); node++) {
    const better = await branching.step(upper, limits)
    if (better) [upper, best] = [better.cost, better]
  }
  return best
}

function answerOf(work: Work): PostsAnswer {
  const { model, search, steps } = work
  const best = search.best && homeward(model, search.best)
  const judged = best && judge(model, best)
  if (judged && !judged.ok) throw new Error(`posts: the placement breaks its own rules (${judged.why} at ${judged.at})`)
  if (!best) return { placement: null, bound: work.bound, status: isClosed(work) ? 'infeasible' : 'unknown', steps }
  const status = isClosed(work) ? 'optimal' : 'feasible'
  // Costs that are not whole agree within a share: what is proved is said, not what it was rounded to.
  const isMet = status === 'optimal' && work.isWhole
  return { placement: best, bound: isMet ? best.cost : Math.min(work.bound, best.cost), status, steps }
}
