import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { alarms } from '#db/schema/feed.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import { triage } from '#domain/ticket-verbs.ts'
import { appendEvent, appendEvents } from '#server/feed/append.ts'
import { recordAll, withClocks } from '#server/tickets/record.ts'
import { reportTicket } from '#server/tickets/report.ts'
import { aUnit, SITE, T0 } from '#tests/support/dispatch-rows.ts'
import { DISPATCHER, type DispatchWorld, dispatchWorld } from '#tests/support/dispatch-world.ts'
import {
  alarmRows,
  feedRows,
  insertPlaces,
  logRows,
  RESIDENT,
  reportAs,
  ticketRow,
} from '#tests/support/ticket-world.ts'
import { offerTicket } from '#wire/routes/dispatches.ts'
import * as wire from '#wire/routes/tickets.ts'

let world: DispatchWorld
beforeAll(async () => {
  world = await dispatchWorld({ units: [aUnit()] })
  await insertPlaces(world.db)
})
afterAll(() => world.end())
beforeEach(() => world.clock.set(T0))

const say = (route: Parameters<DispatchWorld['ask']>[0], id: string, body: object = {}) =>
  world.ask(route, DISPATCHER, { params: { id }, body })

describe('a report', () => {
  test('[TK8] takes its codes from the community and puts its pin where the community is', async () => {
    const ticket = await reportAs(world.db, T0)
    expect(ticket).toMatchObject({
      districtCode: 'D1',
      subdistrictCode: 'S1',
      neighbourhoodCode: 'N1',
      firmId: 'firm-1',
      lng: SITE[0] + 0.001,
      address: '小区 1',
    })
  })

  test('[TK8] at a bare point, even beside a community, has no jurisdiction', async () => {
    const ticket = await reportAs(world.db, T0, { communityId: undefined, lng: SITE[0] + 0.001, lat: SITE[1] })
    expect([ticket.communityId, ticket.neighbourhoodCode, ticket.firmId]).toEqual([null, null, null])
  })

  test('[TK8] is refused outside the tenant, at an unknown community, and nowhere at all, leaving nothing', async () => {
    const before = await feedRows(world.db)
    const given = { tenant: 'city', channel: 'console', category: 'other', description: '' } as const
    const refusal = (input: object) =>
      world.db.transaction((tx) => reportTicket(tx, { ...given, ...input }, RESIDENT, T0))
    expect(await refusal({ lng: 10, lat: 10 })).toEqual({ ok: false, why: 'outsideTenant' })
    expect(await refusal({ communityId: 'nowhere' })).toEqual({ ok: false, why: 'unknown' })
    expect(await refusal({})).toEqual({ ok: false, why: 'badRequest' })
    expect(await feedRows(world.db)).toEqual(before)
  })

  test('[TK2] is numbered without gaps, logged as row 1, and told as one event with the whole rows', async () => {
    const [first, second] = [await reportAs(world.db, T0), await reportAs(world.db, T0)]
    expect(second.number).toBe(first.number + 1)
    const log = await logRows(world.db, second.id)
    expect(log.map(({ n, kind }) => [n, kind])).toEqual([[1, 'report']])
    const told = (await feedRows(world.db)).filter(({ state }) => state.tickets?.[0]?.id === second.id)
    expect(told.map(({ kind }) => kind)).toEqual(['ticket:reported'])
    expect(told[0]?.state).toEqual({ tickets: [await ticketRow(world.db, second.id)], log })
    expect(told[0]?.audience).toEqual({
      districtCode: 'D1',
      subdistrictCode: 'S1',
      neighbourhoodCode: 'N1',
      firmIds: ['firm-1'],
      unitIds: [],
    })
  })

  test('[TK16] rings the consoles, unless the control room typed it itself; fire rings always', async () => {
    const kinds = async (changes: object) =>
      (await alarmRows(world.db, (await reportAs(world.db, T0, changes)).id)).map(({ kind }) => kind)
    expect(await kinds({})).toEqual(['newTicket'])
    expect(await kinds({ channel: 'console' })).toEqual([])
    expect(await kinds({ channel: 'console', category: 'fire' })).toEqual(['emergencyReport'])
    expect(await kinds({ imported: { stages: {} }, category: 'fire' })).toEqual([])
    expect(await kinds({ channel: 'replay' })).toEqual([])
    expect(await kinds({ channel: 'replay', category: 'fire' })).toEqual([])
  })

  test('[TK15] of history has its stages, no clock, no alarm and a mark on its event', async () => {
    const stages = { acceptedAt: T0 - 50 * MINUTE_MS, onSiteAt: T0 - 20 * MINUTE_MS }
    const past = await reportAs(world.db, T0, {
      reportedAt: T0 - 60 * MINUTE_MS,
      channel: 'import',
      imported: { stages },
    })
    expect(past).toMatchObject({
      status: 'on_site',
      arriveDueAt: null,
      nextTimerAt: null,
      arriveBreached: false,
      ...stages,
    })
    expect((await logRows(world.db, past.id)).map(({ kind }) => kind)).toEqual(['report', 'accept', 'arrive'])
    expect((await feedRows(world.db)).at(-1)?.kind).toBe('ticket:imported')
  })
})

