import type { Choices } from './choices.ts'
import type { Column } from './master.ts'
import { reduced } from './part.ts'
import type { Problem } from './problem.ts'

interface Ranked extends Column {
  /** What it costs by the prices of the whole problem. */
  value: number
}

/** The paths worth remembering of each person: those that are cheapest by the prices the whole problem settled at. */
export class Pool {
  readonly #problem: Problem
  readonly #worth: Float64Array
  readonly #most: number
  readonly #of: Ranked[][]

  /** `worth` of one more person on each cell. */
  constructor(problem: Problem, worth: Float64Array, most: number) {
    this.#problem = problem
    this.#worth = worth
    this.#most = most
    this.#of = Array.from({ length: problem.people }, () => [])
  }

  add(columns: readonly Column[]): void {
    const touched = new Set<number>()
    for (const column of columns) {
      const value = reduced(this.#problem, column.person, column.path, this.#worth)
      this.#of[column.person]?.push({ ...column, value })
      touched.add(column.person)
    }
    for (const person of touched) this.#trim(person)
  }

  /** What is not dropped by the choices. */
  fitting(person: number, choices: Choices): Column[] {
    return (this.#of[person] as Ranked[]).filter((column) => choices.fits(column))
  }

  #trim(person: number): void {
    const own = (this.#of[person] as Ranked[]).sort((a, b) => a.value - b.value)
    const kept: Ranked[] = []
    for (const column of own) {
      if (kept.length === this.#most) break
      // Equal paths cost the same, so they stand near each other.
      if (!kept.some((other) => other.value === column.value && isSame(other, column))) kept.push(column)
    }
    this.#of[person] = kept
  }
}

const isSame = (a: Column, b: Column): boolean => a.path.every((shift, day) => shift === b.path[day])
