import type { Instant } from '#domain/instant.ts'

/** Real time between two redraws of clocks that count. */
const TICK_MS = 1_000

/**
 * The server's now, continued between its heartbeats: the console's own clock may be wrong, and a server started for a
 * replay runs at a speed of its own. Everything on the page that counts down reads `now`.
 */
class ServerTime {
  #base: Instant = Date.now()
  #learnedAt = performance.now()
  #learnedAtByClock = Date.now()
  #speed = 1
  #now: Instant = $state(Date.now())

  constructor() {
    setInterval(() => this.#tick(), TICK_MS)
  }

  /** Ticks once a second; a text that reads it counts. */
  get now(): Instant {
    return this.#now
  }

  /** Between the ticks too, and without making the reader follow the clock. */
  exact(): Instant {
    // The one clock stands still while the device sleeps, the other may be set back: the larger has missed nothing.
    const passedMs = Math.max(performance.now() - this.#learnedAt, Date.now() - this.#learnedAtByClock)
    return Math.round(this.#base + passedMs * this.#speed)
  }

  learn(now: Instant, speed: number = this.#speed): void {
    this.#base = now
    this.#learnedAt = performance.now()
    this.#learnedAtByClock = Date.now()
    this.#speed = speed
    // A jump (another clock, a laptop that slept) shows at once; the ordinary drift of a heartbeat waits for the tick.
    if (Math.abs(this.#now - now) > 2 * TICK_MS * this.#speed) this.#tick()
  }

  #tick(): void {
    this.#now = this.exact()
  }
}

export const serverTime = new ServerTime()
