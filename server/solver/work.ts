import type { MessagePort } from 'node:worker_threads'
import type { PlanPlace, PlanProblem, PlanProgress } from '#domain/plan.ts'
import type { PlanExplanation, ProviderRemoved } from '#domain/plan-explanation.ts'
import type { PolicyAnswer } from '#domain/policy.ts'
import type { RosterEntry, RosterProblem } from '#domain/roster/model.ts'
import type { EmptySlot, PersonRemoved } from '#domain/roster-explained.ts'
import type { StationsAnswer } from '#domain/stations.ts'
import { explainPlan } from '#planning/assignment/explain.ts'
import { removeEach } from '#planning/assignment/n-minus-one.ts'
import { type PlanStart, type Solved, solvePlan } from '#planning/assignment/solve.ts'
import { studyPolicies } from '#planning/policy/study.ts'
import { solveStations } from '#planning/posts/stations.ts'
import { emptySlots as slotsLeftEmpty } from '#planning/roster/empty-slots.ts'
import { removePeople as withoutEach } from '#planning/roster/removals.ts'
import type { RosterNews } from '#planning/roster/search.ts'
import { type RosterAnswer, solveRoster } from '#planning/roster/solve.ts'
import { listener, type PolicyTask, type StationsTask } from './studies.ts'

/** What runs in a solver's thread (server/solver/pool.ts): planners block, and the server must not. */

export interface PlanTask {
  problem: PlanProblem
  start: PlanStart | null
  seed: number
  seconds: number
  /** One number, not 0 = stop and keep the best. */
  stop: SharedArrayBuffer
  /** Where progress is told; null = nobody asks. */
  port: MessagePort | null
}

export interface PlanNews {
  progress: PlanProgress
  /** Only with a plan that is new. */
  places: PlanPlace[] | null
}

const isStopped = (stop: SharedArrayBuffer) => Atomics.load(new Int32Array(stop), 0) !== 0
const now = () => performance.now()

export function solve({ problem, start, seed, seconds, stop, port }: PlanTask): Promise<Solved> {
  const onProgress = (progress: PlanProgress, places: PlanPlace[] | null) =>
    port?.postMessage({ progress, places } satisfies PlanNews)
  const run = { now, seed, limits: { seconds }, isStopped: () => isStopped(stop), onProgress }
  return solvePlan(problem, run, start ?? undefined)
}

export interface ExplainTask {
  problem: PlanProblem
  places: PlanPlace[]
}

export const explain = ({ problem, places }: ExplainTask): PlanExplanation => explainPlan(problem, places)

export interface RemovalTask extends Omit<PlanTask, 'start'> {
  start: PlanStart
}

export interface RemovalNews {
  share: number
  removed: ProviderRemoved[]
}

export function removals({ problem, start, seed, seconds, stop, port }: RemovalTask): Promise<ProviderRemoved[]> {
  const onProgress = (share: number, removed: ProviderRemoved[]) =>
    port?.postMessage({ share, removed } satisfies RemovalNews)
  return removeEach(problem, start, { now, seed, limits: { seconds }, isStopped: () => isStopped(stop), onProgress })
}

export const stations = ({ problem, seed, seconds, ...told }: StationsTask): Promise<StationsAnswer | null> =>
  solveStations(problem, { ...listener(told), seed, seconds })

export const policy = ({ problem, ...told }: PolicyTask): PolicyAnswer => studyPolicies(problem, listener(told))

export interface RosterTask {
  problem: RosterProblem
  start: RosterEntry[]
  seed: number
  seconds: number
  stop: SharedArrayBuffer
  port: MessagePort | null
}

export function roster({ problem, start, seed, seconds, stop, port }: RosterTask): Promise<RosterAnswer> {
  const onNews = (news: RosterNews) => port?.postMessage(news)
  return solveRoster(problem, { now, seed, limits: { seconds }, isStopped: () => isStopped(stop), onNews }, start)
}

export interface JudgedTask {
  problem: RosterProblem
  roster: RosterEntry[]
}

export const emptySlots = ({ problem, roster: entries }: JudgedTask): EmptySlot[] => slotsLeftEmpty(problem, entries)
export const removePeople = ({ problem, roster: entries }: JudgedTask): PersonRemoved[] => withoutEach(problem, entries)
