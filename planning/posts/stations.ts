import { type CoverRules, FIVE_MINUTES } from '#domain/cover.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { StationsAnswer, StationsAsked } from '#domain/stations.ts'
import type { StudyProgress } from '#domain/study.ts'
import type { Progress, Run } from '#planning/anytime.ts'
import { type CoveringModel, coveredBy, standing } from './covering/model.ts'
import { coverCurve, solveCovering } from './covering/solve.ts'
import { type DescribedModel, describePosts, type Serving } from './describe.ts'
import { coveringOf, type DemandPlace, medianOf, type PostSite } from './places.ts'
import { solvePosts } from './solve.ts'

export interface StationsProblem {
  asked: StationsAsked
  places: readonly DemandPlace[]
  sites: readonly PostSite[]
  /** Of the history: days found, and reports in them. */
  days: number
  reports: number
}

export interface StationsRun {
  now(): number
  seed: number
  seconds: number
  isStopped(): boolean
  /** Progress, with the best so far described now and then. */
  onNews(progress: StudyProgress, answer: StationsAnswer | null): void
}

/** What is left of the time when the posts are chosen goes to the curve. */
const POSTS_SHARE = 0.7
const CURVE_POINTS = 12
/** The best so far is described at most so often: that takes a while itself. */
const DESCRIBED_MS = 800

interface Work {
  problem: StationsProblem
  run: StationsRun
  model: DescribedModel
  rules: CoverRules
  posts: number
  demand: number
  startedAt: number
  describedAt: number
  /** The answer told last, and of which objective. */
  told: StationsAnswer | null
}

/** A choice with what is proved of it, in the terms of the answer. */
interface Choice {
  chosen: readonly number[]
  serving: Serving
  bound: number
  isProved: boolean
}

/** PO14: posts for the question, each with what it adds, what is proved, and the curve of cover against their number; stopped, the best so far. */
export async function solveStations(problem: StationsProblem, run: StationsRun): Promise<StationsAnswer | null> {
  const work = begin(problem, run)
  const choice = problem.asked.objective === 'covering' ? await cover(work) : await median(work)
  if (!choice) return null
  const answer = answerOf(work, choice)
  tell(work, 'curve', POSTS_SHARE, { objective: objectiveOf(work, answer), bound: answer.bound }, answer)
  return { ...answer, curve: curveOf(work, answer) }
}

function begin(problem: StationsProblem, run: StationsRun): Work {
  const { asked, places, sites } = problem
  const rules = { withinMs: asked.withinMin * MINUTE_MS, travel: FIVE_MINUTES.travel }
  const posted = { kind: asked.unitKind, mode: asked.mode }
  const covering = coveringOf(places, sites, posted, rules)
  const startedAt = run.now()
  return {
    problem,
    run,
    model: { covering, places, sites, posted, travel: rules.travel },
    rules,
    posts: Math.min(sites.length, standing(covering) + asked.posts),
    demand: places.reduce((sum, { weight }) => sum + weight, 0),
    startedAt,
    describedAt: startedAt,
    told: null,
  }
}

async function cover(work: Work): Promise<Choice> {
  const { model, posts } = work
  const report = (chosen: readonly number[], { objective, bound }: Progress) =>
    onBest(work, -(objective ?? 0), -bound, () => ({ chosen, serving: null, bound: -bound, isProved: false }))
  let best: readonly number[] = []
  const run = runFor(work, work.run.seconds * POSTS_SHARE, (progress) => report(best, progress))
  const found = await solveCovering(model.covering, posts, run, (chosen) => {
    best = chosen
  })
  return { chosen: found.chosen, serving: null, bound: found.bound, isProved: found.status === 'optimal' }
}

async function median(work: Work): Promise<Choice | null> {
  const { problem, model, posts, demand, rules } = work
  const { asked, places, sites } = problem
  const even = demand / Math.max(1, posts)
  const largest = places.reduce((most, { weight }) => Math.max(most, weight), 0)
  const capacity = asked.objective === 'capacitated' ? { capacity: Math.max(largest, even * asked.slack) } : {}
  const posted = medianOf(places, sites, model.posted, { posts, travel: rules.travel, ...capacity })
  const mean = (cost: number) => (demand > 0 ? cost / demand : 0)
  const choiceOf = (best: Found, bound: number, isProved: boolean): Choice => ({
    ...servingOf(best),
    bound: mean(bound),
    isProved,
  })
  let best: Found | null = null
  const run = runFor(work, work.run.seconds * POSTS_SHARE, ({ objective, bound }) =>
    onBest(work, objective === null ? null : mean(objective), mean(bound), () => best && choiceOf(best, bound, false)),
  )
  const found = await solvePosts(posted, run, undefined, (placement) => {
    best = placement
  })
  return found.placement && choiceOf(found.placement, found.bound, found.status === 'optimal')
}

