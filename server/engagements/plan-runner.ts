import { eq } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '#db/connect.ts'
import { plans } from '#db/schema/plans.ts'
import type { PlanPlace, PlanProgress, PlanRun } from '#domain/plan.ts'
import type { PlanExplanation } from '#domain/plan-explanation.ts'
import { ENGINE } from '#domain/ticket-timers.ts'
import type { PlanStart, Solved } from '#planning/assignment/solve.ts'
import type { Clock } from '#server/clock.ts'
import type { Wake } from '#server/serving.ts'
import type { SolverPool } from '#server/solver/pool.ts'
import { keepPlan } from './plan-drafts.ts'
import { type KeptPlan, planForUpdate } from './plan-queries.ts'
import { beat, endRun, unsolved } from './plan-runs.ts'
import { announce } from './record.ts'

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

/** PN3: carries runs out in the solver's threads; what they find is written by whoever asked no more. */
export class PlanRunner {
  readonly #parts: RunnerParts
  readonly #prices = new Map<string, PlanStart['prices']>()
  readonly #explained = new Map<string, Promise<PlanExplanation>>()
  readonly #working = new Set<Promise<void>>()
  #stops = new Set<() => void>()

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /** The result a plan begins from, with its prices while they are known. */
  startOf(plan: KeptPlan): PlanStart | null {
    if (!plan.result) return null
    const prices = this.#prices.get(`${plan.id} ${plan.solvedAt}`)
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
  async try(plan: KeptPlan, problem: NonNullable<KeptPlan['problem']>, seconds: number): Promise<Solved> {
    const job = { problem, start: this.startOf(plan), seed: 1, seconds }
    return this.#parts.pool.solve(job).done
  }

  /** Reckoned once a result. */
  explain({ id, solvedAt, problem, result }: KeptPlan): Promise<PlanExplanation> | null {
    if (!problem || !result) return null
    const key = `${id} ${solvedAt}`
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
    const solved = await this.#watch(run, working, () => news ?? { progress: run.progress, best: null })
    await this.#keep(run, solved)
  }

  async #removals(plan: KeptPlan, run: PlanRun): Promise<void> {
    const start = this.startOf(plan)
    if (!plan.problem || !start) throw new Error(`the plan ${plan.id} has no result`)
    let share = 0
    const job = { problem: plan.problem, start, seed: run.seed, seconds: run.seconds }
    const working = this.#parts.pool.removals(job, (news) => {
      share = news.share
    })
    const removed = await this.#watch(run, working, () => ({ progress: { ...run.progress, share }, best: null }))
    const { db, clock } = this.#parts
    await db.transaction(async (tx) => {
      const now = clock.now()
      if (!(await endRun(tx, run.id, { status: 'done', progress: { ...run.progress, share: 1 }, now }))) return
      const kept = await planForUpdate(tx, run.tenant, run.planId)
      // A result that has changed meanwhile is another question.
      if (kept?.revision === run.revision)
        await tx.update(plans).set({ nMinusOne: removed }).where(eq(plans.id, run.planId))
    })
  }

  /** Beats while the work lasts, and stops it when somebody has asked for that, or the run is no longer ours. */
  async #watch<T>(
    run: PlanRun,
    working: { done: Promise<T>; stop(): void },
    newest: () => { progress: PlanProgress; best: PlanPlace[] | null },
  ): Promise<T> {
    const { db, clock } = this.#parts
    let isBeating = false
    const look = async () => {
      if (isBeating) return
      isBeating = true
      const heard = await beat(db, run.id, { ...newest(), now: clock.now() }).catch(() => null)
      if (heard?.isStopAsked || heard?.isLive === false) working.stop()
      isBeating = false
    }
    const timer = setInterval(() => void look(), BEAT_MS)
    this.#stops.add(working.stop)
    try {
      void look()
      return await working.done
    } finally {
      clearInterval(timer)
      this.#stops.delete(working.stop)
    }
  }

  async #keep(run: PlanRun, solved: Solved): Promise<void> {
    const { db, clock, wake } = this.#parts
    await db.transaction(async (tx) => {
      const now = clock.now()
      const kept = await planForUpdate(tx, run.tenant, run.planId)
      if (!kept) return
      const status = solved.ok ? 'done' : 'failed'
      if (!(await endRun(tx, run.id, { status, now }))) return
      const act = { tenant: run.tenant, actor: run.askedBy, now }
      const plan: KeptPlan = solved.ok
        ? { ...kept, status: 'solved', result: solved.result, nMinusOne: null, solvedAt: now, updatedAt: now }
        : unsolved(kept, now)
      if (solved.ok) keepAtMost(this.#prices, `${plan.id} ${now}`, solved.prices)
      await announce(tx, await keepPlan(tx, { plan, kind: 'solved', told: 'plan:solved' }, act))
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
    if (!(await endRun(tx, run.id, { status, now })) || kept?.status !== 'solving') return
    const act = { tenant: run.tenant, actor: ENGINE, now }
    await announce(tx, await keepPlan(tx, { plan: unsolved(kept, now), kind: status, told: 'plan:changed' }, act))
  })
}

function keepAtMost<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.set(key, value)
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
}
