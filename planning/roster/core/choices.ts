import type { Prices } from './ground.ts'
import type { Column } from './master.ts'
import { OFF } from './model.ts'
import type { Problem } from './problem.ts'

/** What is still open: of a person on a day, each shift and a day off may be closed. Branching closes choices, one by one or all but one. */
export class Choices {
  readonly #days: number
  readonly #width: number
  readonly #closed: Uint8Array

  constructor({ days, shifts }: Pick<Problem, 'days' | 'shifts'>, closed: Uint8Array | number) {
    this.#days = days
    this.#width = shifts + 1
    this.#closed = typeof closed === 'number' ? new Uint8Array(closed * days * (shifts + 1)) : closed
  }

  static allOpen = (problem: Problem): Choices => new Choices(problem, problem.people)

  copy(): Choices {
    return new Choices({ days: this.#days, shifts: this.#width - 1 }, this.#closed.slice())
  }

  #at(person: number, day: number): number {
    return (person * this.#days + day) * this.#width
  }

  /** Only this shift, or OFF, is left. */
  fix(person: number, day: number, shift: number): void {
    const at = this.#at(person, day)
    for (let choice = 0; choice < this.#width; choice++) if (choice !== shift - OFF) this.#closed[at + choice] = 1
  }

  close(person: number, day: number, shift: number): void {
    this.#closed[this.#at(person, day) + shift - OFF] = 1
  }

  /** One person's choices as they are there. */
  take(person: number, from: Choices): void {
    const [start, end] = [this.#at(person, 0), this.#at(person + 1, 0)]
    this.#closed.set(from.#closed.subarray(start, end), start)
  }

  /** More than one choice is left. */
  isFree(person: number, day: number): boolean {
    const at = this.#at(person, day)
    let open = 0
    for (let choice = 0; choice < this.#width; choice++) open += 1 - (this.#closed[at + choice] as number)
    return open > 1
  }

  fits({ person, path }: Pick<Column, 'person' | 'path'>): boolean {
    let at = this.#at(person, 0) - OFF
    for (let day = 0; day < path.length; day++, at += this.#width)
      if (this.#closed[at + (path[day] as number)] === 1) return false
    return true
  }

  /** A person's own costs less the worth of the cells; Infinity wherever it is closed. */
  prices({ cells: size, shifts, days, cost }: Problem, person: number, worth: Float64Array): Prices {
    const off = new Float64Array(days)
    const cells = new Float64Array(size)
    for (let cell = 0; cell < size; cell++)
      cells[cell] = (cost[person * size + cell] as number) - (worth[cell] as number)
    for (let day = 0; day < days; day++) {
      const at = this.#at(person, day)
      if (this.#closed[at] === 1) off[day] = Number.POSITIVE_INFINITY
      for (let shift = 0; shift < shifts; shift++)
        if (this.#closed[at + shift + 1] === 1) cells[day * shifts + shift] = Number.POSITIVE_INFINITY
    }
    return { cells, off }
  }
}
