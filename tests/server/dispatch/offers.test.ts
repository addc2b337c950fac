import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dispatches } from '#db/schema/tickets.ts'
import { aDispatch, aUnit, T0 } from '#tests/support/dispatch-rows.ts'
import {
  asRole,
  DISPATCHER,
  type DispatchWorld,
  dispatchWorld,
  dutyOf,
  eventsOf,
  unitItself,
} from '#tests/support/dispatch-world.ts'
import * as wire from '#wire/routes/dispatches.ts'
import { cancelTicket, resumeTicket, suspendTicket } from '#wire/routes/tickets.ts'

const UNITS = 400
let world: DispatchWorld
let next = 0

/** Every test has units of its own: what one leaves a unit in, another need not know. */
const freshUnits = (count: number) => Array.from({ length: count }, () => `unit-${next++}`)

beforeAll(async () => {
  const units = Array.from({ length: UNITS }, (_, index) =>
    aUnit({
      id: `unit-${index}`,
      index,
      callsign: `管家 ${index}`,
      kind: index % 2 === 0 ? 'housekeeper' : 'volunteer',
      duty: 'onDuty',
    }),
  )
  const off = aUnit({ id: 'off', index: 900, callsign: 'off', duty: 'offDuty' })
  world = await dispatchWorld({ units: [...units, off] })
})
afterAll(() => world.end())

const offer = (ticketId: string, unitIds: string[], more: object = {}, key?: string) =>
  world.ask(wire.offerTicket, DISPATCHER, {
    params: { id: ticketId },
    body: { unitIds, mode: 'sequence', ...more },
    ...(key && { key }),
  })
const say = (verb: keyof typeof wire.dispatchCommands, id: string, who = DISPATCHER, body: object = {}) =>
  world.ask(wire.dispatchCommands[verb], who, { params: { id }, body })

describe('offering a ticket', () => {
  test('[DP5, DP6] a sequence keeps one offer standing for the tenant setting and the others in turn', async () => {
    const ticket = await world.placedTicket()
    const [a, b, c] = freshUnits(3) as [string, string, string]
    world.fleet.reach.enter(a)
    const answer = await offer(ticket.id, [a, b, c])
    expect(answer.ticket.status).toBe('offered')
    expect(answer.dispatches).toMatchObject([{ unitId: a, via: 'page', status: 'offered', expiresAt: T0 + 25_000 }])
    const { dispatches: rows, waiting, log } = await world.rows(ticket.id)
    expect(rows).toEqual(answer.dispatches)
    expect(waiting.map(({ unitId }) => unitId)).toEqual([b, c])
    expect(log.at(-1)).toMatchObject({ kind: 'offer', detail: { unitId: a, waiting: [b, c], skipped: [] } })
  })

  test('[DP5] a batch is one event with all its offers, told to all its units', async () => {
    const ticket = await world.placedTicket()
    const ids = freshUnits(3)
    await offer(ticket.id, ids, { mode: 'batch', ttlMs: 120_000 })
    const event = (await eventsOf(world)).at(-1)
    expect(event).toMatchObject({ kind: 'ticket:offered', actor: { kind: 'user', id: DISPATCHER.actor.id } })
    expect(event?.state.dispatches?.map(({ unitId }) => unitId).sort()).toEqual(ids.sort())
    expect(event?.state.log?.map(({ kind }) => kind)).toEqual(['offer', 'offer', 'offer'])
    expect(event?.audience.unitIds.sort()).toEqual(ids)
    expect(event?.state.dispatches?.every(({ expiresAt }) => expiresAt === T0 + 120_000)).toBe(true)
  })

  test('[DP4, DP5] who cannot be asked is passed over and named in the log; nobody left is a refusal', async () => {
    const ticket = await world.placedTicket()
    const [a] = freshUnits(1) as [string]
    const answer = await offer(ticket.id, ['off', a])
    expect(answer.dispatches).toMatchObject([{ unitId: a }])
    const { log } = await world.rows(ticket.id)
    expect(log.at(-1)?.detail).toMatchObject({ skipped: [{ unitId: 'off', why: 'unitOffDuty' }] })
    expect(await offer(ticket.id, ['off'])).toEqual({ ok: false, why: 'unitOffDuty' })
    expect(await offer(ticket.id, [a])).toEqual({ ok: false, why: 'alreadyOffered' })
    expect(await offer(ticket.id, ['nobody'])).toEqual({ ok: false, why: 'unknown' })
  })

  test('[DP4] a unit with a task is offered another only when that is confirmed', async () => {
    const [a] = freshUnits(1) as [string]
    const first = await world.placedTicket()
    const { dispatches: made } = await offer(first.id, [a])
    await say('accept', made[0].id, unitItself(a))
    const second = await world.placedTicket()
    expect(await offer(second.id, [a])).toEqual({ ok: false, why: 'unitBusy' })
    expect(await offer(second.id, [a], { confirmBusy: true })).toMatchObject({ dispatches: [{ unitId: a }] })
  })

  test('[DP8] an offer taken back leaves the ticket in hand: nobody further is asked, no alarm sounds', async () => {
    const ticket = await world.placedTicket()
    const ids = freshUnits(3)
    const { dispatches: made } = await offer(ticket.id, ids)
    const answer = await say('withdraw', made[0].id)
    expect(answer).toMatchObject({ ticket: { status: 'placed' }, dispatch: { status: 'withdrawn', endedAt: T0 } })
    const rows = await world.rows(ticket.id)
    expect(rows.waiting).toEqual([])
    expect(rows.alarms).toEqual([])
    expect(rows.log.at(-1)?.kind).toBe('offerWithdrawn')
    expect((await eventsOf(world)).at(-1)).toMatchObject({ kind: 'ticket:offerWithdrawn' })
    expect(await say('withdraw', made[0].id)).toEqual({ ok: false, why: 'notOffered' })
  })

  test('[CM1] the same order twice is one order, and its answer the same', async () => {
    const ticket = await world.placedTicket()
    const ids = freshUnits(2)
    const [first, again] = await Promise.all([offer(ticket.id, ids, {}, 'key-1'), offer(ticket.id, ids, {}, 'key-1')])
    expect(again).toEqual(first)
    expect((await world.rows(ticket.id)).dispatches.length).toBe(1)
    expect(await offer(ticket.id, ids.slice(1), {}, 'key-1')).toEqual({ ok: false, why: 'keyReused' })
  })

  test('[AC1] only who may offer offers, and nobody in another tenant', async () => {
    const ticket = await world.placedTicket()
    const body = { unitIds: freshUnits(1), mode: 'sequence' }
    const ask = (who: typeof DISPATCHER) => world.ask(wire.offerTicket, who, { params: { id: ticket.id }, body })
    expect(await ask(asRole('manager'))).toEqual({ ok: false, why: 'notAllowed' })
    expect(await ask(unitItself('unit-1'))).toEqual({ ok: false, why: 'unknown' })
    expect(await ask(asRole('dispatcher', { tenant: 'elsewhere' }))).toEqual({ ok: false, why: 'unknown' })
  })

  test('[AC1] the ranking is for whoever may offer', async () => {
    const ticket = await world.placedTicket()
    const ask = (who: typeof DISPATCHER) =>
      world.ask(wire.candidates, who, { params: { id: ticket.id }, query: { limit: 5 } })
    const { candidates, router, ticketId, at } = await ask(DISPATCHER)
    expect({ count: candidates.length, router, ticketId, at }).toEqual({
      count: 5,
      router: 'estimate',
      ticketId: ticket.id,
      at: T0,
    })
    expect(await ask(asRole('manager'))).toEqual({ ok: false, why: 'notAllowed' })
  })
})

