/** Minimise cost · x where rowLower ≤ A x ≤ rowUpper and lower ≤ x ≤ upper, A by columns. Infinities are allowed in every bound. */
export interface LinearModel {
  cost: Float64Array
  lower: Float64Array
  upper: Float64Array
  rowLower: Float64Array
  rowUpper: Float64Array
  /** Where each column's entries begin in `indices` (rows) and `values`; one longer than the columns. */
  starts: Int32Array
  indices: Int32Array
  values: Float64Array
  /** 1 = whole numbers only; absent = a linear programme. */
  isInteger?: Uint8Array
}

export interface Column {
  cost: number
  /** 0 when left out. */
  lower?: number
  /** 1 when left out. */
  upper?: number
  /** True when left out. */
  isInteger?: boolean
}

/** Columns with their entries in rows that may not be known beforehand, as `LpSession.addColumns` takes them. */
export type Columns = Pick<LinearModel, 'cost' | 'lower' | 'upper' | 'starts' | 'indices' | 'values'>

/** Rows first, then columns one by one; `done` copies everything into the arrays the solver takes. */
export class ModelBuilder {
  readonly #rowLower: number[] = []
  readonly #rowUpper: number[] = []
  readonly #cost: number[] = []
  readonly #lower: number[] = []
  readonly #upper: number[] = []
  readonly #isInteger: number[] = []
  readonly #starts: number[] = [0]
  readonly #indices: number[] = []
  readonly #values: number[] = []

  /** Answers the number of the new row. */
  row(lower: number, upper: number): number {
    this.#rowUpper.push(upper)
    return this.#rowLower.push(lower) - 1
  }

  /** Answers the number of the new column, whose entries follow by `entry`. */
  column({ cost, lower = 0, upper = 1, isInteger = true }: Column): number {
    this.#lower.push(lower)
    this.#upper.push(upper)
    this.#isInteger.push(isInteger ? 1 : 0)
    this.#starts.push(this.#indices.length)
    return this.#cost.push(cost) - 1
  }

  /** Of the last column; a zero is left out. */
  entry(row: number, value: number): void {
    if (value === 0) return
    this.#indices.push(row)
    this.#values.push(value)
    this.#starts[this.#cost.length] = this.#indices.length
  }

  done(): LinearModel {
    return {
      cost: Float64Array.from(this.#cost),
      lower: Float64Array.from(this.#lower),
      upper: Float64Array.from(this.#upper),
      rowLower: Float64Array.from(this.#rowLower),
      rowUpper: Float64Array.from(this.#rowUpper),
      starts: Int32Array.from(this.#starts),
      indices: Int32Array.from(this.#indices),
      values: Float64Array.from(this.#values),
      isInteger: Uint8Array.from(this.#isInteger),
    }
  }
}
