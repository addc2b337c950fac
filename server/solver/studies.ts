import type { MessagePort } from 'node:worker_threads'
import type { Study, StudyProgress } from '#domain/study.ts'
import type { PolicyProblem } from '#planning/policy/study.ts'
import type { StationsProblem } from '#planning/posts/stations.ts'

/** How a study is told to whoever waits for it. */
export interface StudyNews {
  progress: StudyProgress
  /** The best so far, when it is new. */
  answer: Study['answer']
}

/** One number, not 0 = stop and keep the best; and where progress is told. */
interface Told {
  stop: SharedArrayBuffer
  port: MessagePort
}

export interface StationsTask extends Told {
  problem: StationsProblem
  seed: number
  seconds: number
}

export interface PolicyTask extends Told {
  problem: PolicyProblem
}

/** More often than this nobody reads it. */
const NEWS_EVERY_MS = 200

/** What a planner in a thread asks of the world, and tells it. */
export function listener({ stop, port }: Told) {
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    now: () => performance.now(),
    isStopped: () => Atomics.load(new Int32Array(stop), 0) !== 0,
    onNews: (progress: StudyProgress, answer: Study['answer']) => {
      if (answer === null && performance.now() - toldAt < NEWS_EVERY_MS) return
      toldAt = performance.now()
      port.postMessage({ progress, answer } satisfies StudyNews)
    },
  }
}
