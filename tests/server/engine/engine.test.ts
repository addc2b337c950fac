import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '#db/connect.ts'
import { openDb } from '#db/connect.ts'
import { commands, events, feedHeads } from '#db/schema/feed.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import { movableClock } from '#server/clock.ts'
import type { Duty } from '#server/engine/duty.ts'
import { type Delay, makeEngine } from '#server/engine/engine.ts'
import { dropOldCommands, dropOldEvents, KEEP_COMMANDS_MS, KEEP_EVENTS_MS } from '#server/engine/retention.ts'
import { T0 } from '#tests/support/dispatch-rows.ts'
import { CITY, type DispatchWorld, dispatchWorld } from '#tests/support/dispatch-world.ts'

const noDb = {} as Db
const fail = (_duty: string, error: unknown) => {
  throw error
}

/** Real time held in the hand: remembers what was asked for, and lets it pass when told. */
function heldDelay() {
  const asked: { ms: number; fire: () => void }[] = []
  const delay: Delay = (ms, fire) => {
    const entry = { ms, fire }
    asked.push(entry)
    return () => void asked.splice(asked.indexOf(entry), 1)
  }
  return { asked, delay }
}

const until = async (condition: () => boolean) => {
  for (let turn = 0; turn < 1_000 && !condition(); turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  expect(condition()).toBe(true)
}

describe('the engine', () => {
  test('[EN5] asks a duty again until nothing is left, and beats when all are done', async () => {
    const clock = movableClock(T0)
    let left = 3
    const engine = makeEngine({ db: noDb, clock, duties: [{ name: 'd', run: async () => left-- }], onError: fail })
    expect(engine.beatAt()).toBe(null)
    await engine.tick()
    expect([left, engine.beatAt()]).toEqual([-1, T0])
  })

  test('[EN5] a failing duty keeps no other from its turn, and the beat stands still until it is well', async () => {
    const clock = movableClock(T0)
    const failed: string[] = []
    let isIll = false
    let ran = 0
    const counts = async () => {
      ran++
      return 0
    }
    const ill: Duty = { name: 'ill', run: async () => (isIll ? Promise.reject(new Error('no database')) : 0) }
    const well: Duty = { name: 'well', run: counts }
    const engine = makeEngine({ db: noDb, clock, duties: [ill, well], onError: (duty) => void failed.push(duty) })
    await engine.tick()
    isIll = true
    clock.advance(1_000)
    await engine.tick()
    expect([failed, ran, engine.beatAt()]).toEqual([['ill'], 2, T0])
    isIll = false
    await engine.tick()
    expect(engine.beatAt()).toBe(T0 + 1_000)
  })

  test('[EN5] housekeeping has its own pace', async () => {
    const clock = movableClock(T0)
    let ran = 0
    const counts = async () => {
      ran++
      return 0
    }
    const duty: Duty = { name: 'sweep', everyMs: HOUR_MS, run: counts }
    const engine = makeEngine({ db: noDb, clock, duties: [duty], onError: fail })
    for (const ms of [0, HOUR_MS - 1, 1]) {
      clock.advance(ms)
      await engine.tick()
    }
    expect(ran).toBe(2)
  })

  test('[EN6] sleeps until the next thing is due, in real time, and never longer than half a second', async () => {
    const clock = { ...movableClock(T0), speed: 60 }
    let next: number | null = T0 + 6_000
    const held = heldDelay()
    const duty: Duty = { name: 'd', run: async () => 0, nextAt: async () => next }
    const engine = makeEngine({ db: noDb, clock, duties: [duty], onError: fail, delay: held.delay })
    engine.start()
    const slept: (number | undefined)[] = []
    for (const following of [T0 + HOUR_MS, null, T0 - 1, null]) {
      await until(() => held.asked.length > 0)
      slept.push(held.asked[0]?.ms)
      next = following
      held.asked.shift()?.fire()
    }
    expect(slept).toEqual([100, 500, 500, 5])
    await engine.stop()
  })

  test('[EN6] a nudge wakes it at once, also in the middle of a round, and stopping waits for the round', async () => {
    const held = heldDelay()
    const gates: (() => void)[] = []
    let rounds = 0
    const duty: Duty = {
      name: 'd',
      run: async () => {
        rounds++
        await new Promise<void>((resolve) => gates.push(resolve))
        return 0
      },
    }
    const engine = makeEngine({ db: noDb, clock: movableClock(T0), duties: [duty], onError: fail, delay: held.delay })
    engine.start()
    await until(() => gates.length === 1)
    engine.nudge()
    gates.shift()?.()
    await until(() => gates.length === 1)
    expect(rounds).toBe(2)
    gates.shift()?.()
    await until(() => held.asked.length === 1)
    engine.nudge()
    await until(() => gates.length === 1)
    let stopped = false
    const stopping = engine.stop().then(() => {
      stopped = true
    })
    expect(stopped).toBe(false)
    gates.shift()?.()
    await stopping
    expect([rounds, held.asked.length]).toEqual([3, 0])
  })
})

describe('what is kept for a while only', () => {
  let world: DispatchWorld
  beforeAll(async () => {
    world = await dispatchWorld()
  })
  afterAll(() => world.end())

  const event = (seq: number, at: number) => ({
    tenant: CITY,
    seq,
    kind: 'ticket:noted' as const,
    at,
    actor: { kind: 'engine' as const, id: null },
    audience: { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] },
    state: {},
  })

  test('[EN4] old events leave the feed from its beginning, and the head knows where it now begins', async () => {
    const second = openDb(world.url, { max: 2 })
    const old = T0 - KEEP_EVENTS_MS - 1
    const rows = Array.from({ length: 6_000 }, (_, i) => event(i + 1, i < 5_500 ? old : T0))
    for (let from = 0; from < rows.length; from += 2_000)
      await world.db.insert(events).values(rows.slice(from, from + 2_000))
    await world.db.update(feedHeads).set({ seq: 6_000, oldest: 1 })
    const engines = [world.db, second.db].map((db) =>
      makeEngine({ db, clock: movableClock(T0), duties: [dropOldEvents], onError: fail }),
    )
    await Promise.all(engines.map((engine) => engine.tick()))
    const left = await world.db.select({ seq: events.seq }).from(events).orderBy(events.seq)
    expect([left.length, left[0]?.seq]).toEqual([500, 5_501])
    const [head] = await world.db.select().from(feedHeads)
    expect([head?.oldest, head?.seq]).toEqual([5_501, 6_000])
    await second.close()
  })

  test('[EN4] a command is remembered longer than a phone is likely to be without a net', async () => {
    const row = (key: string, at: number) => ({ tenant: CITY, actor: 'a', key, fingerprint: 'f', at })
    await world.db
      .insert(commands)
      .values([row('old', T0 - KEEP_COMMANDS_MS - 1), row('young', T0 - DAY_MS), row('new', T0 - MINUTE_MS)])
    expect(await dropOldCommands.run(world.db, T0)).toBe(1)
    const left = await world.db.select({ key: commands.key }).from(commands)
    expect(left.map(({ key }) => key).toSorted()).toEqual(['new', 'young'])
  })
})
