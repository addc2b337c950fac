import type { LinearModel } from './model.ts'

/** What the solver's own tolerances may have moved a bound by: its feasibility tolerances, and the same again relative to its size. */
const SLACK = 1e-6
const RELATIVE_SLACK = 1e-7

const slackOf = (bound: number) => SLACK + RELATIVE_SLACK * Math.abs(bound)

/** A bound computed in floating point, lowered so that it holds; where every objective is whole, raised again to the next whole number. */
export function safeBound(bound: number, isWhole: boolean): number {
  if (!Number.isFinite(bound)) return bound
  const lowered = bound - slackOf(bound)
  return isWhole ? Math.ceil(lowered) : lowered
}

/**
 * The bound that given row prices prove by themselves (weak duality; Neumaier and Shcherbina 2004): however the prices were found, no
 * solution costs less, apart from the rounding of this very sum. −Infinity where a column without bounds has a reduced cost.
 */
export function dualBound(model: LinearModel, rowDual: Float64Array): number {
  let bound = 0
  for (let row = 0; row < rowDual.length; row++) bound += priced(model, row, rowDual[row] as number)
  for (let column = 0; column < model.cost.length; column++) {
    const reduced = reducedCost(model, rowDual, column)
    if (reduced === 0) continue
    bound += reduced * ((reduced > 0 ? model.lower[column] : model.upper[column]) as number)
  }
  return bound
}

/** A price whose side of the row is open proves nothing and counts as 0 (in the reduced costs too: see below). */
function priced(model: LinearModel, row: number, price: number): number {
  const side = (price > 0 ? model.rowLower[row] : model.rowUpper[row]) as number
  return price === 0 || !Number.isFinite(side) ? 0 : price * side
}

function reducedCost(model: LinearModel, rowDual: Float64Array, column: number): number {
  let reduced = model.cost[column] as number
  const end = model.starts[column + 1] as number
  for (let at = model.starts[column] as number; at < end; at++) {
    const row = model.indices[at] as number
    const price = rowDual[row] as number
    const side = price > 0 ? model.rowLower[row] : model.rowUpper[row]
    if (Number.isFinite(side)) reduced -= price * (model.values[at] as number)
  }
  return reduced
}
