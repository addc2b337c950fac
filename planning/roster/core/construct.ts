import type { Finder } from './finder.ts'
import { emptyRoster, type Roster } from './model.ts'
import type { Pace } from './pace.ts'
import { addPath, type Problem, pathOf } from './problem.ts'
import { marginalPrices, State } from './state.ts'

export type Built = { ok: true; state: State } | { ok: false; why: 'noPath' | 'timeUp' }

/**
 * Person after person on the path that is cheapest then. Cover is never hard, so people stand each for themselves: one without a
 * lawful path is all the proof there is that there is no roster, and a roster that has been begun can always be finished.
 */
export function construct(problem: Problem, finder: Finder, pace: Pace): Built {
  const roster = emptyRoster(problem.model)
  const counts = new Int32Array(problem.cells)
  const off = new Float64Array(problem.days)
  for (let person = 0; person < problem.people; person++) {
    if (pace.isOver) return { ok: false, why: 'timeUp' }
    const [found] = finder.cheapest(person, { cells: marginalPrices(problem, counts, person), off })
    if (!found) return { ok: false, why: 'noPath' }
    pathOf(problem, roster, person).set(found.path)
    addPath(problem, counts, found.path, 1)
  }
  return { ok: true, state: new State(problem, roster) }
}

/** Sums of the same penalties in another order may differ by so much. */
const NOISE = 1e-9

/** Everybody in turn on their cheapest path while the others stand, until a whole turn changes nothing. */
export function settle(state: State, finder: Finder, pace: Pace, seen?: (person: number) => void): void {
  for (let gain = Number.NEGATIVE_INFINITY; gain < -NOISE; ) {
    gain = 0
    for (let person = 0; person < state.problem.people; person++) {
      if (pace.isOver) return
      gain += state.improve(finder, person)
      seen?.(person)
      pace.step()
    }
  }
}

/** Takes the paths over, settled, where that makes a cheaper roster than the one in hand. */
export function takeIfCheaper(
  state: State,
  finder: Finder,
  pace: Pace,
  paths: Iterable<{ person: number; path: Roster }>,
): void {
  const other = new State(state.problem, state.roster)
  for (const { person, path } of paths) other.replace(person, path)
  settle(other, finder, pace)
  if (other.penalty >= state.penalty) return
  state.take(other.roster)
  pace.objective = state.penalty
}
