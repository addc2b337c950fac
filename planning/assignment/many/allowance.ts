import type { ManyRun } from './answer.ts'

/** What a run may still use of its steps and seconds. */
export class Allowance {
  steps = 0
  readonly #run: ManyRun
  readonly #begun: number

  constructor(run: ManyRun) {
    this.#run = run
    this.#begun = run.now()
  }

  isOver(): boolean {
    return this.steps >= (this.#run.limits.steps ?? Number.POSITIVE_INFINITY) || this.secondsLeft() <= 0
  }

  secondsUsed(): number {
    return (this.#run.now() - this.#begun) / 1_000
  }

  /** None once it is asked to stop. */
  secondsLeft(): number {
    return this.#run.isStopped?.() ? 0 : this.#run.limits.seconds - this.secondsUsed()
  }
}
