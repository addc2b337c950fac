import type { Logger } from 'pino'
import type { Db } from '#db/connect.ts'
import type { PlanPlace, PlanProgress, PlanRun } from '#domain/plan.ts'
import type { PlanExplanation, ProviderRemoved } from '#domain/plan-explanation.ts'
import { ENGINE } from '#domain/ticket-timers.ts'
import type { PlanStart, Solved } from '#planning/assignment/solve.ts'
import type { Clock } from '#server/clock.ts'
import type { Wake } from '#server/serving.ts'
import type { SolverPool } from '#server/solver/pool.ts'
import { keepPlan, planEvent } from './plan-drafts.ts'
import { type KeptPlan, keepRemoved, planForUpdate } from './plan-queries.ts'
import { beat, endRun } from './plan-run-queries.ts'
import { unsolved } from './plan-runs.ts'
import { announce, pending } from './record.ts'

export interface RunnerParts {
  db: Db
  clock: Clock
  pool: SolverPool
  wake: Wake
  log: Logger
}

/** Progress is written, and a wish to stop heard, so often while a run lasts. */
const BEAT_MS = 400
/** Prices and explanations of so many plans are kept at hand; others are reckoned anew. */
const MOST_KEPT = 20

const FAILED = { kind: 'failed', told: 'plan:changed' } as const

/** PN3: carries runs out in the solver's threads; what they find is written by whoever asked no more. */
export class PlanRunner {
  readonly #parts: RunnerParts
  /** By plan: only where a search begins, so those of an earlier result do as well. */
  readonly #prices = new Map<string, PlanStart['prices']>()
  readonly #explained = new Map<string, Promise<PlanExplanation>>()
  /** By reader: who drags on asks about another place, and the answer to the last is wanted no more. */
  readonly #trials = new Map<string, () => void>()
  readonly #working = new Set<Promise<void>>()
  readonly #stops = new Set<() => void>()

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /** The result a plan begins from, with its prices while they are known. */
  startOf(plan: KeptPlan): PlanStart | null {
    if (!plan.result) return null
    const prices = this.#prices.get(plan.id)
    return { places: plan.result.places, ...(prices && { prices }) }
  }

  begin(plan: KeptPlan, run: PlanRun): void {
    const working = (run.kind === 'solve' ? this.#solve(plan, run) : this.#removals(plan, run)).catch(async (error) => {
      this.#parts.log.error({ run: run.id, err: error }, 'a plan run failed')
      await this.#giveUp(run).catch((again) => this.#parts.log.error({ run: run.id, err: again }, 'nor could it end'))
    })
    this.#working.add(working)
    void working.finally(() => this.#working.delete(working))
  }

