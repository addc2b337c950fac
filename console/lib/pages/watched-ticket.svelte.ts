import { call, type Refusal } from '#console/lib/api.ts'
import { serverTime } from '#console/lib/server-time.svelte.ts'
import type { Instant } from '#domain/instant.ts'
import { type ResidentTicket, residentTicket } from '#wire/routes/resident.ts'

/** While somebody may be on the way, ten seconds old is old enough; afterwards nothing moves. */
const LIVE_EVERY_MS = 10_000
const QUIET_EVERY_MS = 60_000
/** After this long without an answer the page says so: it must not look like calm. */
export const STALE_AFTER_MS = 30_000

/**
 * One ticket behind its link, asked again and again while the page is seen. The link has no account, so it has no socket;
 * a hidden page asks nothing.
 */
export class WatchedTicket {
  #ticket: ResidentTicket | null = $state.raw(null)
  #refusal: Refusal | null = $state.raw(null)
  #readAt: Instant | null = $state(null)
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #token: string

  constructor(token: string) {
    this.#token = token
  }

  get ticket(): ResidentTicket | null {
    return this.#ticket
  }

  get refusal(): Refusal | null {
    return this.#refusal
  }

  /** Server's moment of the state that is shown. */
  get readAt(): Instant | null {
    return this.#readAt
  }

  /** Starts asking; call the answer to stop. */
  begin(): () => void {
    const look = () => document.visibilityState === 'visible' && void this.read()
    document.addEventListener('visibilitychange', look)
    window.addEventListener('online', look)
    void this.read()
    return () => {
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener('online', look)
      if (this.#timer) clearTimeout(this.#timer)
    }
  }

  /** A state learned in another way (the answer to a rating). */
  show(ticket: ResidentTicket): void {
    this.#ticket = ticket
    this.#readAt = ticket.now
    this.#refusal = null
    serverTime.learn(ticket.now)
  }

  async read(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    const told = await call(residentTicket, { params: { token: this.#token } })
    if (told.ok) this.show(told.answer)
    else this.#refusal = told
    const quiet = this.#ticket !== null && ['closed', 'cancelled', 'not_admitted'].includes(this.#ticket.status)
    if (document.visibilityState === 'visible') {
      this.#timer = setTimeout(() => void this.read(), told.ok && quiet ? QUIET_EVERY_MS : LIVE_EVERY_MS)
    }
  }
}
