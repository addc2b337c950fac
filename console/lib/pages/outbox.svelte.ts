import { newKey } from '#console/lib/api.ts'
import {
  isWaiting,
  nextToSend,
  type Outcome,
  type Queued,
  type Refusal,
  settle,
  type Verb,
  waitingOf,
  waitMs,
} from './outbox.ts'
import type { QueueStore } from './sealed-store.ts'

/** What the outbox needs of the world; a test gives its own. */
export interface OutboxWorld {
  store: QueueStore
  /** Account whose actions these are: another one on the same phone neither sees nor sends them. */
  owner: string
  send(entry: Queued): Promise<Outcome>
  now(): number
  /** 0..1 */
  random(): number
}

/** The live queue of waiting actions: sends the oldest, waits longer after each failure, wakes when the network comes back. */
export class Outbox {
  #queue: Queued[] = $state.raw([])
  #refusals: Refusal[] = $state.raw([])
  #needsSignIn = $state(false)
  #stuckSince: number | null = $state(null)
  #sending = false
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #world: OutboxWorld

  constructor(world: OutboxWorld) {
    this.#world = world
  }

  get queue(): readonly Queued[] {
    return this.#queue
  }

  /** Actions the server has refused and the person has not read yet. */
  get refusals(): readonly Refusal[] {
    return this.#refusals
  }

  get needsSignIn(): boolean {
    return this.#needsSignIn
  }

  /** Since when nothing has gone through; null while all is well. */
  get stuckSince(): number | null {
    return this.#stuckSince
  }

  get durable(): boolean {
    return this.#world.store.durable
  }

  waiting(line: string): Verb[] {
    return waitingOf(this.#queue, line)
  }

  /** Takes up what an earlier page left behind, and listens for the network; call the answer to stop. */
  async begin(): Promise<() => void> {
    const kept = await this.#world.store.all(this.#world.owner)
    this.#queue = [...kept, ...this.#queue]
    const wake = () => this.sendNow()
    window.addEventListener('online', wake)
    void this.#pump()
    return () => {
      window.removeEventListener('online', wake)
      if (this.#timer) clearTimeout(this.#timer)
    }
  }

  async put(
    verb: Verb,
    line: string,
    ticketId: string | null,
    body: Record<string, unknown>,
    photo: Blob | null = null,
  ): Promise<void> {
    if (isWaiting(this.#queue, line, verb, body)) return
    const entry: Queued = { key: newKey(), verb, line, ticketId, at: this.#world.now(), body, photo, tries: 0 }
    this.#queue = [...this.#queue, entry]
    await this.#world.store.put(this.#world.owner, entry).catch(() => undefined)
    void this.#pump()
  }

  /** Tries at once, whatever the back-off says: the network came back, or the person pressed "send now". */
  sendNow(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#needsSignIn = false
    void this.#pump()
  }

  dismiss(key: string): void {
    this.#refusals = this.#refusals.filter((refusal) => refusal.key !== key)
  }

  async #pump(): Promise<void> {
    const entry = nextToSend(this.#queue)
    if (this.#sending || this.#timer || this.#needsSignIn || !entry) return
    this.#sending = true
    const outcome = await this.#world.send(entry)
    this.#sending = false
    await this.#take(entry, outcome)
    void this.#pump()
  }

  async #take(entry: Queued, outcome: Outcome): Promise<void> {
    const before = this.#queue
    const { queue, refusals } = settle(before, entry, outcome, this.#world.now())
    this.#queue = queue
    this.#refusals = [...this.#refusals, ...refusals]
    if (!outcome.ok && 'retry' in outcome) return this.#wait(entry.tries + 1, outcome)
    this.#stuckSince = null
    if (outcome.ok && outcome.rest) return this.#world.store.put(this.#world.owner, outcome.rest).catch(() => undefined)
    const gone = before.filter((each) => !queue.some((kept) => kept.key === each.key))
    await Promise.all(gone.map((each) => this.#world.store.drop(each.key).catch(() => undefined)))
  }

  #wait(tries: number, outcome: Extract<Outcome, { retry: string }>): void {
    this.#stuckSince ??= this.#world.now()
    if (outcome.retry === 'signIn') {
      this.#needsSignIn = true
      return
    }
    const wait = outcome.afterMs ?? waitMs(tries, this.#world.random())
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#pump()
    }, wait)
  }
}
