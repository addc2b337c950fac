import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Db, openDb } from '#db/connect.ts'
import { SECOND_MS } from '#domain/instant.ts'
import type { SlaTimer } from '#domain/ticket.ts'
import { makeEngine } from '#server/engine/engine.ts'
import { withClocks } from '#server/tickets/record.ts'
import { slaTimers } from '#server/tickets/timers.ts'
import { T0 } from '#tests/support/dispatch-rows.ts'
import { DISPATCHER, type DispatchWorld, dispatchWorld } from '#tests/support/dispatch-world.ts'
import { alarmRows, feedRows, insertPlaces, logRows, reportAs, ticketRow } from '#tests/support/ticket-world.ts'
import { cancelTicket, noteTicket, suspendTicket, triageTicket } from '#wire/routes/tickets.ts'

const PROGRAM = new URL('../../support/engine-process.ts', import.meta.url).pathname

/** Asks until there is an answer. */
async function firstOf(ask: () => PromiseLike<readonly { pid?: number }[]>): Promise<number> {
  for (;;) {
    const [row] = await ask()
    if (row?.pid !== undefined) return row.pid
  }
}

let world: DispatchWorld
beforeEach(async () => {
  world = await dispatchWorld()
  await insertPlaces(world.db)
})
afterEach(() => world.end())

const engineOn = (db: Db, woken: string[] = []) =>
  makeEngine({
    db,
    clock: world.clock,
    duties: [slaTimers((tenant) => void woken.push(tenant))],
    onError: (_duty, error) => {
      throw error
    },
  })

const TIMERS: readonly string[] = ['arriveWarning', 'arriveBreach', 'solveWarning', 'solveBreach'] satisfies SlaTimer[]
const firedOf = async (id: string) =>
  (await logRows(world.db, id))
    .filter(({ kind }) => TIMERS.includes(kind))
    .map(({ kind, at, detail }) => [kind, (at - T0) / SECOND_MS, detail?.late])

