import loadHighs, { type Highs, type ModelData } from 'highs'
import type { LinearModel } from './model.ts'

/** WebAssembly memory never shrinks: a solver that once needed more than this is replaced before the next use. */
const MOST_MEMORY_BYTES = 768 * 1024 * 1024

let loaded: Promise<Highs> | null = null

/** The solver of this thread. One that has failed inside (`dropHighs`) or has grown too large is replaced by a fresh one. */
export async function highs(): Promise<Highs> {
  loaded ??= loadHighs()
  const solver = await loaded
  if (solver.memoryBytes <= MOST_MEMORY_BYTES) return solver
  loaded = loadHighs()
  return loaded
}

/** After an abort inside WebAssembly the instance's memory is in no known state. */
export function dropHighs(): void {
  loaded = null
}

/**
 * Our own mistakes (wrong sizes, a closed model) are bugs and are thrown on; anything else means that the instance has broken, or that
 * the solver gave up in the middle of a run (numbers too close to its tolerances).
 */
export const isAbort = (error: unknown, { errors }: Highs): boolean =>
  !(error instanceof errors.HighsError) ||
  (error.operation === 'run' && !(error instanceof errors.HighsValidationError))

export function modelData(model: LinearModel): ModelData {
  const [numCols, numRows] = [model.cost.length, model.rowLower.length]
  return {
    numCols,
    numRows,
    colCost: model.cost,
    colLower: model.lower,
    colUpper: model.upper,
    rowLower: model.rowLower,
    rowUpper: model.rowUpper,
    matrix: { format: 'csc', numRows, numCols, starts: model.starts, indices: model.indices, values: model.values },
    ...(model.isInteger && { integrality: Int32Array.from(model.isInteger) }),
  }
}
