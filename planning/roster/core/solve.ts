import { seededRandom } from '#domain/random.ts'
import type { Run, SolveStatus } from '#planning/anytime.ts'
import { construct, settle } from './construct.ts'
import { Finder } from './finder.ts'
import { TooManyWays } from './ground.ts'
import type { Roster, RosterModel } from './model.ts'
import { Pace } from './pace.ts'
import { makeProblem, type Problem, penaltyOf } from './problem.ts'
import { boundAndDive } from './root.ts'
import { firstReaches, search } from './search.ts'
import { State } from './state.ts'
import { solveWhole } from './whole.ts'

export interface RosterSolution {
  status: SolveStatus
  /** The penalty; null where there is no roster. */
  objective: number | null
  bound: number
  roster: Roster | null
}

/**
 * The roster of least penalty that breaks no hard rule, and a proven bound below every other. First everybody in turn on their
 * cheapest path (`construct.ts`); then column generation for the bound and a dive (`root.ts`); then neighbourhoods (`search.ts`),
 * and branch and bound where the whole is small (`whole.ts`), until roster and bound meet.
 */
export async function solveRoster(model: RosterModel, run: Run): Promise<RosterSolution> {
  const pace = new Pace(run)
  const problem = makeProblem(model)
  const best: Best = { state: null, isImpossible: false }
  try {
    await byPaths(problem, pace, run.seed, best)
  } catch (error) {
    if (!(error instanceof TooManyWays)) throw error
    await byProgramme(problem, pace, run.seed, best)
  }
  return told(problem, pace, best)
}

interface Best {
  state: State | null
  /** It is proved that there is no roster. */
  isImpossible: boolean
}

function told(problem: Problem, pace: Pace, { state, isImpossible }: Best): RosterSolution {
  if (isImpossible) return { status: 'infeasible', objective: null, bound: Number.POSITIVE_INFINITY, roster: null }
  if (!state) return { status: 'unknown', objective: null, bound: pace.bound, roster: null }
  const objective = penaltyOf(problem, state.roster)
  const isProved = pace.bound >= objective
  return {
    status: isProved ? 'optimal' : 'feasible',
    objective,
    bound: isProved ? objective : pace.bound,
    roster: state.roster,
  }
}

/** Turns of everybody whose paths the column generation begins with. */
const TURNS_KEPT = 6
/** Neighbourhoods in vain before a small problem is tried as a whole. */
const PATIENCE = 60

async function byPaths(problem: Problem, pace: Pace, seed: number, best: Best): Promise<void> {
  const finder = new Finder(problem)
  pace.phase = 'first roster'
  const built = construct(problem, finder, pace)
  if (!built.ok) {
    best.isImpossible = built.why === 'noPath'
    return
  }
  const { state } = built
  best.state = state
  pace.objective = state.penalty
  const seen: { person: number; path: Roster }[] = []
  const keep = (person: number) => {
    seen.push({ person, path: state.path(person).slice() })
    pace.objective = state.penalty
  }
  settle(state, finder, pace, keep)
  const root = await boundAndDive({ state, finder, pace }, seen.slice(-TURNS_KEPT * problem.people))
  const random = seededRandom(seed, 'neighbourhoods')
  const searching = { state, finder, pace, random, ...root, reaches: firstReaches() }
  const isSmall = problem.people * problem.cells <= SMALL
  pace.phase = 'neighbourhoods'
  await search(searching, isSmall ? PATIENCE : Number.POSITIVE_INFINITY)
  if (pace.isOver || pace.bound >= state.penalty) return
  await proveSmall(state, pace, seed)
  pace.phase = 'neighbourhoods'
  await search(searching, Number.POSITIVE_INFINITY)
}

/** Assignments up to which the whole problem is given to branch and bound at once. */
const SMALL = 1_000
/** Nodes it may take: beyond them the neighbourhoods do better. */
const SMALL_NODES = 2_000

async function proveSmall(state: State, pace: Pace, seed: number): Promise<void> {
  pace.phase = 'proof'
  const { roster, bound } = await solveWhole(state.problem, pace, { cutoff: state.penalty, nodes: SMALL_NODES, seed })
  if (roster) state.take(roster)
  pace.objective = state.penalty
  pace.bound = Math.max(pace.bound, Math.min(bound, state.penalty))
}

/** Where somebody's days can be gone through in too many ways to be looked at one by one. */
async function byProgramme(problem: Problem, pace: Pace, seed: number, best: Best): Promise<void> {
  pace.phase = 'proof'
  const cutoff = best.state?.penalty ?? Number.POSITIVE_INFINITY
  const { roster, bound } = await solveWhole(problem, pace, { cutoff, seed })
  if (roster) best.state = new State(problem, roster)
  if (best.state) pace.bound = Math.max(pace.bound, Math.min(bound, best.state.penalty))
  else if (bound === Number.POSITIVE_INFINITY) best.isImpossible = true
  else pace.bound = Math.max(pace.bound, bound)
}
