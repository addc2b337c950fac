import { type LpSession, openLp } from '#planning/mip/lp.ts'
import { type Columns, ModelBuilder } from '#planning/mip/model.ts'
import type { Choices } from './choices.ts'
import { OFF, type Roster } from './model.ts'
import type { Part } from './part.ts'
import { ownCost, type Problem } from './problem.ts'

/** One person's whole path as a column of the master programme. */
export interface Column {
  person: number
  path: Roster
  cost: number
}

/** What the master programme says of the columns it has. */
export interface MasterAnswer {
  /** With what is paid anyway: comparable with penalties. */
  objective: number
  /** The columns in use, and how much of its person's mixture each is. */
  used: { column: Column; share: number }[]
  /** What one more person is worth on each row of cover: from −over to under. */
  worth: Float64Array
  /** What the path of each of the part's people may cost, worth of its cells taken off, to be as cheap as those in use. */
  rent: Float64Array
}

/** What is forgotten at once, so that it is not done every time: down to this part of the limit. */
const KEPT = 0.6

const LEAST_SHARE = 1e-7

/**
 * Dantzig and Wolfe's master programme: of each person's known paths a mixture, so that own costs and cover together cost least.
 * Rows: one a person, then one for each cover of the model.
 */
export class Master {
  readonly part: Part
  readonly #lp: LpSession
  readonly #fixed: number
  readonly #rowsOfCell: number[][]
  readonly #rowOfPerson: Map<number, number>
  readonly #known = new Set<string>()
  #entries = 0
  /** Reduced costs of the last answer. */
  #reduced: Float64Array = new Float64Array(0)
  columns: Column[] = []

  private constructor(part: Part, lp: LpSession) {
    this.part = part
    this.#lp = lp
    this.#fixed = part.need.length * 2
    this.#rowsOfCell = rowsOfCells(part.problem)
    this.#rowOfPerson = new Map(part.people.map((person, row) => [person, row]))
  }

  static async open(part: Part): Promise<Master> {
    return new Master(part, await openLp(coverModel(part).done()))
  }

  close(): void {
    this.#lp.dispose()
  }

  /** Adds the paths that are not there yet; answers how many. */
  add(paths: readonly { person: number; path: Roster }[]): number {
    const added: Column[] = []
    for (const { person, path } of paths) {
      const key = keyOf(person, path)
      if (this.#known.has(key)) continue
      this.#known.add(key)
      added.push({ person, path: path.slice(), cost: ownCost(this.part.problem, person, path) })
    }
    if (added.length === 0) return 0
    this.#lp.addColumns(this.#columnsOf(added))
    this.columns.push(...added)
    return added.length
  }

  /** `null` where the programme could not be solved (in the seconds given). */
  solve(seconds: number): MasterAnswer | null {
    const { status, objective, x, rowDual, columnDual } = this.#lp.solve({ seconds, isPrimal: true })
    if (status !== 'optimal') return null
    const { people, constant } = this.part
    this.#reduced = columnDual
    return {
      objective: objective + constant,
      used: this.columns
        .map((column, at) => ({ column, share: x[this.#fixed + at] as number }))
        .filter(({ share }) => share > LEAST_SHARE),
      worth: rowDual.slice(people.length),
      rent: rowDual.slice(0, people.length),
    }
  }

  /** Where there are more than `most` entries, forgets the columns that the last answer was furthest from using. */
  shrink(most: number): void {
    if (this.#entries <= most) return
    const kept = Math.floor((this.columns.length * most * KEPT) / this.#entries)
    const reduced = this.#reduced
    const dearest = this.columns
      .map((_, column) => column)
      .filter((column) => (reduced[this.#fixed + column] ?? 0) > 1e-6)
    dearest.sort((a, b) => (reduced[this.#fixed + b] as number) - (reduced[this.#fixed + a] as number))
    const gone = dearest.slice(0, this.columns.length - kept).sort((a, b) => a - b)
    this.#lp.deleteColumns(Int32Array.from(gone, (column) => this.#fixed + column))
    const isGone = new Set(gone)
    for (const column of gone) {
      const { person, path } = this.columns[column] as Column
      this.#known.delete(keyOf(person, path))
    }
    this.columns = this.columns.filter((_, column) => !isGone.has(column))
    this.#entries = this.columns.reduce((sum, column) => sum + this.#rowsOf(column).length, 0)
  }

  /** Only columns that fit the choices may be used from now on. */
  allow(choices: Choices): void {
    const all = this.columns
    const upper = Float64Array.from(all, (column) => (choices.fits(column) ? Number.POSITIVE_INFINITY : 0))
    const at = Int32Array.from(all, (_, column) => this.#fixed + column)
    this.#lp.setColumnBounds(at, new Float64Array(all.length), upper)
  }

  #rowsOf({ person, path }: Column): number[] {
    const { people, problem } = this.part
    const rows = [this.#rowOfPerson.get(person) as number]
    for (let day = 0; day < path.length; day++) {
      const shift = path[day] as number
      if (shift === OFF) continue
      for (const row of this.#rowsOfCell[day * problem.shifts + shift] as number[]) rows.push(people.length + row)
    }
    return rows
  }

  #columnsOf(added: readonly Column[]): Columns {
    const indices: number[] = []
    const starts = [0]
    for (const column of added) {
      for (const row of this.#rowsOf(column)) indices.push(row)
      starts.push(indices.length)
    }
    this.#entries += indices.length
    return {
      cost: Float64Array.from(added, ({ cost }) => cost),
      lower: new Float64Array(added.length),
      upper: new Float64Array(added.length).fill(Number.POSITIVE_INFINITY),
      starts: Int32Array.from(starts),
      indices: Int32Array.from(indices),
      values: new Float64Array(indices.length).fill(1),
    }
  }
}

/** The rows of a part's people and its cover, and a column for each way to miss the cover. */
function coverModel({ people, need, problem }: Part): ModelBuilder {
  const builder = new ModelBuilder()
  for (const _ of people) builder.row(1, 1)
  for (const each of need) builder.row(each, each)
  for (const [row, { under, over }] of problem.model.cover.entries()) {
    builder.column({ cost: under, upper: Number.POSITIVE_INFINITY, isInteger: false })
    builder.entry(people.length + row, 1)
    builder.column({ cost: over, upper: Number.POSITIVE_INFINITY, isInteger: false })
    builder.entry(people.length + row, -1)
  }
  return builder
}

const keyOf = (person: number, path: Roster): string => `${person}:${path.join()}`

function rowsOfCells({ model: { cover }, cells, shifts }: Problem): number[][] {
  const rows: number[][] = Array.from({ length: cells }, () => [])
  for (const [row, { day, shift }] of cover.entries()) rows[day * shifts + shift]?.push(row)
  return rows
}
