import type { Run } from '#planning/anytime.ts'

/** How far a run has come: when it must stop, and what it tells meanwhile. */
export class Pace {
  readonly #run: Run
  readonly #startedAt: number
  #steps = 0
  objective: number | null = null
  bound = Number.NEGATIVE_INFINITY
  phase = ''

  constructor(run: Run) {
    this.#run = run
    this.#startedAt = run.now()
  }

  get seconds(): number {
    return (this.#run.now() - this.#startedAt) / 1000
  }

  get secondsLeft(): number {
    return Math.max(0, this.#run.limits.seconds - this.seconds)
  }

  get isOver(): boolean {
    const { limits } = this.#run
    return (
      this.#steps >= (limits.steps ?? Number.POSITIVE_INFINITY) ||
      this.secondsLeft <= 0 ||
      this.#run.isStopped?.() === true
    )
  }

  /** One unit of work is done. */
  step(): void {
    this.#steps++
    const { objective, bound, phase, seconds } = this
    this.#run.onProgress?.({ seconds, steps: this.#steps, objective, bound, phase })
  }
}
