import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { events, feedHeads } from '#db/schema/feed.ts'
import type { FeedRange } from '#domain/feed.ts'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import { newEpoch } from '#server/feed/log.ts'
import { readSince } from '#server/feed/since.ts'
import { type FeedWorld, type Node, openFeedWorld, tell } from '#tests/support/feed-world.ts'
import { grant } from '#tests/support/fleet-console.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
let world: FeedWorld

beforeAll(async () => {
  world = await openFeedWorld(NOW)
})
afterAll(() => world.end())
beforeEach(async () => {
  await world.db.delete(events)
  await world.db.update(feedHeads).set({ seq: 0, oldest: 1 })
})

const reader = (...grants: ReturnType<typeof grant>[]) => ({
  userId: 'x',
  username: 'x',
  displayName: 'x',
  tenant: 'a',
  grants,
})
const seqs = (ranges: FeedRange[]) => ranges.flatMap(({ events }) => events.map(({ seq }) => seq))
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1)

/** Each range begins where the one before ended. */
function expectJoined(ranges: FeedRange[], last: number) {
  let to = 0
  for (const range of ranges) {
    expect(range.from).toBe(to + 1)
    expect(range.to).toBeGreaterThanOrEqual(range.from)
    for (const { seq } of range.events) expect(seq >= range.from && seq <= range.to).toBe(true)
    to = range.to
  }
  expect(to).toBe(last)
}

async function nodeAt(...grants: ReturnType<typeof grant>[][]): Promise<Node> {
  const node = world.node(...grants)
  await node.publisher.look()
  return node
}

describe('the log', () => {
  test('[FD1] a reader in the midst of parallel writers sees 1..n without a hole, at every look', async () => {
    const random = seededRandom(3, 'writers')
    let [isDone, looks] = [false, 0]
    const looking = (async () => {
      while (!isDone) {
        const rows = await world.db.select({ seq: events.seq }).from(events).orderBy(events.seq)
        expect(rows.map(({ seq }) => seq)).toEqual(upTo(rows.length))
        looks++
      }
    })()
    const writer = async () => {
      for (let n = 0; n < 20; n++) {
        await world.db.transaction(async (tx) => {
          // Some have much to do before they append and some after: the order of beginnings is not that of commits.
          for (let work = wholeBetween(random, 0, 5); work > 0; work--) await tx.execute('select 1')
          await tell(tx as never, n, NOW)
          for (let work = wholeBetween(random, 0, 5); work > 0; work--) await tx.execute('select 1')
        })
      }
    }
    await Promise.all(Array.from({ length: 10 }, writer))
    isDone = true
    await looking
    expect(looks).toBeGreaterThan(3)
    const [head] = await world.db.select().from(feedHeads)
    expect(head?.seq).toBe(200)
  })
})

describe('publishing', () => {
  test('[FD2] two nodes tell every event once and in order, while twenty writers commit', async () => {
    const nodes = [await nodeAt([grant('dispatcher')]), await nodeAt([grant('dispatcher')])]
    const writers = Array.from({ length: 20 }, async (_, n) => {
      for (let k = 0; k < 25; k++) {
        await tell(world.db, n, NOW)
        nodes[k % 2]?.publisher.wake()
      }
    })
    await Promise.all(writers)
    for (const { publisher, consoles } of nodes) {
      await publisher.look()
      const ranges = consoles[0]?.ranges ?? []
      expectJoined(ranges, 500)
      expect(seqs(ranges)).toEqual(upTo(500))
    }
  })

  test('[FD2] a node that nobody woke tells at its next beat', async () => {
    const node = await nodeAt([grant('dispatcher')])
    await tell(world.db, 1, NOW)
    world.ticker.pass(500)
    await node.publisher.look()
    expect(seqs(node.consoles[0]?.ranges ?? [])).toEqual([1])
  })

  test('[FD3] ranges join for everybody, though the events in them differ', async () => {
    const node = await nodeAt(
      [grant('dispatcher')],
      [grant('providerManager', 'f1')],
      [grant('fieldWorker', null, 'u7')],
      [],
    )
    for (let n = 0; n < 30; n++) {
      await tell(world.db, n, NOW, { firmIds: [`f${n % 3}`], unitIds: [`u${n % 10}`] })
      if (n % 4 === 0) await node.publisher.look()
    }
    await node.publisher.look()
    const [all, firm, field, nobody] = node.consoles.map(({ ranges }) => ranges)
    for (const ranges of [all, firm, field, nobody]) expectJoined(ranges ?? [], 30)
    expect(seqs(all ?? [])).toEqual(upTo(30))
    expect(seqs(firm ?? [])).toEqual(upTo(30).filter((seq) => (seq - 1) % 3 === 1))
    expect(seqs(field ?? [])).toEqual([8, 18, 28])
    expect(seqs(nobody ?? [])).toEqual([])
  })

  test('[FD5] a console cut off for 1,000 events refetches exactly what it missed', async () => {
    const node = await nodeAt([grant('dispatcher')])
    for (let n = 0; n < 1_010; n++) await tell(world.db, n, NOW)
    await node.publisher.look()
    const told = seqs(node.consoles[0]?.ranges ?? [])
    const got: number[] = told.slice(0, 5)
    let last = 5
    for (let ask = 0; ask < 20 && last < 1_010; ask++) {
      const range = await readSince(world.db, reader(grant('dispatcher')), last, 'epoch-1', 300)
      if ('why' in range) throw new Error(range.why)
      expect(range.from).toBe(last + 1)
      got.push(...seqs([range]))
      last = range.to
    }
    expect(got).toEqual(told)
  })

  test('[FD3] a refetch shows no event that the socket would not', async () => {
    for (let n = 0; n < 30; n++) await tell(world.db, n, NOW, { firmIds: [`f${n % 3}`] })
    const range = await readSince(world.db, reader(grant('providerManager', 'f1')), 3, 'epoch-1')
    expect(range).toMatchObject({ from: 4, to: 30 })
    expect(seqs([range as FeedRange])).toEqual(upTo(30).filter((seq) => seq > 3 && (seq - 1) % 3 === 1))
  })

  test('[FD6] another epoch is told to open consoles and refused to refetches', async () => {
    const node = await nodeAt([grant('dispatcher')])
    await tell(world.db, 1, NOW)
    await newEpoch(world.db, 'a')
    await node.publisher.look()
    expect(node.consoles[0]).toMatchObject({ resyncs: ['epochChanged'], ranges: [] })
    expect(await readSince(world.db, reader(grant('dispatcher')), 0, 'epoch-1')).toEqual({
      ok: false,
      why: 'historyLost',
    })
    await world.db.update(feedHeads).set({ epoch: 'epoch-1' })
  })

  test('[FD6] behind the oldest kept event, or ahead of the newest, there is no leading on', async () => {
    for (let n = 0; n < 10; n++) await tell(world.db, n, NOW)
    await world.db.update(feedHeads).set({ oldest: 6 })
    const since = async (seq: number) => {
      const range = await readSince(world.db, reader(grant('dispatcher')), seq, 'epoch-1')
      return 'why' in range ? range.why : [range.from, range.to]
    }
    expect(await since(4)).toBe('historyLost')
    expect(await since(5)).toEqual([6, 10])
    expect(await since(10)).toEqual([11, 10])
    expect(await since(11)).toBe('historyLost')
  })
})
