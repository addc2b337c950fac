import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FeedFollower, type FeedSink, type FeedSource, judgeRange } from '#console/lib/feed/follow.ts'
import type { FeedEvent, FeedRange } from '#domain/feed.ts'
import type { FeedSnapshot } from '#wire/routes/feed.ts'

const event = (seq: number): FeedEvent => ({
  seq,
  kind: 'ticket:noted',
  at: seq,
  actor: { kind: 'engine', id: null },
  state: {},
})
const range = (from: number, to: number, epoch = 'e1'): FeedRange => ({
  epoch,
  from,
  to,
  events: Array.from({ length: to - from + 1 }, (_, n) => event(from + n)),
})

/** A server's side of the feed: what it has committed, and how far back it can still tell. */
class Log {
  epoch = 'e1'
  seq = 0
  oldest = 1
  /** How many of the next questions go unanswered. */
  silent = 0

  source(): FeedSource {
    return {
      snapshot: () => Promise.resolve(this.#hears() ? this.#snapshot() : null),
      since: ({ epoch, at }) => {
        if (!this.#hears()) return Promise.resolve(null)
        const isKnown = epoch === this.epoch && at + 1 >= this.oldest
        return Promise.resolve(isKnown ? range(at + 1, this.seq, this.epoch) : 'historyLost')
      },
      wait: () => Promise.resolve(),
    }
  }

  #hears(): boolean {
    return this.silent === 0 || --this.silent < 0
  }

  #snapshot(): FeedSnapshot {
    return {
      epoch: this.epoch,
      to: this.seq,
      at: 0,
      tickets: [],
      dispatches: [],
      units: [],
      firms: [],
      alarms: [],
      cases: [],
      poolEntries: [],
      engagements: [],
      reachable: [],
    }
  }
}

/** Everything a console has been told: a snapshot stands for all up to its number. */
class Told implements FeedSink {
  seqs: number[] = []
  resets = 0
  reset(snapshot: FeedSnapshot) {
    this.resets++
    this.seqs = Array.from({ length: snapshot.to }, (_, n) => n + 1)
  }
  apply(events: readonly FeedEvent[]) {
    this.seqs.push(...events.map((each) => each.seq))
  }
  moved() {}
}

const upTo = (seq: number) => Array.from({ length: seq }, (_, n) => n + 1)

async function following(seq = 0) {
  const log = new Log()
  log.seq = seq
  const told = new Told()
  const follower = new FeedFollower(log.source(), told)
  await follower.start()
  return { log, told, follower }
}

describe('a range', () => {
  test('[DK1] is applied where it joins, without what is known already', () => {
    expect(judgeRange({ epoch: 'e1', at: 4 }, range(5, 7))).toMatchObject({ do: 'apply', at: 7 })
    const overlapping = judgeRange({ epoch: 'e1', at: 4 }, range(3, 6))
    expect(overlapping.do === 'apply' && overlapping.events.map((each) => each.seq)).toEqual([5, 6])
  })

  test('[DK1] is dropped when it repeats, refetched from when it leaves a hole, and another epoch begins anew', () => {
    expect(judgeRange({ epoch: 'e1', at: 7 }, range(5, 7))).toEqual({ do: 'ignore' })
    expect(judgeRange({ epoch: 'e1', at: 4 }, range(6, 7))).toEqual({ do: 'refetch' })
    expect(judgeRange({ epoch: 'e1', at: 4 }, range(5, 7, 'e2'))).toEqual({ do: 'snapshot' })
  })
})

describe('the follower', () => {
  test('[DK1] fetches what a lost frame would have told, once, and counts the gap', async () => {
    const { log, told, follower } = await following(2)
    log.seq = 6
    await follower.receive(range(6, 6))
    expect(told.seqs).toEqual(upTo(6))
    expect(follower.counts).toMatchObject({ gaps: 1, refetches: 1, snapshots: 1 })
  })

  test('[DK2] notices a lost last frame at the second heartbeat that is ahead', async () => {
    const { log, told, follower } = await following(3)
    log.seq = 4
    await follower.heartbeat('e1', 4)
    expect(told.seqs).toEqual(upTo(3))
    await follower.heartbeat('e1', 4)
    expect(told.seqs).toEqual(upTo(4))
  })

  test('[DK2] takes a heartbeat ahead of a frame that is on its way for no gap', async () => {
    const { log, told, follower } = await following(3)
    log.seq = 4
    await follower.heartbeat('e1', 4)
    await follower.receive(range(4, 4))
    await follower.heartbeat('e1', 4)
    expect(told.seqs).toEqual(upTo(4))
    expect(follower.counts.gaps).toBe(0)
  })

  test('[DK1] begins again with a snapshot when the epoch is another or the history is lost', async () => {
    const { log, told, follower } = await following(9)
    Object.assign(log, { epoch: 'e2', seq: 4 })
    await follower.heartbeat('e2', 4)
    expect(told.seqs).toEqual(upTo(4))
    Object.assign(log, { seq: 900, oldest: 800 })
    await follower.reconnected('e2', 900)
    expect(told.resets).toBe(3)
    expect(told.seqs).toEqual(upTo(900))
  })

  test('[DK1] asks again until the server answers, and stands where it stood meanwhile', async () => {
    const { log, told, follower } = await following(5)
    Object.assign(log, { seq: 8, silent: 3 })
    await follower.reconnected('e1', 8)
    expect(told.seqs).toEqual(upTo(8))
    expect(follower.phase).toBe('following')
  })

  test('[DK1] whatever is lost, doubled or out of order, every event is applied once and in order', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('commit' as const), count: fc.integer({ min: 1, max: 5 }), sent: fc.boolean() }),
      fc.record({ do: fc.constant('repeat' as const), back: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ do: fc.constant('beat' as const) }),
      fc.record({ do: fc.constant('silence' as const), times: fc.integer({ min: 1, max: 4 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { log, told, follower } = await following(3)
        for (const each of steps) {
          if (each.do === 'commit') {
            const from = log.seq + 1
            log.seq += each.count
            if (each.sent) await follower.receive(range(from, log.seq))
          } else if (each.do === 'repeat') await follower.receive(range(Math.max(1, log.seq - each.back), log.seq))
          else if (each.do === 'beat') await follower.heartbeat(log.epoch, log.seq)
          else log.silent = each.times
          expect(told.seqs).toEqual(upTo(told.seqs.length))
        }
        await follower.heartbeat(log.epoch, log.seq)
        await follower.heartbeat(log.epoch, log.seq)
        expect(told.seqs).toEqual(upTo(log.seq))
      }),
      { seed: 5341, numRuns: 300 },
    )
  })

  test('[DK1] keeps the frames that come while it is catching up', async () => {
    const log = new Log()
    log.seq = 5
    const told = new Told()
    let answer = (_: FeedRange) => {}
    const source = { ...log.source(), since: () => new Promise<FeedRange>((resolve) => (answer = resolve)) }
    const follower = new FeedFollower(source, told)
    await follower.start()
    const catchingUp = follower.receive(range(8, 8))
    await follower.receive(range(9, 10))
    answer(range(6, 7))
    await catchingUp
    expect(told.seqs).toEqual(upTo(10))
  })
})
