import type { Finder } from './finder.ts'
import { OFF, type Roster } from './model.ts'
import { addPath, countsOf, coverCostAt, ownCost, type Problem, pathOf, penaltyOf } from './problem.ts'

/** A roster in the hands of the search, with its counts on each cell kept up. */
export class State {
  readonly problem: Problem
  readonly roster: Roster
  readonly counts: Int32Array
  penalty: number

  constructor(problem: Problem, roster: Roster) {
    this.problem = problem
    this.roster = roster.slice()
    this.counts = countsOf(problem, roster)
    this.penalty = penaltyOf(problem, roster)
  }

  path(person: number): Roster {
    return pathOf(this.problem, this.roster, person)
  }

  /** Gives a person another path; answers by how much the penalty changes. */
  replace(person: number, path: Roster): number {
    const { problem } = this
    const own = this.path(person)
    const change =
      ownCost(problem, person, path) - ownCost(problem, person, own) + this.#move(own, -1) + this.#move(path, 1)
    own.set(path)
    this.penalty += change
    return change
  }

  /** Another roster, person by person. */
  take(roster: Roster): void {
    for (let person = 0; person < this.problem.people; person++)
      this.replace(person, pathOf(this.problem, roster, person))
  }

  #move(path: Roster, sign: 1 | -1): number {
    const { problem, counts } = this
    let change = 0
    for (let day = 0; day < problem.days; day++) {
      const shift = path[day] as number
      if (shift === OFF) continue
      const cell = day * problem.shifts + shift
      const count = counts[cell] as number
      change += coverCostAt(problem, cell, count + sign) - coverCostAt(problem, cell, count)
      counts[cell] = count + sign
    }
    return change
  }

  /** The person's cheapest path while everybody else stands, if it is cheaper or as cheap and other. */
  improve(finder: Finder, person: number): number {
    const { problem, counts } = this
    const own = this.path(person)
    addPath(problem, counts, own, -1)
    const prices = { cells: marginalPrices(problem, counts, person), off: new Float64Array(problem.days) }
    addPath(problem, counts, own, 1)
    let now = 0
    for (let day = 0; day < problem.days; day++)
      if (own[day] !== OFF) now += prices.cells[day * problem.shifts + (own[day] as number)] as number
    const [found] = finder.cheapest(person, prices, now)
    return found ? this.replace(person, found.path) : 0
  }
}

/** What each cell costs a person: the own cost and what one more on it does to the cover. */
export function marginalPrices(problem: Problem, counts: Int32Array, person: number): Float64Array {
  const { cells, cost } = problem
  return Float64Array.from({ length: cells }, (_, cell) => {
    const count = counts[cell] as number
    return (
      (cost[person * cells + cell] as number) +
      coverCostAt(problem, cell, count + 1) -
      coverCostAt(problem, cell, count)
    )
  })
}
