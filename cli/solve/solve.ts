import { readFile, writeFile } from 'node:fs/promises'
import { badUsage, done, notDone, type Outcome } from '#cli/outcome.ts'
import { startProgress } from '#cli/progress.ts'
import { gapOf, type Progress, type Run, type SolveStatus } from '#planning/anytime.ts'
import type { SolveOptions } from './options.ts'

/** What `hongguan solve` needs to know of one kind of problem. */
export interface Solvable<Problem, Plan> {
  read(text: string): { ok: true; problem: Problem } | { ok: false; line: number; why: string }
  solve(problem: Problem, run: Run): Promise<Solved<Plan>>
  /** The text of the plan's file. */
  write(plan: Plan, problem: Problem): string
}

export interface Solved<Plan> {
  status: SolveStatus
  /** Of the minimised problem; null without a plan. */
  objective: number | null
  /** Proven; −Infinity where nothing is. */
  bound: number
  plan: Plan | null
}

/** Reads a problem, solves it within its seconds and tells the result as one line; the plan is written only where there is one. */
export async function runSolve<Problem, Plan>(
  solvable: Solvable<Problem, Plan>,
  file: string,
  options: SolveOptions,
): Promise<Outcome> {
  const text = await readFile(file, 'utf8').catch((error: Error) => error)
  if (text instanceof Error) return badUsage(`${file} cannot be read: ${text.message}`)
  const read = solvable.read(text)
  if (!read.ok) return badUsage(`${file}, line ${read.line}: ${read.why}`)
  const startedAt = performance.now()
  const solved = await watched(options, (run) => solvable.solve(read.problem, run))
  const seconds = rounded((performance.now() - startedAt) / 1000)
  if (solved.plan !== null && options.out !== undefined) {
    const failed = await writeFile(options.out, solvable.write(solved.plan, read.problem)).catch(
      (error: Error) => error,
    )
    if (failed) return notDone('failed', `${options.out} cannot be written: ${failed.message}`)
  }
  return told(solved, seconds)
}

/** Solves with a bar on stderr that shows the seconds used, the best plan and the bound. */
async function watched<Plan>(options: SolveOptions, solve: (run: Run) => Promise<Solved<Plan>>): Promise<Solved<Plan>> {
  const bar = startProgress('solving, seconds', options.seconds)
  let note = ''
  const onProgress = (progress: Progress) => {
    note = noteOf(progress)
    bar.at(Math.min(options.seconds, Math.round(progress.seconds * 10) / 10), note)
  }
  const limits = { seconds: options.seconds, ...(options.steps !== undefined && { steps: options.steps }) }
  try {
    const solved = await solve({ now: () => performance.now(), seed: options.seed, limits, onProgress })
    bar.at(options.seconds, note)
    return solved
  } finally {
    bar.end()
  }
}

const noteOf = ({ objective, bound, phase }: Progress): string =>
  `best ${objective === null ? '–' : shown(objective)}, bound ${Number.isFinite(bound) ? shown(bound) : '–'}, ${phase}`

function told<Plan>({ status, objective, bound }: Solved<Plan>, seconds: number): Outcome {
  const gap = objective === null || !Number.isFinite(bound) ? null : gapOf(objective, bound)
  const json = { objective, bound: Number.isFinite(bound) ? bound : null, gap, status, seconds }
  if (objective !== null) {
    const distance = gap === null ? 'no bound was proved' : `proven: none below ${shown(bound)}, gap ${percent(gap)}`
    return done(json, `${status}: ${shown(objective)} (${distance}) in ${seconds} s`)
  }
  const says =
    status === 'infeasible'
      ? 'There is no plan: proved.'
      : 'Time is up with neither a plan nor a proof that there is none.'
  return { ...notDone(status === 'infeasible' ? 'infeasible' : 'noPlan', says), json }
}

const rounded = (seconds: number) => Math.round(seconds * 1000) / 1000
const shown = (number: number) => number.toLocaleString('en', { maximumFractionDigits: 3 })
const percent = (share: number) => `${(share * 100).toFixed(3)} %`
