import type { Instant } from '#domain/instant.ts'

/** What makes things happen again and again. Real time on a server, by hand in a test. */
export interface Ticker {
  /** Answers what stops it. */
  every(ms: number, beat: () => void): () => void
}

export const realTicker: Ticker = {
  every(ms, beat) {
    const timer = setInterval(beat, ms)
    return () => clearInterval(timer)
  },
}

export interface HandTicker extends Ticker {
  /** Lets so much time pass: every beat that falls into it happens, in order. */
  pass(ms: number): void
}

interface Beat {
  ms: number
  due: Instant
  beat: () => void
}

export function handTicker(): HandTicker {
  const beats = new Set<Beat>()
  let now = 0
  const next = (until: Instant) => {
    let first: Beat | null = null
    for (const each of beats) if (each.due <= until && (!first || each.due < first.due)) first = each
    return first
  }
  return {
    every(ms, beat) {
      const entry = { ms, due: now + ms, beat }
      beats.add(entry)
      return () => beats.delete(entry)
    },
    pass(ms) {
      const until = now + ms
      for (let entry = next(until); entry; entry = next(until)) {
        now = entry.due
        entry.due += entry.ms
        entry.beat()
      }
      now = until
    },
  }
}