describe('what the control room does to a ticket', () => {
  test('[DP13] cancelling it ends its offers and those waiting, and tells the units', async () => {
    const ticket = await world.placedTicket()
    const ids = freshUnits(2)
    await offer(ticket.id, ids)
    await world.ask(cancelTicket, DISPATCHER, { params: { id: ticket.id }, body: { reason: 'reported twice' } })
    const rows = await world.rows(ticket.id)
    expect(rows.ticket.status).toBe('cancelled')
    expect(rows.dispatches).toMatchObject([{ status: 'withdrawn', endedAt: T0 }])
    expect(rows.waiting).toEqual([])
    const event = (await eventsOf(world)).at(-1)
    expect(event?.audience.unitIds).toEqual([ids[0]])
    expect(event?.state.dispatches).toMatchObject([{ status: 'withdrawn' }])
  })

  test('[DP11, DP13] cancelling a task frees its unit; suspending frees it too, and resuming binds it again', async () => {
    const [a, b] = freshUnits(2) as [string, string]
    const [one, two] = [await world.placedTicket(), await world.placedTicket()]
    for (const [ticket, unitId] of [
      [one, a],
      [two, b],
    ] as const) {
      const { dispatches: made } = await offer(ticket.id, [unitId])
      await say('accept', made[0].id, DISPATCHER, { byPhone: true })
    }
    expect([await dutyOf(world, a), await dutyOf(world, b)]).toEqual(['busy', 'busy'])
    await world.ask(cancelTicket, DISPATCHER, { params: { id: one.id }, body: { reason: 'mistaken' } })
    await world.ask(suspendTicket, DISPATCHER, { params: { id: two.id }, body: { reason: 'no parts' } })
    expect([await dutyOf(world, a), await dutyOf(world, b)]).toEqual(['onDuty', 'onDuty'])
    const live = [...world.fleet.units('city')].filter(({ id }) => id === a || id === b)
    expect(live.map(({ duty }) => duty)).toEqual(['onDuty', 'onDuty'])
    expect((await eventsOf(world)).at(-1)?.state.units).toMatchObject([{ id: b, duty: 'onDuty' }])
    await world.ask(resumeTicket, DISPATCHER, { params: { id: two.id } })
    expect(await dutyOf(world, b)).toBe('busy')
    expect((await world.rows(two.id)).dispatches).toMatchObject([{ status: 'accepted' }])
  })
})

describe('the database', () => {
  test('[DP1] refuses a second winner and a second standing offer to the same unit, whatever the code does', async () => {
    const ticket = await world.placedTicket()
    const [a, b] = freshUnits(2) as [string, string]
    const row = (id: string, unitId: string, status: 'accepted' | 'on_site' | 'offered') =>
      world.db.insert(dispatches).values(aDispatch({ id, unitId, status, ticketId: ticket.id }))
    await row('w1', a, 'accepted')
    await expect(row('w2', b, 'on_site')).rejects.toThrow()
    await row('o1', b, 'offered')
    await expect(row('o2', b, 'offered')).rejects.toThrow()
  })
})