describe('whatever is kept of a ticket', () => {
  test('[SL1] has the clock columns that its log gives when computed again, after every step', async () => {
    const { id } = await reportAs(world.db, T0)
    const steps = [
      [wire.triageTicket, { class: 'ordinary' }],
      [wire.suspendTicket, { reason: 'nobody at home' }],
      [wire.triageTicket, { class: 'complex' }],
      [wire.resumeTicket, {}],
      [wire.extendTicket, { reason: 'parts are coming', byMs: 600_000 }],
      [wire.placeTicket, {}],
      [wire.cancelTicket, { reason: 'found elsewhere' }],
      [wire.reopenTicket, { reason: 'not found after all' }],
    ] as const
    for (const [route, body] of steps) {
      world.clock.advance(MINUTE_MS)
      const answer = await say(route, id, body)
      const stored = await ticketRow(world.db, id)
      expect(stored).toEqual(answer)
      expect(withClocks(stored, await logRows(world.db, id))).toEqual(stored)
    }
    expect(await ticketRow(world.db, id)).toMatchObject({
      round: 2,
      class: 'complex',
      arriveDueAt: T0 + 13 * MINUTE_MS,
      solveDueAt: T0 + 248 * MINUTE_MS,
    })
  })

  test('[TK16] silences the alarms that are settled by it, and says so to the consoles', async () => {
    const { id } = await reportAs(world.db, T0)
    await say(wire.triageTicket, id, { class: 'ordinary' })
    expect((await alarmRows(world.db, id)).map((alarm) => alarm.acknowledgedBy)).toEqual(['dispatcher-1'])
    expect((await feedRows(world.db)).slice(-2).map(({ kind }) => kind)).toEqual([
      'ticket:triaged',
      'alarm:acknowledged',
    ])
  })

  test('[TK11] a transfer is told to the neighbourhood that loses the ticket and to the one that gets it', async () => {
    const { id } = await reportAs(world.db, T0)
    await say(wire.transferTicket, id, { reason: 'not ours', neighbourhoodCode: 'N2' })
    const told = (await feedRows(world.db)).slice(-2)
    expect(told.map(({ kind }) => kind)).toEqual(['ticket:transferred', 'ticket:transferred'])
    expect(told.map(({ audience }) => audience.neighbourhoodCode)).toEqual(['N1', 'N2'])
    expect(await ticketRow(world.db, id)).toMatchObject({ neighbourhoodCode: 'N2', subdistrictCode: 'S2' })
    const nowhere = await say(wire.transferTicket, id, { reason: 'x', neighbourhoodCode: 'N9' })
    expect(nowhere).toEqual({ ok: false, why: 'unknown' })
  })

  test('[TK17] a merge keeps both tickets and both logs in one go', async () => {
    const [child, parent] = [await reportAs(world.db, T0), await reportAs(world.db, T0)]
    const merged = await say(wire.mergeTicket, child.id, { into: parent.id, reason: 'same lamp' })
    expect(merged).toMatchObject({ status: 'closed', mergedInto: parent.id, nextTimerAt: null })
    expect((await logRows(world.db, parent.id)).at(-1)).toMatchObject({
      kind: 'note',
      detail: { mergedFrom: child.id },
    })
    expect(await say(wire.mergeTicket, parent.id, { into: child.id, reason: 'x' })).toEqual({
      ok: false,
      why: 'mergeIntoEnded',
    })
  })

  test('[TK17] two merges of the same pair in opposite directions end with one of them refused, not with a deadlock', async () => {
    const [one, two] = [await reportAs(world.db, T0), await reportAs(world.db, T0)]
    const answers = await Promise.all([
      say(wire.mergeTicket, one.id, { into: two.id, reason: 'same' }),
      say(wire.mergeTicket, two.id, { into: one.id, reason: 'same' }),
    ])
    expect(answers.map((answer) => answer.why ?? answer.status).toSorted()).toEqual(['closed', 'mergeIntoEnded'])
  })

  test('[CM1] a command sent twice is carried out once and answered twice the same', async () => {
    const { id } = await reportAs(world.db, T0)
    const twice = () => world.ask(wire.noteTicket, DISPATCHER, { params: { id }, body: { text: 'rang' }, key: 'k-1' })
    const [first, second] = [await twice(), await twice()]
    expect(second).toEqual(first)
    expect((await logRows(world.db, id)).map(({ kind }) => kind)).toEqual(['report', 'note'])
  })

  test('[TK1] a hundred commands at once leave a log numbered without gap or double', async () => {
    const { id } = await reportAs(world.db, T0)
    await Promise.all(Array.from({ length: 100 }, (_, i) => say(wire.noteTicket, id, { text: `note ${i}` })))
    expect((await logRows(world.db, id)).map(({ n }) => n)).toEqual(Array.from({ length: 101 }, (_, i) => i + 1))
  })
})

