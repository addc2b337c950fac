import type { Instant } from '#domain/instant.ts'
import { CELL_BITS, cellKey } from '#wire/fleet-cells.ts'
import type { Seat } from './seat.ts'

/** One tile of the map and what happened in it since the last tick. */
export interface LiveCell {
  x: number
  y: number
  members: Set<Seat>
  /** The first `changes` of it; the rest is room of ticks past. May name a seat twice, or one that has moved on: the encoder looks. */
  changed: Seat[]
  changes: number
  left: Seat[]
  isDirty: boolean
  /** What an encoder has made of it, and which: a cell is encoded once for each audience in a tick. */
  encoded: Uint8Array | null
  encodedBy: object | null
}

export const emptyCell = (x: number, y: number): LiveCell => ({
  x,
  y,
  members: new Set(),
  changed: [],
  changes: 0,
  left: [],
  isDirty: false,
  encoded: null,
  encodedBy: null,
})

/** Where the units of one tenant are, by cell. Knows no console and no clock. */
export class LiveCity {
  readonly cells = new Map<number, LiveCell>()
  #dirty: LiveCell[] = []
  #origin: Instant | null = null

  /**
   * Moments of the live fleet count from the first it is told of: as small whole numbers they lie in a unit's own memory,
   * as epoch milliseconds each would be an object.
   */
  since(at: Instant): number {
    this.#origin ??= at
    return at - this.#origin
  }

  /** To be called after every change of a seat's place or state. */
  place(seat: Seat): void {
    const x = seat.wx >> CELL_BITS
    const y = seat.wy >> CELL_BITS
    let cell = seat.cell
    if (cell?.x !== x || cell.y !== y) {
      this.remove(seat)
      cell = this.#cellAt(x, y)
      cell.members.add(seat)
      seat.cell = cell
    }
    cell.changed[cell.changes++] = seat
    this.#soil(cell)
  }

  remove(seat: Seat): void {
    const { cell } = seat
    if (!cell) return
    cell.members.delete(seat)
    cell.left.push(seat)
    seat.cell = null
    this.#soil(cell)
  }

  /** Where a console may believe it to be: its cell, and those it has left since the last tick. */
  hauntsOf(seat: Seat): LiveCell[] {
    const left = this.#dirty.filter((cell) => cell !== seat.cell && cell.left.includes(seat))
    return seat.cell ? [seat.cell, ...left] : left
  }

  /** The cells with news since the last call; `settle` them once they are told. */
  takeDirty(): LiveCell[] {
    const dirty = this.#dirty
    this.#dirty = []
    return dirty
  }

  settle(cells: readonly LiveCell[]): void {
    for (const cell of cells) {
      cell.changes = 0
      if (cell.left.length > 0) cell.left = []
      cell.isDirty = false
      cell.encoded = null
      cell.encodedBy = null
      if (cell.members.size === 0) this.cells.delete(cellKey(cell.x, cell.y))
    }
  }

  #cellAt(x: number, y: number): LiveCell {
    const key = cellKey(x, y)
    let cell = this.cells.get(key)
    if (!cell) {
      cell = emptyCell(x, y)
      this.cells.set(key, cell)
    }
    return cell
  }

  #soil(cell: LiveCell) {
    if (cell.isDirty) return
    cell.isDirty = true
    this.#dirty.push(cell)
  }
}
