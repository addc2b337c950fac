import { safeBound } from '#planning/mip/bound.ts'
import type { Choices } from './choices.ts'
import type { Finder } from './finder.ts'
import type { Master, MasterAnswer } from './master.ts'
import type { Roster } from './model.ts'
import type { Pace } from './pace.ts'
import { reduced, worthOfCells } from './part.ts'
import type { Problem } from './problem.ts'

export interface Generation {
  master: Master
  finder: Finder
  pace: Pace
  choices: Choices
}

export interface Goal {
  /** Rounds at most. */
  rounds: number
  /** Good enough when the bound is as near as this below what the columns reach. */
  within: number
  /** Shown what each round's columns come to. */
  seen?(answer: MasterAnswer, round: number): void
}

export interface Generated {
  answer: MasterAnswer
  /** No roster that keeps the choices costs less, apart from rounding. */
  bound: number
  /** The worth of cover that the bound was found with. */
  worth: Float64Array
}

/** How far the prices asked with stay at the best known ones (Wentges 1997): what a master with few columns says is wild. */
const SMOOTHING = 0.6
/** The solver looks at every entry in every iteration: more than this in the master slow it down. */
const MOST_ENTRIES = 200_000
/** Prices are whole multiples of this: sums of them with whole costs are exact, and so is the bound. */
const GRAIN = 1 / 4096

/**
 * Column generation: what the master's prices make worth having is looked for person by person, until nothing better is left.
 * Each round proves a bound (Lagrange): whatever the prices, no roster costs less than its people would by them.
 * `null` where not even one round could be finished.
 */
export function generate(on: Generation, goal: Goal, start?: Float64Array): Generated | null {
  const { master, pace } = on
  let smoothing = SMOOTHING
  let best: { bound: number; worth: Float64Array } | null = start
    ? { bound: Number.NEGATIVE_INFINITY, worth: start }
    : null
  let last: Generated | null = null
  for (let round = 0; round < goal.rounds && !pace.isOver; round++) {
    master.shrink(MOST_ENTRIES)
    const answer = master.solve(pace.secondsLeft)
    if (!answer) return last
    goal.seen?.(answer, round)
    if (best && isWithin(master.part.problem, answer, best.bound, goal)) return { answer, ...best }
    const asked = smoothed(master.part.problem, answer.worth, best?.worth ?? answer.worth, smoothing)
    const priced = price(on, answer, asked)
    if (!priced) return last
    if (priced.bound > (best?.bound ?? Number.NEGATIVE_INFINITY)) best = { bound: priced.bound, worth: asked }
    last = { answer, ...(best as { bound: number; worth: Float64Array }) }
    pace.step()
    const added = master.add(priced.paths)
    if (added === 0 && smoothing === 0) return last
    smoothing = added > 0 ? SMOOTHING : smoothing < 0.2 ? 0 : smoothing / 2
  }
  return last
}

/** Near enough, or so near that no whole penalty lies between. */
function isWithin({ isWhole }: Problem, { objective }: MasterAnswer, bound: number, { within }: Goal): boolean {
  return objective - bound <= within || (isWhole && safeBound(bound, true) >= objective - 1e-6)
}

function smoothed(
  { model: { cover } }: Problem,
  now: Float64Array,
  best: Float64Array,
  smoothing: number,
): Float64Array {
  return Float64Array.from(cover, ({ under, over }, row) => {
    const mixed = smoothing * (best[row] as number) + (1 - smoothing) * (now[row] as number)
    return Math.round(Math.max(-over, Math.min(under, mixed)) / GRAIN) * GRAIN
  })
}

interface Priced {
  bound: number
  /** Cheaper by the master's own prices than what it uses. */
  paths: { person: number; path: Roster }[]
}

/** Ways of a person with different hours, looked for at once. */
const MANY = 3

function price(on: Generation, answer: MasterAnswer, asked: Float64Array): Priced | null {
  const { master, finder, pace } = on
  const { problem, people, need, constant } = master.part
  const worth = worthOfCells(problem, asked)
  const masterWorth = worthOfCells(problem, answer.worth)
  let bound = need.reduce((sum, each, row) => sum + each * (asked[row] as number), constant)
  const known = cheapestKnown(on, worth)
  const paths: Priced['paths'] = []
  for (const [row, person] of people.entries()) {
    if (pace.isOver) return null
    const found = finder.cheapest(person, on.choices.prices(problem, person, worth), known[person], MANY)
    const [cheapest] = found
    // Only where the choices leaves a person no lawful path at all.
    if (!cheapest) return { bound: Number.POSITIVE_INFINITY, paths: [] }
    bound += cheapest.value
    const rent = (answer.rent[row] as number) - 1e-6
    for (const { path } of found) if (reduced(problem, person, path, masterWorth) < rent) paths.push({ person, path })
  }
  return { bound, paths }
}

/** What the cheapest column of each person costs by these prices: nothing dearer need be looked for. */
function cheapestKnown({ master, choices }: Generation, worth: Float64Array): Float64Array {
  const { problem } = master.part
  const cheapest = new Float64Array(problem.people).fill(Number.POSITIVE_INFINITY)
  for (const column of master.columns) {
    const { person, path } = column
    if (!choices.fits(column)) continue
    const value = reduced(problem, person, path, worth)
    if (value < (cheapest[person] as number)) cheapest[person] = value
  }
  return cheapest
}
