import { OFF, type Roster } from './model.ts'
import { addPath, countsOf, ownCost, type Problem, pathOf } from './problem.ts'

/** Some of the people, to be planned anew while the others stand: what is left for them of the cover. */
export interface Part {
  problem: Problem
  people: readonly number[]
  /** Of each row of cover, those who stand taken off: may be less than nothing. */
  need: Float64Array
  /** What is paid whatever these people do: the others' own costs and the base. */
  constant: number
}

export const wholeOf = (problem: Problem): Part => ({
  problem,
  people: problem.model.people.map((_, person) => person),
  need: Float64Array.from(problem.model.cover, ({ need }) => need),
  constant: problem.base,
})

export function partOf(problem: Problem, roster: Roster, people: readonly number[]): Part {
  const counts = countsOf(problem, roster)
  for (const person of people) addPath(problem, counts, pathOf(problem, roster, person), -1)
  const isMoving = new Set(people)
  let constant = problem.base
  for (let person = 0; person < problem.people; person++)
    if (!isMoving.has(person)) constant += ownCost(problem, person, pathOf(problem, roster, person))
  const need = Float64Array.from(
    problem.model.cover,
    ({ day, shift, need }) => need - (counts[day * problem.shifts + shift] as number),
  )
  return { problem, people, need, constant }
}

/** The worth of one more person on each cell, by that of the rows of cover. */
export function worthOfCells({ model: { cover }, cells, shifts }: Problem, rows: Float64Array): Float64Array {
  const worth = new Float64Array(cells)
  for (const [row, { day, shift }] of cover.entries())
    worth[day * shifts + shift] = (worth[day * shifts + shift] as number) + (rows[row] as number)
  return worth
}

/** What a path costs its person less the worth of its cells. */
export function reduced(problem: Problem, person: number, path: Roster, worth: Float64Array): number {
  const { cells, shifts, cost } = problem
  let sum = 0
  for (let day = 0; day < path.length; day++) {
    const shift = path[day] as number
    if (shift === OFF) continue
    const cell = day * shifts + shift
    sum += (cost[person * cells + cell] as number) - (worth[cell] as number)
  }
  return sum
}
