import { availableParallelism } from 'node:os'
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { PlanPlace, PlanProblem } from '#domain/plan.ts'
import type { PlanExplanation, ProviderRemoved } from '#domain/plan-explanation.ts'
import type { RosterEntry, RosterProblem } from '#domain/roster/model.ts'
import type { EmptySlot, PersonRemoved } from '#domain/roster-explained.ts'
import type { Study } from '#domain/study.ts'
import type { PlanStart, Solved } from '#planning/assignment/solve.ts'
import type { PolicyProblem } from '#planning/policy/study.ts'
import type { RosterNews } from '#planning/roster/search.ts'
import type { RosterAnswer } from '#planning/roster/solve.ts'
import type { PolicyTask, StationsTask, StudyNews } from './studies.ts'
import type { ExplainTask, JudgedTask, PlanNews, PlanTask, RemovalNews, RemovalTask } from './work.ts'

/** A planner at work: what it has in the end, and how to make it end now with its best. */
export interface Working<T> {
  done: Promise<T>
  stop(): void
}

export interface PlanJob {
  problem: PlanProblem
  start: PlanStart | null
  seed: number
  seconds: number
}

export interface RosterJob {
  problem: RosterProblem
  start: RosterEntry[]
  seed: number
  seconds: number
}

/** Threads in which planners work. Made when first needed: a server that plans nothing has none. */
export interface SolverPool {
  solve(job: PlanJob, onNews?: (news: PlanNews) => void): Working<Solved>
  explain(problem: PlanProblem, places: PlanPlace[]): Promise<PlanExplanation>
  removals(job: PlanJob & { start: PlanStart }, onNews: (news: RemovalNews) => void): Working<ProviderRemoved[]>
  stations(job: Omit<StationsTask, 'stop' | 'port'>, onNews: (news: StudyNews) => void): Working<Study['answer']>
  policy(problem: PolicyProblem, onNews: (news: StudyNews) => void): Working<Study['answer']>
  roster(job: RosterJob, onNews: (news: RosterNews) => void): Working<RosterAnswer>
  emptySlots(problem: RosterProblem, roster: RosterEntry[]): Promise<EmptySlot[]>
  removePeople(problem: RosterProblem, roster: RosterEntry[]): Promise<PersonRemoved[]>
  close(): Promise<void>
}

type RunOptions = NonNullable<Parameters<Piscina['run']>[1]>

/** One processor is left to the server itself. */
const THREADS = Math.max(1, availableParallelism() - 1)
/** A thread that has nothing to do gives its memory back. */
const IDLE_MS = 30_000

export function openSolverPool(): SolverPool {
  let piscina: Piscina | null = null
  const threads = () => {
    piscina ??= new Piscina({
      filename: new URL('./work.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: THREADS,
      idleTimeout: IDLE_MS,
    })
    return piscina
  }

  function work<T, News, Task extends object = Omit<PlanTask, 'stop' | 'port'>>(
    name: string,
    task: Task,
    onNews: (news: News) => void,
  ): Working<T> {
    const stop = new SharedArrayBuffer(4)
    const { port1, port2 } = new MessageChannel()
    port1.on('message', onNews)
    const full = { ...task, stop, port: port2 }
    // It takes the list; its types know only the newest form of it.
    const transferList = [port2] as unknown as RunOptions['transferList']
    const done = threads().run(full, { name, transferList }) as Promise<T>
    return {
      done: done.finally(() => port1.close()),
      stop: () => Atomics.store(new Int32Array(stop), 0, 1),
    }
  }

  return {
    solve: (job, onNews = () => undefined) => work<Solved, PlanNews>('solve', job, onNews),
    explain: (problem, places) =>
      threads().run({ problem, places } satisfies ExplainTask, { name: 'explain' }) as Promise<PlanExplanation>,
    removals: (job, onNews) =>
      work<ProviderRemoved[], RemovalNews>('removals', job satisfies Omit<RemovalTask, 'stop' | 'port'>, onNews),
    stations: (job, onNews) => work<Study['answer'], StudyNews, typeof job>('stations', job, onNews),
    policy: (problem, onNews) =>
      work<Study['answer'], StudyNews, Omit<PolicyTask, 'stop' | 'port'>>('policy', { problem }, onNews),
    roster: (job, onNews) => work<RosterAnswer, RosterNews, RosterJob>('roster', job, onNews),
    emptySlots: (problem, roster) =>
      threads().run({ problem, roster } satisfies JudgedTask, { name: 'emptySlots' }) as Promise<EmptySlot[]>,
    removePeople: (problem, roster) =>
      threads().run({ problem, roster } satisfies JudgedTask, { name: 'removePeople' }) as Promise<PersonRemoved[]>,
    async close() {
      await piscina?.destroy()
      piscina = null
    },
  }
}
