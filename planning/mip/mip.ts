import type { CallbackData, Highs, HighsCallbackMap, Model, ModelStatusCode } from 'highs'
import { safeBound } from './bound.ts'
import { dropHighs, highs, isAbort, modelData } from './highs.ts'
import type { LinearModel } from './model.ts'

export interface MipOptions {
  /** Wall seconds; where the answer must be repeatable limit `nodes`, and let seconds only end what has got out of hand. */
  seconds?: number
  nodes?: number
  seed?: number
  /** A solution to begin with; one that breaks a row is ignored. */
  start?: Float64Array
  /** Only solutions that cost less than this are wanted: `infeasible` then means that there is none. */
  cutoff?: number
  /** Every solution's cost is a whole number: the bound is rounded up to one. */
  isWhole?: boolean
  /** 0 unless given: `optimal` then means proved. With another gap a solution within it is `feasible`. */
  relativeGap?: number
  /** Share of the effort that goes into finding solutions rather than proving, 0…1 (0.05 by default). */
  heuristics?: number
  /** A few dozen columns, solved by the thousand: what costs more than such a solve itself is left out (presolve, symmetry, jumps: 2 ms instead of 25). */
  isSmall?: boolean
  /** Begin anew at the root when many columns could be fixed; costly where nodes are few. */
  restarts?: boolean
  /** Asked between nodes and rounds of cuts. */
  isStopped?(): boolean
  onProgress?(at: MipProgress): void
}

export interface MipProgress {
  /** Of the best solution so far; null while there is none. */
  objective: number | null
  bound: number
  nodes: number
}

export type MipStatus = 'optimal' | 'feasible' | 'infeasible' | 'unbounded' | 'unknown'

export interface MipAnswer {
  status: MipStatus
  objective: number | null
  /**
   * Holds whatever the status: lowered by the solver's tolerances, or rounded up to a whole number where the model is whole. So a proved
   * optimum's own cost where costs are whole, else a little less than that.
   */
  bound: number
  x: Float64Array | null
  nodes: number
}

/** What the callbacks have seen last: all that is left where the solver breaks down in the middle. */
interface Seen {
  x: Float64Array | null
  objective: number
  bound: number
}

/** Solves a mixed-integer programme with HiGHS (branch and cut, one thread). A breakdown of the solver is an answer too: what it had until then. */
export async function solveMip(model: LinearModel, options: MipOptions = {}): Promise<MipAnswer> {
  if (model.cost.length === 0) return withoutColumns(model)
  const solver = await highs()
  const seen: Seen = { x: null, objective: Number.POSITIVE_INFINITY, bound: Number.NEGATIVE_INFINITY }
  try {
    return solver.withModel(modelData(model), (loaded) => runMip(solver, loaded, options, seen))
  } catch (error) {
    if (!isAbort(error, solver)) throw error
    dropHighs()
    const bound = safeBound(seen.bound, options.isWhole === true)
    const found = seen.x !== null
    return {
      status: found ? 'feasible' : 'unknown',
      objective: found ? seen.objective : null,
      bound,
      x: seen.x,
      nodes: 0,
    }
  }
}

/** The solver calls it empty, whatever its rows ask for. */
function withoutColumns({ rowLower, rowUpper }: LinearModel): MipAnswer {
  const holds = rowLower.every((lower, row) => lower <= 0 && (rowUpper[row] as number) >= 0)
  const nothing = { objective: null, bound: Number.POSITIVE_INFINITY, x: null, nodes: 0 }
  return holds
    ? { status: 'optimal', objective: 0, bound: 0, x: new Float64Array(0), nodes: 0 }
    : { ...nothing, status: 'infeasible' }
}

