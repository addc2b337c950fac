import { safeBound } from '#planning/mip/bound.ts'
import { Choices } from './choices.ts'
import { takeIfCheaper } from './construct.ts'
import { dive } from './dive.ts'
import type { Finder } from './finder.ts'
import { type Generated, type Generation, generate } from './generation.ts'
import { type Column, Master, type MasterAnswer } from './master.ts'
import type { Roster } from './model.ts'
import type { Pace } from './pace.ts'
import { wholeOf, worthOfCells } from './part.ts'
import { Pool } from './pool.ts'
import type { State } from './state.ts'

export interface Rooting {
  state: State
  finder: Finder
  pace: Pace
}

/** What the whole problem teaches its neighbourhoods: paths worth trying, and what cover is worth. */
export interface Root {
  pool: Pool
  worth: Float64Array
}

/** Paths remembered of each person. */
const POOL = 30
/** Near enough for a bound that is rounded up. */
const WITHIN = 0.01
/** What a batch of decisions of the dive may cost, as a share of the penalty: to be finer with a large one takes long. */
const RISE = 0.001
const LEAST_RISE = 1

/**
 * Column generation over everybody for the bound, then a dive into a roster. Both take long where there are many days, so what
 * they lean to is rounded to a roster now and then.
 */
export async function boundAndDive(on: Rooting, start: readonly { person: number; path: Roster }[]): Promise<Root> {
  const { state, finder, pace } = on
  const { problem } = state
  const master = await Master.open(wholeOf(problem))
  try {
    master.add(start)
    pace.phase = 'bound'
    const generation = { master, finder, pace, choices: Choices.allOpen(problem) }
    const root = generate(generation, { rounds: Number.POSITIVE_INFINITY, within: WITHIN, seen: rounding(on) })
    if (root) {
      pace.bound = Math.max(pace.bound, safeBound(root.bound, problem.isWhole))
      if (pace.bound < state.penalty) diveFrom(on, generation, root)
    }
    const worth = root?.worth ?? new Float64Array(problem.model.cover.length)
    const pool = new Pool(problem, worthOfCells(problem, worth), POOL)
    pool.add(master.columns)
    return { pool, worth }
  } finally {
    master.close()
  }
}

function diveFrom(on: Rooting, generation: Generation, root: Generated): void {
  const { state, finder, pace } = on
  pace.phase = 'dive'
  let last = root.answer
  const round = rounding(on)
  const seen = (answer: MasterAnswer) => {
    last = answer
    round(answer)
  }
  const rise = Math.max(LEAST_RISE, RISE * Math.abs(last.objective))
  const found = dive(generation, root, { cutoff: Number.POSITIVE_INFINITY, rise, seen })
  takeIfCheaper(state, finder, pace, found ?? mostUsed(last))
}

const FIRST_ROUNDING = 8

/** Rounds what it is shown, each time after twice as many. */
function rounding({ state, finder, pace }: Rooting): (answer: MasterAnswer) => void {
  let [seen, next] = [0, FIRST_ROUNDING]
  return (answer) => {
    if (++seen < next) return
    next *= 2
    takeIfCheaper(state, finder, pace, mostUsed(answer))
  }
}

/** Of each person the path that most of the mixture is. */
function mostUsed({ used }: MasterAnswer): Iterable<Column> {
  const most = new Map<number, MasterAnswer['used'][number]>()
  for (const each of used)
    if (each.share > (most.get(each.column.person)?.share ?? 0)) most.set(each.column.person, each)
  return [...most.values()].map(({ column }) => column)
}
