import { chance, type Random, shuffled } from '#domain/random.ts'
import { safeBound } from '#planning/mip/bound.ts'
import { Choices } from './choices.ts'
import { dive } from './dive.ts'
import type { Finder } from './finder.ts'
import { generate } from './generation.ts'
import { Master } from './master.ts'
import type { Pace } from './pace.ts'
import { partOf } from './part.ts'
import type { Pool } from './pool.ts'
import type { State } from './state.ts'

export interface Search {
  state: State
  finder: Finder
  pace: Pace
  random: Random
  pool: Pool
  /** Worth of the cover rows that a neighbourhood begins with. */
  worth: Float64Array
  reaches: Record<'people' | 'days', Reach>
}

/** How much of the roster a neighbourhood takes: a share of the people, or of the days. */
interface Reach {
  share: number
  least: number
  most: number
}

export const firstReaches = (): Search['reaches'] => ({
  people: { share: 0.4, least: 2, most: 1 },
  days: { share: 0.3, least: 4, most: 1 },
})

/** One where nothing can be gained was too small, one that was not exhausted too large. */
const GROWTH = 1.05
const DECLINE = 0.92
/** Neighbourhoods of one kind differ in size by as much as this up and down. */
const SPREAD = 0.2

const ROUNDS = 30

/** A batch of decisions may cost this much in a neighbourhood, where all that is to be gained is little. */
const RISE = 1

/**
 * Large-neighbourhood search: some of the people for all days, or all of them for some days, are planned anew by column
 * generation and a dive. The generation proves at once where nothing can be gained, and the sizes follow that. It ends when the
 * bound is reached, or when `patience` of them in a row gained nothing.
 */
export async function search(on: Search, patience: number): Promise<void> {
  const { state, pace, random, reaches } = on
  for (let vain = 0; vain < patience && !pace.isOver && state.penalty > pace.bound; vain++) {
    const kind = chance(random, 0.5) ? 'people' : 'days'
    const reach = reaches[kind]
    const gained = await tryNeighbourhood(on, kind, reach)
    if (gained === 'better') vain = -1
    if (gained === 'nothingThere') reach.share = Math.min(reach.most, reach.share * GROWTH)
    if (gained === 'notFound') reach.share = reach.share * DECLINE
    pace.objective = state.penalty
    pace.step()
  }
}

type Gained = 'better' | 'nothingThere' | 'notFound'

async function tryNeighbourhood(on: Search, kind: 'people' | 'days', reach: Reach): Promise<Gained> {
  const { state, finder, pace, pool, worth } = on
  const { people, choices } = kind === 'people' ? somePeople(on, reach) : someDays(on, reach)
  const master = await Master.open(partOf(state.problem, state.roster, people))
  try {
    for (const person of people) master.add([{ person, path: state.path(person) }, ...pool.fitting(person, choices)])
    const generation = { master, finder, pace, choices }
    const root = generate(generation, { rounds: ROUNDS, within: 0.3 }, worth)
    if (!root) return 'notFound'
    if (safeBound(root.bound, state.problem.isWhole) > state.penalty - leastGain(state)) return 'nothingThere'
    const found = dive(generation, root, { cutoff: state.penalty - leastGain(state) / 2, rise: RISE })
    for (const { person, path } of found ?? []) state.replace(person, path)
    return found ? 'better' : 'notFound'
  } finally {
    pool.add(master.columns)
    master.close()
  }
}

const leastGain = ({ problem }: State): number => (problem.isWhole ? 1 : 1e-6)

const sizeOf = (on: Search, { share, least }: Reach, all: number): number =>
  Math.min(all, Math.max(least, Math.round(all * share * (1 - SPREAD + 2 * SPREAD * on.random()))))

function somePeople(on: Search, reach: Reach): { people: number[]; choices: Choices } {
  const { problem } = on.state
  const all = problem.model.people.map((_, person) => person)
  const people = shuffled(on.random, all).slice(0, sizeOf(on, reach, all.length))
  return { people: people.sort((a, b) => a - b), choices: Choices.allOpen(problem) }
}

function someDays(on: Search, reach: Reach): { people: number[]; choices: Choices } {
  const { problem } = on.state
  const length = sizeOf(on, reach, problem.days)
  const from = Math.floor(on.random() * (problem.days + length)) - length
  const people = problem.model.people.map((_, person) => person)
  const choices = Choices.allOpen(problem)
  for (const person of people) {
    const path = on.state.path(person)
    for (let day = 0; day < problem.days; day++)
      if (day < from || day >= from + length) choices.fix(person, day, path[day] as number)
  }
  return { people, choices }
}