describe('the timers of a ticket', () => {
  test('[EN2] fire on their second, each once, with its log row, its alarm and its event', async () => {
    const woken: string[] = []
    const engine = engineOn(world.db, woken)
    const { id } = await reportAs(world.db, T0)
    for (let second = 0; second <= 1_900; second += 10) {
      world.clock.set(T0 + second * SECOND_MS)
      await engine.tick()
    }
    expect(await firedOf(id)).toEqual([
      ['arriveWarning', 180, false],
      ['arriveBreach', 300, false],
      ['solveWarning', 1_440, false],
      ['solveBreach', 1_800, false],
    ])
    expect(await ticketRow(world.db, id)).toMatchObject({
      arriveBreached: true,
      solveBreached: true,
      nextTimer: null,
      nextTimerAt: null,
    })
    const rung = (await alarmRows(world.db, id)).map(({ kind, late }) => [kind, late])
    expect(rung).toEqual([['newTicket', false], ...TIMERS.map((kind) => [kind, false])])
    const told = (await feedRows(world.db)).map(({ kind }) => kind).filter((kind) => kind.startsWith('ticket'))
    expect(told).toEqual(['ticket:reported', 'ticket:warned', 'ticket:breached', 'ticket:warned', 'ticket:breached'])
    expect(woken).toEqual(['city', 'city', 'city', 'city'])
  })

  test('[TK16] ring once for one clock: the breach takes the place of its warning', async () => {
    const engine = engineOn(world.db)
    const { id } = await reportAs(world.db, T0)
    for (const second of [180, 300]) {
      world.clock.set(T0 + second * SECOND_MS)
      await engine.tick()
    }
    const ringing = (await alarmRows(world.db, id)).filter(({ acknowledgedAt }) => acknowledgedAt === null)
    expect(ringing.map(({ kind }) => kind)).toEqual(['newTicket', 'arriveBreach'])
  })

  test('[TK16] of a replayed call are kept in its log and ring nobody', async () => {
    const engine = engineOn(world.db)
    const { id } = await reportAs(world.db, T0, { channel: 'replay' })
    for (const second of [180, 300]) {
      world.clock.set(T0 + second * SECOND_MS)
      await engine.tick()
    }
    expect((await firedOf(id)).map(([kind]) => kind)).toEqual(['arriveWarning', 'arriveBreach'])
    expect(await alarmRows(world.db, id)).toEqual([])
  })

  test('[EN2] fire once with two engines on two connections racing over a hundred tickets', async () => {
    const other = openDb(world.url, { max: 4 })
    const tickets = []
    for (let i = 0; i < 100; i++) tickets.push(await reportAs(world.db, T0))
    const engines = [world.db, other.db, world.db, other.db].map((db) => engineOn(db))
    for (const second of [180, 300, 1_440, 1_800]) {
      world.clock.set(T0 + second * SECOND_MS)
      await Promise.all(engines.map((engine) => engine.tick()))
    }
    const fired =
      await world.sql`select ticket_id, kind, count(*)::int as times from ticket_log where kind = any(${TIMERS as string[]}) group by 1, 2`
    expect(fired.length).toBe(400)
    expect(new Set(fired.map(({ times }) => times))).toEqual(new Set([1]))
    const late = await world.sql`select count(*)::int as n from ticket_log where detail->>'late' = 'true'`
    expect(late[0]?.n).toBe(0)
    const seqs = (await feedRows(world.db)).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    await other.close()
    // A warning or breach told twice would break the promise to be exactly once, so the alarms are counted too.
    const alarms = await world.sql`select count(*)::int as n from alarms where kind <> 'newTicket'`
    expect(alarms[0]?.n).toBe(400)
    expect(tickets).toHaveLength(100)
  })

  test('[EN2] race with the commands of people without firing twice, and end with the columns that the log gives', async () => {
    const engines = [engineOn(world.db), engineOn(world.db)]
    const made = []
    for (let i = 0; i < 30; i++) made.push(await reportAs(world.db, T0))
    world.clock.set(T0 + 200 * SECOND_MS)
    const say = ({ id }: { id: string }, i: number) =>
      world.ask(i % 3 === 0 ? cancelTicket : noteTicket, DISPATCHER, {
        params: { id },
        body: { reason: 'x', text: 'x' },
      })
    await Promise.all([...engines.map((engine) => engine.tick()), ...made.map(say)])
    await engines[0]?.tick()
    for (const [i, { id }] of made.entries()) {
      const fired = (await firedOf(id)).map(([kind]) => kind)
      if (i % 3 !== 0) expect(fired).toEqual(['arriveWarning'])
      const stored = await ticketRow(world.db, id)
      expect(withClocks(stored, await logRows(world.db, id))).toEqual(stored)
    }
  })

  test('[EN7] missed in an outage fire once when it is over, and say that they are late', async () => {
    const { id } = await reportAs(world.db, T0)
    world.clock.set(T0 + 400 * SECOND_MS)
    await engineOn(world.db).tick()
    await engineOn(world.db).tick()
    expect(await firedOf(id)).toEqual([
      ['arriveWarning', 400, true],
      ['arriveBreach', 400, true],
    ])
    expect((await alarmRows(world.db, id)).filter(({ late }) => late).map(({ kind }) => kind)).toEqual([
      'arriveBreach',
      'arriveWarning',
    ])
  })

  test('[EN1] under way in an engine that is killed are left, whole, to the next', async () => {
    const { id } = await reportAs(world.db, T0)
    world.clock.set(T0 + 180 * SECOND_MS)
    // Stands in the way of its last step, the feed's head, so that the kill finds it with everything else done.
    const blocker = openDb(world.url, { max: 1 })
    await blocker.sql`begin`
    await blocker.sql`select * from feed_heads for update`
    const doomed = spawn(process.execPath, [PROGRAM, world.url, String(world.clock.now())], { stdio: 'inherit' })
    const gone = once(doomed, 'exit')
    const pid = await firstOf(
      () => world.sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    doomed.kill('SIGKILL')
    expect(await gone).toEqual([null, 'SIGKILL'])
    await blocker.sql`rollback`
    await blocker.close()
    await firstOf(() => world.sql`select 1 as pid where not exists (select 1 from pg_stat_activity where pid = ${pid})`)
    expect(await firedOf(id)).toEqual([])
    await engineOn(world.db).tick()
    expect(await firedOf(id)).toEqual([['arriveWarning', 180, false]])
  })

  test('[SL4] run on for arrival while the ticket is suspended, and stand still for the solution', async () => {
    const engine = engineOn(world.db)
    const { id } = await reportAs(world.db, T0)
    const say = (route: typeof triageTicket | typeof suspendTicket, body: object) =>
      world.ask(route, DISPATCHER, { params: { id }, body })
    await say(triageTicket, { class: 'ordinary' })
    await say(suspendTicket, { reason: 'nobody at home' })
    for (const second of [180, 300, 3_600]) {
      world.clock.set(T0 + second * SECOND_MS)
      await engine.tick()
    }
    expect((await firedOf(id)).map(([kind]) => kind)).toEqual(['arriveWarning', 'arriveBreach'])
  })

  test('[SL7] imported history wakes none of them', async () => {
    const past = await reportAs(world.db, T0, { channel: 'import', imported: { stages: {} } })
    world.clock.set(T0 + 9_999 * SECOND_MS)
    await engineOn(world.db).tick()
    expect(await firedOf(past.id)).toEqual([])
  })
})
