import type { FeedEvent, FeedRange } from '#domain/feed.ts'
import type { FeedSnapshot } from '#wire/routes/feed.ts'

/** Where a console stands: everything up to and including `at` of this `epoch` has been applied. */
export interface Place {
  epoch: string
  at: number
}

export type Judged =
  | { do: 'apply'; events: FeedEvent[]; at: number }
  | { do: 'ignore' }
  | { do: 'refetch' }
  | { do: 'snapshot' }

/** DK1: a range is applied only where it joins what has been applied; what it repeats is dropped, what is missing is fetched. */
export function judgeRange(place: Place, range: FeedRange): Judged {
  if (range.epoch !== place.epoch) return { do: 'snapshot' }
  if (range.to <= place.at) return { do: 'ignore' }
  if (range.from > place.at + 1) return { do: 'refetch' }
  return { do: 'apply', events: range.events.filter((event) => event.seq > place.at), at: range.to }
}

/** How the follower asks the server. null = no answer now: it asks again after a wait. */
export interface FeedSource {
  snapshot(): Promise<FeedSnapshot | null>
  since(place: Place): Promise<FeedRange | 'historyLost' | null>
  /** Resolves when the next try may start; `tries` = how many have failed in a row. */
  wait(tries: number): Promise<void>
}

/** Where the state goes. `reset` replaces everything, `apply` adds events in order. */
export interface FeedSink {
  reset(snapshot: FeedSnapshot): void
  apply(events: readonly FeedEvent[]): void
  /** Anything in `place`, `phase` or `counts` is new. */
  moved(): void
}

export type FeedPhase = 'starting' | 'following' | 'catchingUp'

/** Ranges kept while a refetch is under way; beyond it the refetch brings them anyway. */
const HELD_AT_MOST = 500

/**
 * Follows one tenant's feed (P2): a snapshot, then contiguous ranges; a hole is refetched, a lost history begins again
 * with a snapshot. Frames pushed by the socket are only the fast path: the heartbeat alone would do.
 */
export class FeedFollower {
  readonly counts = { ranges: 0, repeats: 0, gaps: 0, refetches: 0, snapshots: 0 }
  #source: FeedSource
  #sink: FeedSink
  #place: Place | null = null
  #need: 'snapshot' | 'refetch' | null = null
  #held: FeedRange[] = []
  #isWorking = false
  #isStopped = false
  /** Where we stood at the last heartbeat that was ahead of us. */
  #behindAt: number | null = null

  constructor(source: FeedSource, sink: FeedSink) {
    this.#source = source
    this.#sink = sink
  }

  get place(): Place | null {
    return this.#place
  }

  get phase(): FeedPhase {
    if (!this.#place) return 'starting'
    return this.#need === null ? 'following' : 'catchingUp'
  }

  start(): Promise<void> {
    return this.resync()
  }

  stop(): void {
    this.#isStopped = true
  }

  /** Begins again with a snapshot: the rights have changed, the history is another. */
  resync(): Promise<void> {
    this.#need = 'snapshot'
    return this.#work()
  }

  /** A range that the socket pushed. */
  receive(range: FeedRange): Promise<void> {
    this.counts.ranges++
    if (!this.#place || this.#need !== null) {
      if (this.#held.length < HELD_AT_MOST) this.#held.push(range)
      return Promise.resolve()
    }
    this.#take(range)
    return this.#work()
  }

  /** DK2: what the server says its last number is. Behind at two heartbeats in a row, without moving, is a lost frame. */
  heartbeat(epoch: string, seq: number): Promise<void> {
    const place = this.#place
    if (!place || this.#need !== null) return Promise.resolve()
    if (epoch !== place.epoch || seq < place.at) return this.resync()
    if (seq === place.at) {
      this.#behindAt = null
      return Promise.resolve()
    }
    if (this.#behindAt !== place.at) {
      this.#behindAt = place.at
      return Promise.resolve()
    }
    this.#behindAt = null
    this.#openGap()
    return this.#work()
  }

  /** The socket is back: whatever was said meanwhile is fetched at once. */
  reconnected(epoch: string, seq: number): Promise<void> {
    if (!this.#place || this.#need !== null) return Promise.resolve()
    if (epoch !== this.#place.epoch) return this.resync()
    if (seq > this.#place.at) this.#need = 'refetch'
    return this.#work()
  }

  #openGap(): void {
    this.counts.gaps++
    this.#need = 'refetch'
  }

  #take(range: FeedRange): void {
    if (!this.#place) return
    const judged = judgeRange(this.#place, range)
    if (judged.do === 'snapshot') this.#need = 'snapshot'
    else if (judged.do === 'ignore') this.counts.repeats++
    else if (judged.do === 'refetch') {
      this.#openGap()
      this.#held.push(range)
    } else {
      this.#place = { epoch: this.#place.epoch, at: judged.at }
      this.#sink.apply(judged.events)
    }
    this.#sink.moved()
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return
    this.#isWorking = true
    let tries = 0
    while (this.#need !== null && !this.#isStopped) {
      this.#sink.moved()
      const done = this.#need === 'snapshot' ? await this.#takeSnapshot() : await this.#refetch()
      tries = done ? 0 : tries + 1
      if (!done && !this.#isStopped) await this.#source.wait(tries)
    }
    this.#isWorking = false
    this.#sink.moved()
  }

  async #takeSnapshot(): Promise<boolean> {
    const snapshot = await this.#source.snapshot()
    if (!snapshot) return false
    this.counts.snapshots++
    this.#place = { epoch: snapshot.epoch, at: snapshot.to }
    this.#need = null
    this.#sink.reset(snapshot)
    this.#releaseHeld()
    return true
  }

  async #refetch(): Promise<boolean> {
    if (!this.#place) return this.#takeSnapshot()
    const range = await this.#source.since(this.#place)
    if (range === null) return false
    this.counts.refetches++
    if (range === 'historyLost') {
      this.#need = 'snapshot'
      return true
    }
    this.#need = null
    this.#take(range)
    this.#releaseHeld()
    return true
  }

  #releaseHeld(): void {
    const held = this.#held.sort((a, b) => a.from - b.from)
    this.#held = []
    for (const range of held) {
      if (this.#need === null) this.#take(range)
      else if (this.#held.length < HELD_AT_MOST) this.#held.push(range)
    }
  }
}
