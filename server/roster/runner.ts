import type { Logger } from 'pino'
import type { Db } from '#db/connect.ts'
import type { RosterProgress, RosterRun } from '#domain/duty-roster.ts'
import { SECOND_MS } from '#domain/instant.ts'
import { gapOf } from '#planning/anytime.ts'
import type { RosterNews } from '#planning/roster/search.ts'
import type { Clock } from '#server/clock.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { Wake } from '#server/serving.ts'
import type { RosterJob, SolverPool } from '#server/solver/pool.ts'
import { beat, endRun, silentRuns } from './runs.ts'

export interface RunnerParts {
  db: Db
  clock: Clock
  pool: SolverPool
  wake: Wake
  log: Logger
}

/** Progress is written, and a wish to stop heard, so often while a run lasts. */
const BEAT_MS = 400

/** RP12: carries runs out in the solver's threads. What they find is kept with the run; no roster is written. */
export class RosterRunner {
  readonly #parts: RunnerParts
  readonly #working = new Set<Promise<void>>()
  readonly #stops = new Set<() => void>()

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  begin(run: RosterRun, job: RosterJob): void {
    const { db, clock, log, wake } = this.#parts
    const working = this.#solve(run, job).catch(async (error) => {
      log.error({ run: run.id, err: error }, 'a roster run failed')
      await endRun(db, run.id, { status: 'failed', now: clock.now() }).catch(() => false)
      wake(run.tenant)
    })
    this.#working.add(working)
    void working.finally(() => this.#working.delete(working))
  }

  /** Runs end with their best so far, as if somebody had stopped them. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop()
    await Promise.allSettled(this.#working)
  }

  async #solve(run: RosterRun, job: RosterJob): Promise<void> {
    const { db, clock, pool, wake } = this.#parts
    let news: RosterNews | null = null
    const working = pool.roster(job, (heard) => {
      news = { ...heard, entries: heard.entries ?? news?.entries ?? null }
    })
    let isStopped = false
    const stop = () => {
      isStopped = true
      working.stop()
    }
    let isBeating = false
    const look = async () => {
      if (isBeating) return
      isBeating = true
      const best = news?.entries ?? null
      const progress = news ? progressOf(news) : run.progress
      const heard = await beat(db, run.id, { progress, best, now: clock.now() }).catch(() => null)
      if (heard?.isStopAsked || heard?.isLive === false) stop()
      isBeating = false
    }
    const timer = setInterval(() => void look(), BEAT_MS)
    this.#stops.add(stop)
    try {
      void look()
      const { entries, ...found } = await working.done
      const progress = progressOf({ ...found, phase: 'search' })
      const ended = { status: isStopped ? 'stopped' : 'done', progress, best: entries, now: clock.now() } as const
      await endRun(db, run.id, ended)
      wake(run.tenant)
    } finally {
      clearInterval(timer)
      this.#stops.delete(stop)
    }
  }
}

const progressOf = ({ seconds, steps, phase, breaks, points, bound }: Omit<RosterNews, 'entries'>): RosterProgress => ({
  ...{ seconds, steps, phase, breaks, points, bound },
  gap: gapOf(points, bound),
})

/** A run beats twice a second of real time; silent for so long, nobody works at it any more. */
const SILENT_MS = 30 * SECOND_MS

/** RP12: runs of a server that was killed end as lost, with the best they had. */
export const lostRosterRuns = ({ speed }: Clock, wake: Wake): Duty => ({
  name: 'lostRosterRuns',
  everyMs: 5 * SECOND_MS,
  run: async (db, now) => {
    for (const run of await silentRuns(db, now - SILENT_MS * speed)) {
      await endRun(db, run.id, { status: 'lost', now })
      wake(run.tenant)
    }
    return 0
  },
})
