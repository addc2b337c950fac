import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import type { Instant } from '#domain/instant.ts'
import type { PlanProgress, PlanRun, PlanRunKind } from '#domain/plan.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { faultsOf } from '#planning/assignment/faults.ts'
import { gridOf } from '#planning/assignment/grid.ts'
import { keepPlan } from './plan-drafts.ts'
import { lastNumber } from './plan-line-queries.ts'
import { problemOf } from './plan-problem.ts'
import type { KeptPlan } from './plan-queries.ts'
import { addRun, wishToStop } from './plan-run-queries.ts'
import { type Act, type Pending, pending } from './record.ts'

export interface RunAsked {
  revision: number
  seconds: number
  seed: number
}

const NOTHING_YET: PlanProgress = {
  seconds: 0,
  steps: 0,
  phase: '',
  uncovered: null,
  uncoveredBound: 0,
  cost: null,
  costBound: 0,
  share: 0,
}

/** `plan` with the problem the run is about; the row gets it together with the answer. */
type Begun = { plan: KeptPlan; run: PlanRun; pending: Pending }

/** PN2: a run begins with the problem as it is now; contradicting constraints are refused before anything runs. */
export async function beginSolve(
  tx: Tx,
  before: KeptPlan,
  asked: RunAsked,
  act: Act,
): Promise<Begun | Refused<'wrongStage' | 'conflict' | 'planFaulty' | 'planEmpty'>> {
  if (before.status !== 'draft' && before.status !== 'solved') return refused('wrongStage')
  if (asked.revision !== before.revision) return refused('conflict')
  // Before the problem is read: a publication in between shall count as not yet taken account of.
  const basis = await lastNumber(tx, act.tenant)
  const problem = await problemOf(tx, before, act.now)
  if (problem.communities.length === 0) return refused('planEmpty')
  if (faultsOf(gridOf(problem)).length > 0) return refused('planFaulty')
  const run = await startRun(tx, before, 'solve', asked, act)
  if (!run) return refused('wrongStage')
  // What the last result was made from stays with it until there is another.
  const plan: KeptPlan = { ...before, status: 'solving', updatedAt: act.now }
  const told = await keepPlan(tx, { plan, kind: 'solve', told: 'plan:changed' }, act)
  return { plan: { ...plan, problem, basis }, run, pending: told }
}

/** PN5: each provider taken away in turn from the plan as it is. */
export async function beginRemovals(
  tx: Tx,
  plan: KeptPlan,
  asked: Omit<RunAsked, 'revision'>,
  act: Act,
): Promise<Begun | Refused<'wrongStage'>> {
  if (plan.solvedAt === null || plan.status === 'solving') return refused('wrongStage')
  const run = await startRun(tx, plan, 'nMinusOne', { ...asked, revision: plan.revision }, act)
  return run ? { plan, run, pending: pending() } : refused('wrongStage')
}

/** Null = the plan has a live run already. */
async function startRun(
  tx: Tx,
  plan: KeptPlan,
  kind: PlanRunKind,
  { revision, seconds, seed }: RunAsked,
  { tenant, actor, now }: Act,
): Promise<PlanRun | null> {
  const run: PlanRun = {
    id: randomUUID(),
    tenant,
    planId: plan.id,
    kind,
    status: 'queued',
    revision,
    seed,
    seconds,
    progress: NOTHING_YET,
    askedAt: now,
    askedBy: actor,
    endedAt: null,
    beatAt: now,
    stopAskedAt: null,
  }
  return (await addRun(tx, { ...run, best: null })) ? run : null
}

export async function askToStop(tx: Tx, plan: KeptPlan, now: Instant): Promise<PlanRun | Refused<'wrongStage'>> {
  const stopped = await wishToStop(tx, plan.id, now)
  if (!stopped) return refused('wrongStage')
  const { best: _, ...run } = stopped
  return run
}

/** A plan whose run has ended without an answer is what it was before. */
export const unsolved = (plan: KeptPlan, now: Instant): KeptPlan => ({
  ...plan,
  status: plan.solvedAt === null ? 'draft' : 'solved',
  updatedAt: now,
})
