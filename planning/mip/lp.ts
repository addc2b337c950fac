import type { Highs, Model } from 'highs'
import { dualBound, safeBound } from './bound.ts'
import { dropHighs, highs, isAbort, modelData } from './highs.ts'
import type { Columns, LinearModel } from './model.ts'

export type LpStatus = 'optimal' | 'infeasible' | 'unbounded' | 'unknown'

export interface LpAnswer {
  status: LpStatus
  objective: number
  x: Float64Array
  /** Price of each row: what its side moved up by one would cost. */
  rowDual: Float64Array
  /** Reduced cost of each column. */
  columnDual: Float64Array
}

export interface LpOptions {
  seconds?: number
  /** Of the simplex method, that of crossover too. */
  iterations?: number
  /** Interior point where the simplex method is too slow from nothing; a warm start needs the simplex method. */
  method?: 'simplex' | 'ipm'
  /** The simplex method goes on from a basis that added columns have left feasible; else from one that moved bounds have left optimal. */
  isPrimal?: boolean
}

/** A linear programme kept in the solver: each `solve` begins from the last basis, so that added columns or moved bounds cost little. */
export interface LpSession {
  solve(options?: LpOptions): LpAnswer
  /** Answers the number of the first new column. */
  addColumns(columns: Columns): number
  /** The columns behind those deleted move down. */
  deleteColumns(columns: Int32Array): void
  setColumnBounds(columns: Int32Array, lower: Float64Array, upper: Float64Array): void
  dispose(): void
}

/** Opens a linear programme for many solves; memory outside JavaScript is held until `dispose`. After a breakdown every solve answers `unknown`. */
export async function openLp(model: LinearModel): Promise<LpSession> {
  const solver = await highs()
  const { isInteger: _, ...continuous } = model
  const loaded = solver.createModel(modelData(continuous))
  loaded.options.set('output_flag', false)
  let isBroken = false
  let columns = model.cost.length
  const guarded = <T>(act: () => T, otherwise: T): T => {
    if (isBroken) return otherwise
    try {
      return act()
    } catch (error) {
      if (!isAbort(error, solver)) throw error
      isBroken = true
      dropHighs()
      return otherwise
    }
  }
  const set = (indices: Int32Array) => ({ kind: 'set', indices }) as const
  return {
    solve(options = {}) {
      const none = nothing(columns, model.rowLower.length)
      return guarded(() => solveLp(solver, loaded, options, none), none)
    },
    addColumns(added) {
      const first = columns
      columns += added.cost.length
      guarded(() => loaded.addCols(columnData(added, model.rowLower.length)), null)
      return first
    },
    deleteColumns(at) {
      columns -= at.length
      guarded(() => loaded.deleteCols(set(at)), null)
    },
    setColumnBounds: (at, lower, upper) => void guarded(() => loaded.changeColsBounds(set(at), lower, upper), null),
    dispose: () => guarded(() => loaded.dispose(), undefined),
  }
}

const DUAL_SIMPLEX = 1
const PRIMAL_SIMPLEX = 4

/** The solver refuses an infinite limit. */
const NO_LIMIT_S = 1e9

function solveLp({ constants }: Highs, loaded: Model, options: LpOptions, none: LpAnswer): LpAnswer {
  // The solver's clock runs on over all solves of a model.
  loaded.zeroAllClocks()
  loaded.options.set({
    solver: options.method ?? 'choose',
    time_limit: Math.min(options.seconds ?? NO_LIMIT_S, NO_LIMIT_S),
    simplex_strategy: options.isPrimal === true ? PRIMAL_SIMPLEX : DUAL_SIMPLEX,
    simplex_iteration_limit: options.iterations ?? 0x7fffffff,
  })
  const { modelStatus } = loaded.run()
  const status = statusOf(constants.modelStatus, modelStatus)
  // Where presolve has settled it or nothing came of it there are no values, and to ask for them is an error.
  if (!hasValues(loaded, constants)) return { ...none, status }
  const { colValue, colDual, rowDual } = loaded.getSolution()
  return { status, objective: loaded.getObjectiveValue(), x: colValue, rowDual, columnDual: colDual }
}

const hasValues = (loaded: Model, { solutionStatus }: Highs['constants']): boolean =>
  loaded.raw.getInfoValue('primal_solution_status').value !== solutionStatus.none &&
  loaded.raw.getInfoValue('dual_solution_status').value !== solutionStatus.none

function statusOf(codes: Highs['constants']['modelStatus'], code: number): LpStatus {
  if (code === codes.optimal || code === codes.empty) return 'optimal'
  if (code === codes.infeasible) return 'infeasible'
  return code === codes.unbounded || code === codes.unboundedOrInfeasible ? 'unbounded' : 'unknown'
}

const nothing = (columns: number, rows: number): LpAnswer => ({
  status: 'unknown',
  objective: Number.NaN,
  x: new Float64Array(columns),
  rowDual: new Float64Array(rows),
  columnDual: new Float64Array(columns),
})

function columnData({ cost, lower, upper, starts, indices, values }: Columns, numRows: number) {
  const matrix = { format: 'csc', numRows, numCols: cost.length, starts, indices, values } as const
  return { cost, lower, upper, matrix }
}

/** Solves a linear programme once; the bound holds whatever the solver's tolerances made of the prices, and where it was stopped early. */
export async function solveLpOnce(model: LinearModel, options: LpOptions = {}): Promise<LpAnswer & { bound: number }> {
  const session = await openLp(model)
  try {
    const answer = session.solve(options)
    const bound = answer.status === 'infeasible' ? Number.POSITIVE_INFINITY : dualBound(model, answer.rowDual)
    return { ...answer, bound: safeBound(bound, false) }
  } finally {
    session.dispose()
  }
}
