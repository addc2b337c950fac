import type { Db } from '#db/connect.ts'
import type { Grant } from '#domain/access.ts'
import type { FeedRange } from '#domain/feed.ts'
import { type Instant, SECOND_MS } from '#domain/instant.ts'
import type { Clock } from '#server/clock.ts'
import type { Ticker } from '#server/ticker.ts'
import type { ResyncReason } from '#wire/codes.ts'
import { rangeFor } from './entitled.ts'
import { allHeads, eventsAfter, type FeedHead } from './log.ts'

/** The open sockets of one tenant that see the same: what is made for the group is made once. */
export interface FeedGroup {
  grants: readonly Grant[]
  send(range: FeedRange): void
  resync(reason: ResyncReason): void
}

export interface FeedSockets {
  groups(tenant: string): Iterable<FeedGroup>
}

/** How far this node has told a tenant's log. */
export interface FeedPosition {
  epoch: string
  seq: number
  lastEventAt: Instant | null
  /** Commit to publish of the newest event. */
  publishLagMs: number | null
}

export interface Publisher {
  /** There is news: look now rather than at the next beat. */
  wake(): void
  position(tenant: string): FeedPosition | null
  /** How long ago, by the beat, the log was last read: a feed that cannot read is cut, whatever its sockets look like. */
  silentMs(): number
  /** Looks once and answers when everything committed by now is told: for tests and for the start. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** Another node's events are told at the latest so long after their commit. */
const LOOK_MS = SECOND_MS / 2
const BATCH = 500

/** FD2: every committed event goes to every entitled socket of this node, once and in order, in ranges without a gap. */
export function openPublisher(db: Db, sockets: FeedSockets, clock: Clock, ticker: Ticker): Publisher {
  const told = new Map<string, FeedPosition>()
  let unread = 0
  let looking: Promise<void> | null = null
  let isWanted = false

  const lookAll = async () => {
    do {
      isWanted = false
      for (const head of await allHeads(db)) await tell(head)
      unread = 0
    } while (isWanted)
  }

  const tell = async (head: FeedHead) => {
    const before = told.get(head.tenant)
    const lost = before && lossOf(before, head)
    if (lost) for (const group of sockets.groups(head.tenant)) group.resync(lost)
    if (!before || lost) {
      told.set(head.tenant, { epoch: head.epoch, seq: head.seq, lastEventAt: head.lastAt, publishLagMs: null })
      return
    }
    while (before.seq < head.seq) await tellNext(before, head)
  }

  const tellNext = async (position: FeedPosition, { tenant, epoch }: FeedHead) => {
    const events = await eventsAfter(db, tenant, position.seq, BATCH)
    const last = events.at(-1)
    if (!last) throw new Error(`the feed of ${tenant} ends before its head`)
    const span = { epoch, from: position.seq + 1, to: last.seq }
    for (const group of sockets.groups(tenant)) group.send(rangeFor(group.grants, tenant, span, events))
    position.seq = last.seq
    position.lastEventAt = last.at
    position.publishLagMs = Math.max(0, clock.now() - last.at)
  }

  const look = (): Promise<void> => {
    isWanted = true
    looking ??= lookAll().finally(() => {
      looking = null
    })
    return looking
  }
  // Without Postgres the next beat tries again; the silence is told by `silentMs`.
  const wake = () => void look().catch(() => undefined)
  const stopBeat = ticker.every(LOOK_MS, () => {
    unread++
    wake()
  })
  return {
    wake,
    look,
    position: (tenant) => told.get(tenant) ?? null,
    silentMs: () => unread * LOOK_MS,
    async stop() {
      stopBeat()
      await looking?.catch(() => undefined)
    },
  }
}

/** Why what was told so far no longer leads to this head; null = it does. */
function lossOf(before: FeedPosition, head: FeedHead): ResyncReason | null {
  if (before.epoch !== head.epoch) return 'epochChanged'
  return head.seq < before.seq || head.oldest > before.seq + 1 ? 'historyLost' : null
}