interface Found {
  chosen: ArrayLike<number>
  siteOf: ArrayLike<number>
}

function servingOf({ chosen, siteOf }: Found): Pick<Choice, 'chosen' | 'serving'> {
  const order = Array.from(chosen)
  const post = new Map(order.map((site, index) => [site, index]))
  return { chosen: order, serving: Int32Array.from(siteOf, (site) => post.get(site) ?? -1) }
}

const runFor = ({ run }: Work, seconds: number, onProgress: (progress: Progress) => void): Run => ({
  now: () => run.now(),
  seed: run.seed,
  limits: { seconds },
  isStopped: () => run.isStopped(),
  onProgress,
})

function onBest(work: Work, objective: number | null, bound: number, choice: () => Choice | null): void {
  const { run, startedAt } = work
  const isDue = run.now() - work.describedAt >= DESCRIBED_MS
  const found = isDue ? choice() : null
  if (found) {
    work.describedAt = run.now()
    work.told = answerOf(work, found)
  }
  const share = Math.min(POSTS_SHARE, (run.now() - startedAt) / 1_000 / run.seconds)
  tell(work, 'posts', share, { objective, bound }, found && work.told)
}

function tell(
  { run, startedAt }: Work,
  phase: string,
  share: number,
  { objective, bound }: Pick<StudyProgress, 'objective' | 'bound'>,
  answer: StationsAnswer | null,
): void {
  run.onNews({ seconds: (run.now() - startedAt) / 1_000, share, phase, objective, bound }, answer)
}

const objectiveOf = ({ problem }: Work, { covered, meanSeconds }: StationsAnswer) =>
  problem.asked.objective === 'covering' ? covered : meanSeconds

function answerOf(work: Work, { chosen, serving, bound, isProved }: Choice): StationsAnswer {
  const { problem, model, demand } = work
  const { places, sites } = problem
  const said = describePosts(model, chosen, serving)
  const value = problem.asked.objective === 'covering' ? said.covered : said.meanSeconds
  const gap = isProved || value === 0 ? 0 : Math.abs(bound - value) / value
  return {
    places: places.length,
    demand,
    days: problem.days,
    reports: problem.reports,
    posts: chosen.map((site, index) => {
      const { id, lng, lat, isStanding } = sites[site] as PostSite
      return { communityId: id, lng, lat, isStanding, ...(said.posts[index] as (typeof said.posts)[number]) }
    }),
    covered: said.covered,
    coveredStanding: coveredBy(
      model.covering,
      [...sites.keys()].filter((site) => sites[site]?.isStanding),
    ),
    meanSeconds: said.meanSeconds,
    bound,
    gap,
    isProved,
    outside: places.filter((_, place) => said.isOutside[place] === 1).map(({ id }) => id),
    curve: [],
  }
}

/** From what stands to about twice as many new ones, the number asked for among them. */
function numbersOf(model: CoveringModel, posts: number): number[] {
  const stands = standing(model)
  const asked = posts - stands
  const last = Math.min(model.reaches.length, stands + Math.max(4, 2 * asked))
  const step = Math.max(1, (last - stands) / CURVE_POINTS)
  const numbers = new Set([stands, posts, last])
  for (let at = stands; at <= last; at += step) numbers.add(Math.round(at))
  return [...numbers].filter((each) => each > 0).sort((a, b) => a - b)
}

function curveOf(work: Work, answer: StationsAnswer): StationsAnswer['curve'] {
  const { run, model, posts } = work
  const left = Math.max(1, run.seconds - (run.now() - work.startedAt) / 1_000)
  const told = (progress: Progress) => {
    const share = POSTS_SHARE + (1 - POSTS_SHARE) * Math.min(1, progress.seconds / left)
    tell(work, 'curve', share, { objective: objectiveOf(work, answer), bound: answer.bound }, null)
  }
  const points = coverCurve(model.covering, numbersOf(model.covering, posts), runFor(work, left, told))
  return points.map(({ posts: count, covered, bound }) => {
    // The point asked about was looked at longest.
    const isAsked = count === answer.posts.length && work.problem.asked.objective === 'covering'
    return isAsked && answer.covered >= covered
      ? { posts: count, covered: answer.covered, bound: Math.min(bound, answer.bound) }
      : { posts: count, covered, bound }
  })
}
