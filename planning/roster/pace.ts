import type { Run } from '#planning/anytime.ts'

/** Counts steps and looks at the clock, which decides only where a run ends. */
export interface Pace {
  steps: number
  step(): void
  isOver(): boolean
  seconds(): number
  secondsLeft(): number
}

export function paceOf({ now, limits, isStopped }: Omit<Run, 'onProgress' | 'seed'>): Pace {
  const begun = now()
  const seconds = () => (now() - begun) / 1_000
  const pace: Pace = {
    steps: 0,
    step: () => {
      pace.steps += 1
    },
    isOver: () =>
      pace.steps >= (limits.steps ?? Number.POSITIVE_INFINITY) || seconds() >= limits.seconds || isStopped?.() === true,
    seconds,
    secondsLeft: () => Math.max(0, limits.seconds - seconds()),
  }
  return pace
}
