export interface Place {
  row: number
  column: number
}

/** Which cells of the grid are meant: the one in hand, and the corner from which the selection was drawn. */
export class Selection {
  #active: Place = $state.raw({ row: 0, column: 0 })
  #anchor: Place = $state.raw({ row: 0, column: 0 })

  get active(): Place {
    return this.#active
  }

  get rows(): [first: number, last: number] {
    return inOrder(this.#active.row, this.#anchor.row)
  }

  get columns(): [first: number, last: number] {
    return inOrder(this.#active.column, this.#anchor.column)
  }

  get count(): number {
    const [top, bottom] = this.rows
    const [left, right] = this.columns
    return (bottom - top + 1) * (right - left + 1)
  }

  has(row: number, column: number): boolean {
    const [top, bottom] = this.rows
    const [left, right] = this.columns
    return top <= row && row <= bottom && left <= column && column <= right
  }

  to(place: Place, isExtending = false): void {
    this.#active = place
    if (!isExtending) this.#anchor = place
  }

  /** By so many rows and columns, within the grid. */
  move(by: Place, most: Place, isExtending: boolean): void {
    this.to(
      {
        row: Math.min(most.row, Math.max(0, this.#active.row + by.row)),
        column: Math.min(most.column, Math.max(0, this.#active.column + by.column)),
      },
      isExtending,
    )
  }

  places(): Place[] {
    const [top, bottom] = this.rows
    const [left, right] = this.columns
    const found: Place[] = []
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) found.push({ row, column })
    return found
  }
}

const inOrder = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a])
