import type { Instant } from '#domain/instant.ts'

/** The server's one idea of now. Everything that happens because time passes asks this and nothing else. */
export interface Clock {
  now(): Instant
  /** Served seconds in one real second; 1 on a live server. */
  readonly speed: number
  /** Moment the clock was started from, null on a live server. */
  readonly startedFrom: Instant | null
}

export const systemClock: Clock = { now: () => Date.now(), speed: 1, startedFrom: null }

/** Runs from `from` at `speed` × real speed: what a server started for a replay lives by. */
export function runningClock(from: Instant, speed: number): Clock {
  const startedAt = performance.now()
  return { now: () => Math.round(from + (performance.now() - startedAt) * speed), speed, startedFrom: from }
}

export interface MovableClock extends Clock {
  advance(ms: number): void
  set(now: Instant): void
}

/** Stands still until moved: for tests, which fast-forward and never sleep. */
export function movableClock(from: Instant): MovableClock {
  let now = from
  return {
    now: () => now,
    speed: 1,
    startedFrom: from,
    advance: (ms) => {
      now += ms
    },
    set: (to) => {
      now = to
    },
  }
}
