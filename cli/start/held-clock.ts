import type { Instant } from '#domain/instant.ts'
import { type Clock, runningClock } from '#server/clock.ts'

export interface HeldClock extends Clock {
  release(): void
}

/** A replay's clock: stands at its first moment until the doors are open, so that no served minute passes while nobody could come in. */
export function heldClock(from: Instant, speed: number): HeldClock {
  let running: Clock | null = null
  return {
    now: () => running?.now() ?? from,
    speed,
    startedFrom: from,
    release: () => {
      running ??= runningClock(from, speed)
    },
  }
}
