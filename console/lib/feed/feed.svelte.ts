import { call } from '#console/lib/api.ts'
import { link } from '#console/lib/link.svelte.ts'
import type { Alarm } from '#domain/alarm.ts'
import type { CommunityCase } from '#domain/community.ts'
import type { Dispatch } from '#domain/dispatch.ts'
import type { RosterHead } from '#domain/duty-roster.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { FeedState } from '#domain/feed.ts'
import type { PoolEntry } from '#domain/pool.ts'
import type { Selection } from '#domain/selection.ts'
import type { LogEntry, Ticket } from '#domain/ticket.ts'
import type { Firm, Unit } from '#domain/units.ts'
import { feedSince, feedSnapshot } from '#wire/routes/feed.ts'
import { Board } from './board.ts'
import { FeedFollower, type FeedPhase, type FeedSource } from './follow.ts'
import { type LinkState, linkState } from './truth.ts'

/** Cap first, jitter after: consoles that fail together must not come back together. */
const waitMs = (tries: number) => Math.min(500 * 2 ** (tries - 1), 8_000) * (0.5 + Math.random())

const DUTY_PARTS: ReadonlySet<keyof FeedState> = new Set<keyof FeedState>([
  'shifts',
  'covers',
  'swaps',
  'handOvers',
  'notices',
])

const source: FeedSource = {
  async snapshot() {
    const told = await call(feedSnapshot, {})
    return told.ok ? told.answer : null
  },
  async since({ epoch, at }) {
    const told = await call(feedSince, { query: { since: at, epoch } })
    if (told.ok) return told.answer
    return told.why === 'historyLost' ? 'historyLost' : null
  },
  wait: (tries) => new Promise((resolve) => setTimeout(resolve, waitMs(tries))),
}

/** The room as this console sees it: one Board, one version counter a kind of thing, and how far the feed has come. */
class Feed {
  #board = new Board()
  #ticketVersion = $state(0)
  #dispatchVersion = $state(0)
  #unitVersion = $state(0)
  #alarmVersion = $state(0)
  #logVersion = $state(0)
  #reachVersion = $state(0)
  #emergencyVersion = $state(0)
  #planVersion = $state(0)
  #rosterVersion = $state(0)
  #dutyVersion = $state(0)
  #seq: number | null = $state(null)
  #phase: FeedPhase = $state('starting')
  #gaps = $state(0)
  #snapshots = $state(0)

  get tickets(): ReadonlyMap<string, Ticket> {
    this.#ticketVersion
    return this.#board.tickets
  }

  get dispatches(): ReadonlyMap<string, Dispatch> {
    this.#dispatchVersion
    return this.#board.dispatches
  }

  get units(): ReadonlyMap<string, Unit> {
    this.#unitVersion
    return this.#board.units
  }

  get firms(): ReadonlyMap<string, Firm> {
    this.#unitVersion
    return this.#board.firms
  }

  get openAlarms(): Alarm[] {
    this.#alarmVersion
    return this.#board.openAlarms()
  }

  /** Communities in trouble, by community. */
  get cases(): ReadonlyMap<string, CommunityCase> {
    this.#emergencyVersion
    return this.#board.cases
  }

  /** The pool of emergency providers, by firm. */
  get pool(): ReadonlyMap<string, PoolEntry> {
    this.#emergencyVersion
    return this.#board.pool
  }

  get engagements(): ReadonlyMap<string, Engagement> {
    this.#emergencyVersion
    return this.#board.engagements
  }

  get selections(): ReadonlyMap<string, Selection> {
    this.#emergencyVersion
    return this.#board.selections
  }

  /** Counts up whenever a plan has changed: whoever shows plans reads them again. */
  get planChanges(): number {
    return this.#planVersion
  }

  /** Rosters told since the page opened: whoever shows one reads it again when it has moved on. */
  get rosters(): ReadonlyMap<string, RosterHead> {
    this.#rosterVersion
    return this.#board.rosters
  }

  /** Counts up whenever a roster has changed. */
  get rosterChanges(): number {
    return this.#rosterVersion
  }

  /** Counts up with shifts, covers, swaps, hand-overs and notices. */
  get dutyChanges(): number {
    return this.#dutyVersion
  }

  /** Counts up with everything that concerns communities, the pool and engagements. */
  get emergencyChanges(): number {
    return this.#emergencyVersion
  }

  get reachable(): ReadonlySet<string> {
    this.#reachVersion
    return this.#board.reachable
  }

  /** Last number applied. */
  get seq(): number | null {
    return this.#seq
  }

  get phase(): FeedPhase {
    return this.#phase
  }

  get gaps(): number {
    return this.#gaps
  }

  /** Counts up with every snapshot: what was read by other routes is to be read again. */
  get snapshots(): number {
    return this.#snapshots
  }

  get state(): LinkState {
    return linkState({
      isConnected: link.isConnected,
      isOffline: link.isOffline,
      heardAgoMs: link.silentMs,
      feed: this.#phase,
      waitingMs: link.waitingMs,
    })
  }

  dispatchesOf(ticketId: string): Dispatch[] {
    this.#dispatchVersion
    return this.#board.dispatchesOf(ticketId)
  }

  logOf(ticketId: string): readonly LogEntry[] {
    this.#logVersion
    return this.#board.log.get(ticketId) ?? []
  }

  tasks(): Map<string, Dispatch> {
    this.#dispatchVersion
    return this.#board.tasks()
  }

  /** Follows until the answered function is called. The link must be open. */
  follow(): () => void {
    const follower = new FeedFollower(source, {
      reset: (snapshot) => {
        this.#board.reset(snapshot)
        this.#snapshots++
        this.#touch(['tickets', 'dispatches', 'units', 'alarms', 'log', 'cases', 'plans'])
        this.#reachVersion++
      },
      apply: (events) => this.#touch(this.#board.apply(events)),
      moved: () => {
        this.#seq = follower.place?.at ?? null
        this.#phase = follower.phase
        this.#gaps = follower.counts.gaps
      },
    })
    const { socket } = link
    socket?.on('feed:range', (range) => void follower.receive(range))
    socket?.on('feed:resync', () => void follower.resync())
    socket?.on('truth', (truth) => void follower.heartbeat(truth.epoch, truth.seq))
    socket?.on('hello', (hello) => void follower.reconnected(hello.epoch, hello.seq))
    socket?.on('fleet:reach', ({ joined, left }) => {
      this.#board.setReachable(joined, left)
      this.#reachVersion++
    })
    void follower.start()
    return () => follower.stop()
  }

  #touch(parts: Iterable<keyof FeedState>): void {
    for (const part of parts) {
      if (part === 'tickets') this.#ticketVersion++
      else if (part === 'dispatches') this.#dispatchVersion++
      else if (part === 'units') this.#unitVersion++
      else if (part === 'alarms') this.#alarmVersion++
      else if (part === 'log') this.#logVersion++
      else if (part === 'plans') this.#planVersion++
      else if (part === 'rosters') this.#rosterVersion++
      else if (DUTY_PARTS.has(part)) this.#dutyVersion++
      else this.#emergencyVersion++
    }
  }
}

export const feed = new Feed()
