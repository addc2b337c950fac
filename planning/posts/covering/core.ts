import { type MipAnswer, solveMip } from '#planning/mip/mip.ts'
import { type LinearModel, ModelBuilder } from '#planning/mip/model.ts'
import { boundOf, type Priced } from './bound.ts'
import type { CoveringModel } from './model.ts'

/** What is left to be decided, e.g. once the bound has spoken about every site. */
export interface Undecided {
  /** Sites that the choice has in any case. */
  kept: number[]
  /** Sites that it may have. */
  free: number[]
}

export interface CoreLimits {
  posts: number
  covered: number
  nodes: number
  seconds: number
  seed: number
  isStopped(): boolean
}

export interface CoreAnswer {
  bound: number
  better: number[] | null
}

/** A larger programme takes longer than a person waits. */
const MOST_COLUMNS = 6_000
/** Weights are brought to this size, so that the solver's own tolerances mean nothing beside them. */
const CORE_SIZE = 10_000
const SMALLEST_SIZE = 1e-9
/** A choice is better from this share on. */
const LEAST_SHARE = 1e-7

/** PO8: drops or keeps the sites about which the bound leaves no doubt, and has HiGHS decide about the others. Null = too many are left. */
export function solveCore(model: CoveringModel, priced: Priced, limits: CoreLimits): Promise<CoreAnswer | null> {
  return decide(model, undecided(model, priced, limits.posts, betterThan(limits.covered)), limits)
}

const betterThan = (covered: number) => covered + LEAST_SHARE * Math.max(1, covered)

/** Chooses among the free sites beside those that are kept; a bound on that choice only. Null = too large. */
export async function decide(model: CoveringModel, left: Undecided, limits: CoreLimits): Promise<CoreAnswer | null> {
  const { kept, free } = left
  const better = betterThan(limits.covered)
  const isCovered = new Uint8Array(model.weight.length)
  for (const site of kept) for (const place of model.reaches[site] as Int32Array) isCovered[place] = 1
  const places = placesOf(model, free, isCovered)
  if (free.length + places.length > MOST_COLUMNS) return null
  let already = 0
  for (const [place, covered] of isCovered.entries()) if (covered === 1) already += model.weight[place] as number
  const scale = CORE_SIZE / Math.max(SMALLEST_SIZE, better)
  const row = { choose: limits.posts - kept.length, least: (better - already) * scale, scale }
  const answer = await solveMip(programmeOf(model, free, places, row), limits)
  return toldBy(answer, limits.covered, { already, scale, kept, free })
}

interface Left extends Undecided {
  /** Covered by the sites that are kept. */
  already: number
  scale: number
}

function toldBy(answer: MipAnswer, covered: number, left: Left): CoreAnswer {
  if (answer.status === 'infeasible') return { bound: covered, better: null }
  const bound = Math.max(covered, left.already - answer.bound / left.scale)
  const { x } = answer
  if (!x) return { bound, better: null }
  return { bound, better: [...left.kept, ...left.free.filter((_, index) => (x[index] as number) > 0.5)] }
}

function undecided(model: CoveringModel, priced: Priced, posts: number, better: number): Undecided {
  const { worth, order } = priced
  const bound = boundOf(priced, posts)
  const last = worth[order[posts - 1] as number] as number
  const next = posts < order.length ? (worth[order[posts] as number] as number) : 0
  const left: Undecided = { kept: [], free: [] }
  for (const [rank, site] of order.entries()) {
    const own = worth[site] as number
    if (rank >= posts && bound - last + own < better) continue
    const isKept = model.isStanding[site] === 1 || (rank < posts && bound - own + next < better)
    if (isKept) left.kept.push(site)
    else left.free.push(site)
  }
  return left
}

function placesOf(model: CoveringModel, free: readonly number[], isCovered: Uint8Array): number[] {
  const places = new Set<number>()
  for (const site of free)
    for (const place of model.reaches[site] as Int32Array)
      if (isCovered[place] === 0 && (model.weight[place] as number) > 0) places.add(place)
  return [...places].sort((a, b) => a - b)
}

/** Maximise the weight of the places: each counts as far as a post that reaches it is chosen. */
function programmeOf(
  model: CoveringModel,
  free: readonly number[],
  places: readonly number[],
  { choose, least, scale }: { choose: number; least: number; scale: number },
): LinearModel {
  const build = new ModelBuilder()
  const count = build.row(0, choose)
  const enough = build.row(least, Number.POSITIVE_INFINITY)
  const reached = new Map(places.map((place) => [place, build.row(Number.NEGATIVE_INFINITY, 0)]))
  for (const site of free) {
    build.column({ cost: 0 })
    build.entry(count, 1)
    for (const place of model.reaches[site] as Int32Array) {
      const row = reached.get(place)
      if (row !== undefined) build.entry(row, -1)
    }
  }
  for (const [place, row] of reached) {
    const weight = scale * (model.weight[place] as number)
    build.column({ cost: -weight, isInteger: false })
    build.entry(enough, weight)
    build.entry(row, 1)
  }
  return build.done()
}
