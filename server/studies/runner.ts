import type { Logger } from 'pino'
import type { Db } from '#db/connect.ts'
import { SECOND_MS } from '#domain/instant.ts'
import type { Study, StudyProgress } from '#domain/study.ts'
import type { PolicyProblem } from '#planning/policy/study.ts'
import type { StationsProblem } from '#planning/posts/stations.ts'
import type { Clock } from '#server/clock.ts'
import type { Duty } from '#server/engine/duty.ts'
import type { SolverPool, Working } from '#server/solver/pool.ts'
import type { StudyNews } from '#server/solver/studies.ts'
import { beat, endStudy, silentStudies } from './queries.ts'

export interface StudyParts {
  db: Db
  clock: Clock
  pool: SolverPool
  log: Logger
}

/** Progress is written, and a wish to stop heard, so often while a study lasts. */
const BEAT_MS = 400

/** ST2: carries studies out in the solver's threads; what they find is kept in their rows. */
export class StudyRunner {
  readonly #parts: StudyParts
  readonly #working = new Set<Promise<void>>()
  readonly #stops = new Set<() => void>()

  constructor(parts: StudyParts) {
    this.#parts = parts
  }

  stations({ id, seed, seconds, progress }: Study, problem: StationsProblem): void {
    this.#begin(id, progress, (onNews) => this.#parts.pool.stations({ problem, seed, seconds }, onNews))
  }

  policy({ id, progress }: Study, problem: PolicyProblem): void {
    this.#begin(id, progress, (onNews) => this.#parts.pool.policy(problem, onNews))
  }

  /** Studies end with their best so far, as if somebody had stopped them. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop()
    await Promise.allSettled(this.#working)
  }

  #begin(id: string, progress: StudyProgress, start: (onNews: (news: StudyNews) => void) => Working<Study['answer']>) {
    const { db, clock, log } = this.#parts
    const working = this.#carry(id, progress, start).catch(async (error) => {
      log.error({ study: id, err: error }, 'a study failed')
      await endStudy(db, id, { status: 'failed', now: clock.now() }).catch(() => undefined)
    })
    this.#working.add(working)
    void working.finally(() => this.#working.delete(working))
  }

  async #carry(
    id: string,
    progress: StudyProgress,
    start: (onNews: (news: StudyNews) => void) => Working<Study['answer']>,
  ): Promise<void> {
    const { db, clock } = this.#parts
    let newest: StudyNews = { progress, answer: null }
    let [isBeating, isStopped] = [false, false]
    const work = start(({ progress, answer }) => {
      newest = { progress, answer: answer ?? newest.answer }
    })
    const stop = () => {
      isStopped = true
      work.stop()
    }
    const look = async () => {
      if (isBeating) return
      isBeating = true
      const heard = await beat(db, id, { ...newest, now: clock.now() }).catch(() => null)
      if (heard?.shallStop) stop()
      isBeating = false
    }
    const timer = setInterval(() => void look(), BEAT_MS)
    this.#stops.add(stop)
    try {
      void look()
      const answer = await work.done
      const status = answer ? (isStopped ? 'stopped' : 'done') : 'failed'
      await endStudy(db, id, { status, answer, progress: { ...newest.progress, share: 1 }, now: clock.now() })
    } finally {
      clearInterval(timer)
      this.#stops.delete(stop)
    }
  }
}

/** It beats twice a second of real time; silent for so long, nobody works at it any more. */
const SILENT_MS = 30 * SECOND_MS

/** ST2: studies of a server that was killed end as lost. */
export const lostStudies = ({ speed }: Clock): Duty => ({
  name: 'lostStudies',
  everyMs: 5 * SECOND_MS,
  run: async (db, now) => {
    for (const { id } of await silentStudies(db, now - SILENT_MS * speed))
      await endStudy(db, id, { status: 'lost', now })
    return 0
  },
})