function runMip(solver: Highs, loaded: Model, options: MipOptions, seen: Seen): MipAnswer {
  const { cutoff = Number.POSITIVE_INFINITY, isWhole = false, relativeGap = 0 } = options
  loaded.options.set(solverOptions(options))
  if (options.start) loaded.setSolution({ colValue: options.start })
  const { modelStatus } = loaded.run(callbacks(solver, options, seen))
  const ended = statusOf(solver, modelStatus)
  const nodes = Math.max(0, Number(loaded.info.get('mip_node_count')))
  const nothing = { objective: null, x: null, nodes }
  if (ended === 'unbounded') return { ...nothing, status: ended, bound: Number.NEGATIVE_INFINITY }
  const atCutoff = isWhole ? cutoff : safeBound(cutoff, false)
  if (ended === 'infeasible') return { ...nothing, status: ended, bound: atCutoff }
  const found = solutionOf(solver, loaded, isWhole)
  const isWanted = found !== null && found.objective < cutoff
  // The solver counts a solution above the cutoff as an optimum too, once it has shown that nothing is below.
  if (ended === 'optimal' && !isWanted) return { ...nothing, status: 'infeasible', bound: atCutoff }
  const told = Math.min(atCutoff, safeBound(Number(loaded.info.get('mip_dual_bound')), isWhole))
  if (!isWanted) return { ...nothing, status: 'unknown', bound: told }
  const isProved = ended === 'optimal' && relativeGap === 0
  const bound = isProved && isWhole ? found.objective : Math.min(told, found.objective)
  return { ...found, status: isProved ? 'optimal' : 'feasible', bound, nodes }
}

function solutionOf(
  { constants }: Highs,
  loaded: Model,
  isWhole: boolean,
): { objective: number; x: Float64Array } | null {
  if (loaded.info.get('primal_solution_status') !== constants.solutionStatus.feasible) return null
  const objective = loaded.getObjectiveValue()
  return { objective: isWhole ? Math.round(objective) : objective, x: loaded.getSolution().colValue }
}

function solverOptions(options: MipOptions): Record<string, boolean | number | string> {
  return {
    output_flag: false,
    random_seed: (options.seed ?? 0) & 0x7fffffff,
    mip_rel_gap: options.relativeGap ?? 0,
    mip_abs_gap: options.isWhole === true ? WHOLE_GAP : TIGHT_GAP,
    ...(isLimit(options.seconds) && { time_limit: Math.max(0, options.seconds) }),
    ...(options.nodes !== undefined && { mip_max_nodes: options.nodes }),
    ...(isLimit(options.cutoff) && { objective_bound: options.cutoff - (options.isWhole === true ? 0.5 : 0) }),
    ...(options.heuristics !== undefined && { mip_heuristic_effort: options.heuristics }),
    ...(options.isSmall === true && { presolve: 'off', mip_detect_symmetry: false }),
    mip_heuristic_run_feasibility_jump: options.isSmall !== true && options.start === undefined,
    ...(options.restarts === false && { mip_allow_restart: false }),
  }
}

const isLimit = (given: number | undefined): given is number => given !== undefined && Number.isFinite(given)

/** Two whole costs that differ by less than one are the same. */
const WHOLE_GAP = 0.999
const TIGHT_GAP = 1e-6

function statusOf({ constants: { modelStatus } }: Highs, code: ModelStatusCode): MipStatus {
  switch (code) {
    case modelStatus.optimal:
    case modelStatus.empty:
      return 'optimal'
    case modelStatus.infeasible:
      return 'infeasible'
    case modelStatus.unbounded:
    case modelStatus.unboundedOrInfeasible:
      return 'unbounded'
    default:
      return 'unknown'
  }
}

function callbacks({ constants }: Highs, options: MipOptions, seen: Seen): HighsCallbackMap {
  const { mipImprovingSolution, mipInterrupt } = constants.callbackType
  const note = (at: CallbackData) => {
    seen.bound = Math.max(seen.bound, at.mip_dual_bound ?? Number.NEGATIVE_INFINITY)
  }
  return {
    [mipImprovingSolution]: ({ data }) => {
      note(data)
      seen.x = data.mip_solution ?? seen.x
      seen.objective = data.objective_function_value ?? seen.objective
    },
    [mipInterrupt]: (event) => {
      note(event.data)
      const { bound, objective } = seen
      options.onProgress?.({
        objective: Number.isFinite(objective) ? objective : null,
        bound: safeBound(bound, options.isWhole === true),
        nodes: Number(event.data.mip_node_count ?? 0),
      })
      if (options.isStopped?.()) event.interrupt()
    },
  }
}
