import type { Outcome } from '#cli/outcome.ts'
import type { SolveOptions } from '#cli/solve/options.ts'
import { runSolve, type Solvable } from '#cli/solve/solve.ts'
import { OFF, type Roster, type RosterModel } from '#planning/roster/core/model.ts'
import { readShiftScheduling } from '#planning/roster/core/shift-scheduling.ts'
import { solveRoster } from '#planning/roster/core/solve.ts'

export const solveRosterFile = (file: string, options: SolveOptions): Promise<Outcome> =>
  runSolve(roster, file, options)

const roster: Solvable<RosterModel, Roster> = {
  read(text) {
    const read = readShiftScheduling(text)
    return read.ok ? { ok: true, problem: read.model } : read
  },
  async solve(model, run) {
    const { roster, ...told } = await solveRoster(model, run)
    return { ...told, plan: roster }
  },
  /** A line for each shift given, by person and day: `staffId,day,shiftId`. */
  write: (roster, { days, people, shifts }) =>
    Array.from(roster.entries())
      .filter(([, shift]) => shift !== OFF)
      .map(([at, shift]) => `${people[Math.floor(at / days)]?.id},${at % days},${shifts[shift]?.id}\n`)
      .join(''),
}
