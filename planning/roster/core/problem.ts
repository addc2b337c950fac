import { isWhole, OFF, type Person, type Roster, type RosterModel } from './model.ts'

/** A model made ready for counting: what each person, day and shift costs, and what each number of people on a shift costs. */
export interface Problem {
  model: RosterModel
  days: number
  shifts: number
  people: number
  /** Days times shifts: the places to be filled, each `day * shifts + shift`. */
  cells: number
  /** Of a person on a cell: `cost[person * cells + cell]`. Infinity = may not. Wished shifts cost less than nothing. */
  cost: Float64Array
  /** What all wishes for a shift cost while nobody works. */
  base: number
  /** What `count` people on a cell cost: `coverCost[cell * (people + 1) + count]`, convex in `count`. */
  coverCost: Float64Array
  /** Every penalty is a whole number. */
  isWhole: boolean
}

export function makeProblem(model: RosterModel): Problem {
  const [days, shifts, people] = [model.days, model.shifts.length, model.people.length]
  const cells = days * shifts
  const cost = new Float64Array(people * cells)
  let base = 0
  for (const { person, day, shift, weight, isOn } of model.wishes) {
    const at = person * cells + day * shifts + shift
    cost[at] = (cost[at] as number) + (isOn ? -weight : weight)
    if (isOn) base += weight
  }
  for (const [person, { daysOff, maxOf }] of model.people.entries()) {
    const own = cost.subarray(person * cells, (person + 1) * cells)
    for (const day of daysOff) own.fill(Number.POSITIVE_INFINITY, day * shifts, (day + 1) * shifts)
    for (let cell = 0; cell < cells; cell++) if ((maxOf[cell % shifts] ?? 0) < 1) own[cell] = Number.POSITIVE_INFINITY
  }
  const coverCost = coverCosts(model, cells)
  return { model, days, shifts, people, cells, cost, base, coverCost, isWhole: isWhole(model) }
}

function coverCosts({ cover, people, shifts }: RosterModel, cells: number): Float64Array {
  const counts = people.length + 1
  const costs = new Float64Array(cells * counts)
  for (const { day, shift, need, under, over } of cover) {
    const at = (day * shifts.length + shift) * counts
    for (let count = 0; count < counts; count++)
      costs[at + count] =
        (costs[at + count] as number) + (count < need ? (need - count) * under : (count - need) * over)
  }
  return costs
}

export const personOf = (problem: Problem, person: number): Person => problem.model.people[person] as Person

export const coverCostAt = (problem: Problem, cell: number, count: number): number =>
  problem.coverCost[cell * (problem.people + 1) + count] as number

/** How many people a roster puts on each cell. */
export function countsOf(problem: Problem, roster: Roster): Int32Array {
  const counts = new Int32Array(problem.cells)
  for (let person = 0; person < problem.people; person++) addPath(problem, counts, pathOf(problem, roster, person), 1)
  return counts
}

/** One person's part of a roster, a view. */
export const pathOf = (problem: Problem, roster: Roster, person: number): Roster =>
  roster.subarray(person * problem.days, (person + 1) * problem.days)

export function addPath(problem: Problem, counts: Int32Array, path: Roster, sign: 1 | -1): void {
  for (let day = 0; day < problem.days; day++) {
    const shift = path[day] as number
    if (shift === OFF) continue
    const cell = day * problem.shifts + shift
    counts[cell] = (counts[cell] as number) + sign
  }
}

/** What a person's own wishes make of a path, without cover. */
export function ownCost(problem: Problem, person: number, path: Roster): number {
  let sum = 0
  for (let day = 0; day < problem.days; day++) {
    const shift = path[day] as number
    if (shift !== OFF) sum += problem.cost[person * problem.cells + day * problem.shifts + shift] as number
  }
  return sum
}

export function coverPenalty(problem: Problem, counts: Int32Array): number {
  let sum = 0
  for (let cell = 0; cell < problem.cells; cell++) sum += coverCostAt(problem, cell, counts[cell] as number)
  return sum
}

/** The penalty of a lawful roster; Infinity where somebody works what they may not. */
export function penaltyOf(problem: Problem, roster: Roster): number {
  let sum = problem.base + coverPenalty(problem, countsOf(problem, roster))
  for (let person = 0; person < problem.people; person++)
    sum += ownCost(problem, person, pathOf(problem, roster, person))
  return sum
}
