import { beforeEach, describe, expect, test } from 'vitest'
import { Outbox } from '#console/lib/pages/outbox.svelte.ts'
import type { Outcome, Queued } from '#console/lib/pages/outbox.ts'
import type { QueueStore } from '#console/lib/pages/sealed-store.ts'

/** A store that lives as long as the test: what a closed page leaves behind for the next one. */
function shelf(): QueueStore & { rows: Map<string, { owner: string; entry: Queued }> } {
  const rows = new Map<string, { owner: string; entry: Queued }>()
  return {
    rows,
    durable: true,
    all: async (owner) => [...rows.values()].filter((row) => row.owner === owner).map((row) => row.entry),
    put: async (owner, entry) => void rows.set(entry.key, { owner, entry }),
    drop: async (key) => void rows.delete(key),
  }
}

/** Answers one send after the other; further ones wait for an answer that never comes. */
function road(answers: Outcome[]) {
  const sent: Queued[] = []
  const send = async (entry: Queued): Promise<Outcome> => {
    sent.push(entry)
    return answers.shift() ?? new Promise<Outcome>(() => undefined)
  }
  return { sent, send }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const boxOf = (store: QueueStore, send: (entry: Queued) => Promise<Outcome>, owner = 'user1') =>
  new Outbox({ store, owner, send, now: () => 1, random: () => 1 })

describe('the outbox', () => {
  beforeEach(() => {
    // Only its events are needed: "online" wakes the outbox.
    Object.assign(globalThis, { window: new EventTarget() })
  })

  test('[FP2] what an earlier page left is sent by the next one, under the same keys and in order', async () => {
    const store = shelf()
    const first = boxOf(store, road([]).send)
    await first.put('depart', 'd1', 't1', {})
    await first.put('arrive', 'd1', 't1', { siteCode: 'abcd' })
    const keys = [...store.rows.keys()]

    const { sent, send } = road([{ ok: true }, { ok: true }])
    const second = boxOf(store, send)
    const end = await second.begin()
    await settled()
    end()
    expect(sent.map((entry) => [entry.key, entry.verb])).toEqual([
      [keys[0], 'depart'],
      [keys[1], 'arrive'],
    ])
    expect(store.rows.size).toBe(0)
    expect(second.queue).toEqual([])
  })

  test('[FP2] another account on the same phone neither sends nor sees them', async () => {
    const store = shelf()
    await boxOf(store, road([]).send).put('depart', 'd1', 't1', {})
    const { sent, send } = road([])
    const theirs = boxOf(store, send, 'user2')
    const end = await theirs.begin()
    await settled()
    end()
    expect(sent).toEqual([])
    expect(theirs.queue).toEqual([])
  })

  test('[FP1] a refusal is shown until it is read, and its followers are gone from the store too', async () => {
    const store = shelf()
    const { send } = road([{ ok: false, refused: 'alreadyTaken' }])
    const box = boxOf(store, send)
    await store.put('user1', {
      key: 'k2',
      verb: 'depart',
      line: 'd1',
      ticketId: 't1',
      at: 2,
      body: {},
      photo: null,
      tries: 0,
    })
    await store.put('user1', {
      key: 'k1',
      verb: 'accept',
      line: 'd1',
      ticketId: 't1',
      at: 1,
      body: {},
      photo: null,
      tries: 0,
    })
    const end = await box.begin()
    await settled()
    end()
    expect(box.refusals.map((refusal) => refusal.code)).toEqual(['alreadyTaken'])
    expect(box.queue).toEqual([])
    expect(store.rows.size).toBe(0)
    box.dismiss(box.refusals[0]?.key ?? '')
    expect(box.refusals).toEqual([])
  })

  test('[FP4] the network coming back sends at once, whatever the back-off says', async () => {
    const { sent, send } = road([{ ok: false, retry: 'unreachable', afterMs: 3_600_000 }, { ok: true }])
    const box = boxOf(shelf(), send)
    const end = await box.begin()
    await box.put('depart', 'd1', 't1', {})
    await settled()
    expect(box.stuckSince).toBe(1)
    window.dispatchEvent(new Event('online'))
    await settled()
    end()
    expect(sent.map((entry) => entry.key)).toEqual([sent[0]?.key, sent[0]?.key])
    expect(box.queue).toEqual([])
    expect(box.stuckSince).toBeNull()
  })

  test('[FP2] after the photo is through, the action goes on with its id and without the picture', async () => {
    const photo = new Blob(['x'])
    const { sent, send: answer } = road([])
    const box = boxOf(shelf(), async (entry) => {
      void answer(entry)
      return entry.photo ? { ok: true, rest: { ...entry, photo: null, body: { photoId: 'p1' } } } : { ok: true }
    })
    await box.put('resolve', 'd1', 't1', {}, photo)
    await settled()
    expect(sent.map((entry) => [entry.photo === photo, entry.body])).toEqual([
      [true, {}],
      [false, { photoId: 'p1' }],
    ])
    expect(new Set(sent.map((entry) => entry.key)).size).toBe(1)
  })

  test('a session that has ended keeps the queue and asks for a new sign-in', async () => {
    const box = boxOf(shelf(), road([{ ok: false, retry: 'signIn', afterMs: null }]).send)
    await box.put('depart', 'd1', 't1', {})
    await settled()
    expect(box.needsSignIn).toBe(true)
    expect(box.waiting('d1')).toEqual(['depart'])
  })
})