test('[EN3] several changes in one transaction take the head of the feed last, so nobody waits in a circle', async () => {
  const [one, two] = [await reportAs(world.db, T0), await reportAs(world.db, T0)]
  const changes = [one, two].map((before) => {
    const decided = triage(before, { class: 'ordinary' }, DISPATCHER.actor, T0)
    if (!decided.ok) throw new Error(decided.why)
    return { before, ticket: decided.ticket, entries: [decided.entry], actor: DISPATCHER.actor, now: T0 }
  })
  const [event] = await feedRows(world.db)
  let recording: Promise<unknown> = Promise.resolve()
  await world.db.transaction(async (other) => {
    // As an acknowledgement does: the alarm's row first, then its event. The record wants the same two.
    await other.update(alarms).set({ acknowledgedAt: T0 }).where(eq(alarms.ticketId, two.id))
    recording = world.db.transaction((tx) => recordAll(tx, changes))
    await somebodyWaits()
    await appendEvent(other, { ...(event ?? expect.fail()), kind: 'alarm:acknowledged' })
  })
  await recording
  expect(await ticketRow(world.db, one.id)).toMatchObject({ status: 'triaged' })
})

test('[FD1] several events at once are numbered in their order, each tenant from where its own line stands', async () => {
  await reportAs(world.db, T0)
  const last = (await feedRows(world.db)).at(-1) ?? expect.fail()
  const { seq, tenant: _, ...event } = last
  const kinds = ['ticket:triaged', 'ticket:placed', 'ticket:noted'] as const
  await world.db.transaction((tx) =>
    appendEvents(
      tx,
      kinds.map((kind) => ({ ...event, kind, tenant: last.tenant })),
    ),
  )
  const told = (await feedRows(world.db)).slice(-3)
  expect(told.map((row) => [row.seq, row.kind])).toEqual(kinds.map((kind, n) => [seq + n + 1, kind]))
  expect(told.map(({ state }) => state)).toEqual(kinds.map(() => last.state))
  await world.db.transaction((tx) => appendEvents(tx, []))
  expect((await feedRows(world.db)).at(-1)?.seq).toBe(seq + kinds.length)
})

async function somebodyWaits(): Promise<void> {
  for (let isWaiting = false; !isWaiting; ) {
    const rows = await world.sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    isWaiting = rows.length > 0
  }
}

test('[TK1] the dispatches follow the ticket: cancelling takes the standing offer with it', async () => {
  const { id } = await reportAs(world.db, T0)
  await say(wire.placeTicket, id)
  await say(offerTicket, id, { unitIds: ['unit-1'], mode: 'sequence' })
  await say(wire.cancelTicket, id, { reason: 'by mistake' })
  const { state, audience } =
    (await feedRows(world.db)).findLast(({ kind }) => kind === 'ticket:cancelled') ?? expect.fail()
  expect(state.dispatches?.map(({ status }) => status)).toEqual(['withdrawn'])
  expect(audience.unitIds).toEqual(['unit-1'])
})