  /** PN4: what a lock would cost, from the plan as it is; nothing is written. */
  async try(
    reader: string,
    plan: KeptPlan,
    problem: NonNullable<KeptPlan['problem']>,
    seconds: number,
  ): Promise<Solved> {
    this.#trials.get(reader)?.()
    const { done, stop } = this.#parts.pool.solve({ problem, start: this.startOf(plan), seed: 1, seconds })
    this.#trials.set(reader, stop)
    return done.finally(() => this.#trials.get(reader) === stop && this.#trials.delete(reader))
  }

  /** Reckoned once a result. */
  explain({ id, revision, problem, result }: KeptPlan): Promise<PlanExplanation> | null {
    if (!problem || !result) return null
    const key = `${id} ${revision}`
    const known = this.#explained.get(key)
    if (known) return known
    const made = this.#parts.pool.explain(problem, result.places)
    keepAtMost(this.#explained, key, made)
    made.catch(() => this.#explained.delete(key))
    return made
  }

  /** Runs end with their best so far, as if somebody had stopped them. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop()
    await Promise.allSettled(this.#working)
    await this.#parts.pool.close()
  }

  async #solve(plan: KeptPlan, run: PlanRun): Promise<void> {
    if (!plan.problem) throw new Error(`the plan ${plan.id} has no problem`)
    let news: { progress: PlanProgress; best: PlanPlace[] | null } | null = null
    const job = { problem: plan.problem, start: this.startOf(plan), seed: run.seed, seconds: run.seconds }
    const working = this.#parts.pool.solve(job, ({ progress, places }) => {
      news = { progress, best: places ?? news?.best ?? null }
    })
    const { answer, isStopped } = await this.#watch(run, working, () => news ?? { progress: run.progress, best: null })
    await this.#keep(plan, run, answer, isStopped)
  }

  async #removals(plan: KeptPlan, run: PlanRun): Promise<void> {
    const start = this.startOf(plan)
    if (!plan.problem || !start) throw new Error(`the plan ${plan.id} has no result`)
    let share = 0
    let unwritten: ProviderRemoved[] | null = null
    const job = { problem: plan.problem, start, seed: run.seed, seconds: run.seconds }
    const working = this.#parts.pool.removals(job, (news) => {
      share = news.share
      unwritten = news.removed
    })
    const newest = () => ({ progress: { ...run.progress, share }, best: null })
    const { db } = this.#parts
    const { answer, isStopped } = await this.#watch(run, working, newest, async () => {
      const removed = unwritten
      unwritten = null
      if (removed) await keepRemoved(db, plan, removed)
    })
    await this.#endRemovals(plan, run, { answer, isStopped, share })
  }

  async #endRemovals(
    plan: KeptPlan,
    run: PlanRun,
    { answer, isStopped, share }: { answer: ProviderRemoved[]; isStopped: boolean; share: number },
  ): Promise<void> {
    const { db, clock, wake } = this.#parts
    await db.transaction(async (tx) => {
      const now = clock.now()
      const kept = await planForUpdate(tx, run.tenant, run.planId)
      const status = isStopped ? 'stopped' : 'done'
      const progress = { ...run.progress, share: isStopped ? share : 1 }
      if (!(await endRun(tx, run.id, { status, progress, now })) || !kept) return
      await keepRemoved(tx, plan, answer)
      // Whoever has the plan open and waits reads what is known now.
      await announce(tx, pending({ events: [planEvent(kept, 'plan:changed', { actor: run.askedBy, now })] }))
    })
    wake(run.tenant)
  }

  /** Beats while the work lasts, and stops it when somebody has asked for that, or the run is no longer ours. */
  async #watch<T>(
    run: PlanRun,
    working: { done: Promise<T>; stop(): void },
    newest: () => { progress: PlanProgress; best: PlanPlace[] | null },
    onBeat: () => Promise<void> = async () => {},
  ): Promise<{ answer: T; isStopped: boolean }> {
    const { db, clock } = this.#parts
    let isBeating = false
    let isStopped = false
    const stop = () => {
      isStopped = true
      working.stop()
    }
    const look = async () => {
      if (isBeating) return
      isBeating = true
      const heard = await beat(db, run.id, { ...newest(), now: clock.now() }).catch(() => null)
      if (heard?.isStopAsked || heard?.isLive === false) stop()
      if (heard?.isLive) await onBeat().catch(() => undefined)
      isBeating = false
    }
    const timer = setInterval(() => void look(), BEAT_MS)
    this.#stops.add(stop)
    try {
      void look()
      const answer = await working.done
      return { answer, isStopped }
    } finally {
      clearInterval(timer)
      this.#stops.delete(stop)
    }
  }

  async #keep(asked: KeptPlan, run: PlanRun, solved: Solved, isStopped: boolean): Promise<void> {
    const { db, clock, wake } = this.#parts
    await db.transaction(async (tx) => {
      const now = clock.now()
      const kept = await planForUpdate(tx, run.tenant, run.planId)
      if (!kept) return
      const status = solved.ok ? (isStopped ? 'stopped' : 'done') : 'failed'
      if (!(await endRun(tx, run.id, { status, now }))) return
      const act = { tenant: run.tenant, actor: run.askedBy, now }
      const plan: KeptPlan = solved.ok
        ? {
            ...kept,
            problem: asked.problem,
            basis: asked.basis,
            status: 'solved',
            revision: kept.revision + 1,
            result: solved.result,
            nMinusOne: null,
            solvedAt: now,
            updatedAt: now,
          }
        : unsolved(kept, now)
      if (solved.ok) keepAtMost(this.#prices, plan.id, solved.prices)
      const done = solved.ok ? ({ kind: 'solved', told: 'plan:solved' } as const) : FAILED
      await announce(tx, await keepPlan(tx, { plan, ...done }, act))
    })
    wake(run.tenant)
  }

  async #giveUp(run: PlanRun): Promise<void> {
    await endLost(this.#parts.db, run, 'failed', this.#parts.clock.now())
    this.#parts.wake(run.tenant)
  }
}

/** A run nobody works at any more: its plan is what it was before. */
export async function endLost(
  db: Db,
  run: Pick<PlanRun, 'id' | 'planId' | 'tenant'>,
  status: 'failed' | 'lost',
  now: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    const kept = await planForUpdate(tx, run.tenant, run.planId)
    if (!(await endRun(tx, run.id, { status, now })) || !kept) return
    const act = { tenant: run.tenant, actor: ENGINE, now }
    const told =
      kept.status === 'solving'
        ? await keepPlan(tx, { plan: unsolved(kept, now), kind: status, told: 'plan:changed' }, act)
        : pending({ events: [planEvent(kept, 'plan:changed', act)] })
    await announce(tx, told)
  })
}

function keepAtMost<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.set(key, value)
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
}
