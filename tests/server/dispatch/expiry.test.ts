import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDb } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { tickets } from '#db/schema/tickets.ts'
import { expireOffers, offerExpiry } from '#server/dispatch/expiry.ts'
import { aUnit } from '#tests/support/dispatch-rows.ts'
import { CITY, DISPATCHER, type DispatchWorld, dispatchWorld, eventsOf } from '#tests/support/dispatch-world.ts'
import * as wire from '#wire/routes/dispatches.ts'

let world: DispatchWorld
let next = 0
const freshUnits = (count: number) => Array.from({ length: count }, () => `unit-${next++}`)

beforeAll(async () => {
  const crowd = Array.from({ length: 300 }, (_, index) =>
    aUnit({ id: `unit-${index}`, index, callsign: `管家 ${index}` }),
  )
  world = await dispatchWorld({ units: crowd })
  // Everybody's page is open: offers stand for exactly their time.
  for (const { id } of crowd) world.fleet.reach.enter(id)
})
afterAll(() => world.end())

const offer = (ticketId: string, unitIds: string[], more: object = {}) =>
  world.ask(wire.offerTicket, DISPATCHER, { params: { id: ticketId }, body: { unitIds, mode: 'sequence', ...more } })
const expire = () => expireOffers(world.db, world.fleet, world.clock.now())
const statuses = async (ticketId: string) => (await world.rows(ticketId)).dispatches.map(({ status }) => status)

describe('offers that nobody answers', () => {
  test('[DP6, DP7] end at their moment, one after the other, until nobody is left and the alarm sounds', async () => {
    const ticket = await world.placedTicket()
    const ids = freshUnits(3)
    await offer(ticket.id, ids)
    world.clock.advance(24_999)
    expect(await expire()).toEqual([])
    world.clock.advance(1)
    expect(await expire()).toEqual([CITY])
    expect(await statuses(ticket.id)).toEqual(['expired', 'offered'])
    world.clock.advance(25_000)
    await expire()
    expect(await statuses(ticket.id)).toEqual(['expired', 'expired', 'offered'])
    world.clock.advance(25_000)
    await expire()
    const rows = await world.rows(ticket.id)
    expect(rows.dispatches.map(({ status, unitId }) => `${unitId} ${status}`)).toEqual(ids.map((id) => `${id} expired`))
    expect(rows.ticket.status).toBe('placed')
    expect(rows.alarms).toMatchObject([{ kind: 'offersExhausted', late: false }])
    expect(rows.log.map(({ kind }) => kind).slice(-6)).toEqual([
      'offer',
      'expire',
      'offer',
      'expire',
      'offer',
      'expire',
    ])
    expect(await expire()).toEqual([])
  })

  test('[DP7] the next in turn is asked in the same commit: the feed never shows the ticket lying idle between', async () => {
    const ticket = await world.placedTicket()
    await offer(ticket.id, freshUnits(2))
    const before = (await eventsOf(world)).length
    world.clock.advance(25_000)
    await expire()
    const news = (await eventsOf(world)).slice(before)
    expect(news.map(({ kind }) => kind)).toEqual(['ticket:expired', 'ticket:offered'])
    expect(news[1]?.actor).toEqual({ kind: 'engine', id: null })
    world.clock.advance(60_000)
    await expire()
  })

  test('[DP5, DP7] who has gone off duty or become busy meanwhile is passed over without losing a second', async () => {
    const ticket = await world.placedTicket()
    const [a, gone, busy, d] = freshUnits(4) as [string, string, string, string]
    await offer(ticket.id, [a, gone, busy, d])
    await world.db.update(units).set({ duty: 'offDuty' }).where(eq(units.id, gone))
    await world.db.update(units).set({ duty: 'busy' }).where(eq(units.id, busy))
    world.clock.advance(25_000)
    await expire()
    const { dispatches, waiting } = await world.rows(ticket.id)
    expect(dispatches.map(({ unitId, status }) => `${unitId} ${status}`)).toEqual([`${a} expired`, `${d} offered`])
    expect(waiting).toEqual([])
    world.clock.advance(60_000)
    await expire()
  })

  test('[DP5] a confirmed double task stays confirmed for those waiting', async () => {
    const ticket = await world.placedTicket()
    const [a, busy] = freshUnits(2) as [string, string]
    await world.db.update(units).set({ duty: 'busy' }).where(eq(units.id, busy))
    await offer(ticket.id, [a, busy], { confirmBusy: true })
    world.clock.advance(25_000)
    await expire()
    expect(await statuses(ticket.id)).toEqual(['expired', 'offered'])
    world.clock.advance(60_000)
    await expire()
  })

  test('[DP6] a batch falls together: one event, one alarm, and only its last fall brings the ticket back', async () => {
    const ticket = await world.placedTicket()
    await offer(ticket.id, freshUnits(5), { mode: 'batch' })
    const before = (await eventsOf(world)).length
    world.clock.advance(25_000)
    await expire()
    const rows = await world.rows(ticket.id)
    expect(rows.ticket.status).toBe('placed')
    expect(rows.log.filter(({ kind }) => kind === 'expire').map(({ detail }) => detail?.stillStanding)).toEqual([
      4, 3, 2, 1, 0,
    ])
    expect((await eventsOf(world)).slice(before).map(({ kind }) => kind)).toEqual(['ticket:expired', 'alarm:raised'])
  })

  test('[DP6] after an outage what is overdue falls once and says that it is late', async () => {
    const ticket = await world.placedTicket()
    await offer(ticket.id, freshUnits(1))
    world.clock.advance(3_600_000)
    await expire()
    await expire()
    const rows = await world.rows(ticket.id)
    expect(rows.log.filter(({ kind }) => kind === 'expire').map(({ detail }) => detail?.late)).toEqual([true])
    expect(rows.alarms).toMatchObject([{ kind: 'offersExhausted', late: true }])
  })

  test('[DP6] several engines at once end each offer exactly once', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => world.placedTicket()))
    for (const ticket of all) await offer(ticket.id, freshUnits(2))
    world.clock.advance(25_000)
    const now = world.clock.now()
    const nodes = [1, 2, 3].map(() => openDb(world.url, { max: 4 }))
    await Promise.all(
      nodes.flatMap(({ db }) => [expireOffers(db, world.fleet, now), expireOffers(db, world.fleet, now)]),
    )
    await Promise.all(nodes.map((node) => node.close()))
    // A ticket that was held by another engine the whole time is the next turn's.
    await expire()
    for (const ticket of all) {
      const { dispatches, log } = await world.rows(ticket.id)
      expect(dispatches.map(({ status }) => status)).toEqual(['expired', 'offered'])
      expect(log.filter(({ kind }) => kind === 'expire').length).toBe(1)
    }
    world.clock.advance(60_000)
    await expire()
  })

  test('[DP6] a ticket that somebody holds is passed over and not waited for', async () => {
    const ticket = await world.placedTicket()
    await offer(ticket.id, freshUnits(1))
    world.clock.advance(25_000)
    await world.db.transaction(async (tx) => {
      await tx.select().from(tickets).where(eq(tickets.id, ticket.id)).for('update')
      expect(await expire()).toEqual([])
    })
    expect(await expire()).toEqual([CITY])
  })

  test('[DP6] the engine is told when the next offer ends, and wakes the tenant it had news for', async () => {
    const woken: string[] = []
    const duty = offerExpiry(world.fleet, (tenant) => void woken.push(tenant))
    expect(await duty.nextAt?.(world.db, world.clock.now())).toBeNull()
    const ticket = await world.placedTicket()
    await offer(ticket.id, freshUnits(1), { ttlMs: 40_000 })
    const due = world.clock.now() + 40_000
    expect(await duty.nextAt?.(world.db, world.clock.now())).toBe(due)
    expect(await duty.run(world.db, due)).toBe(1)
    expect(await duty.run(world.db, due)).toBe(0)
    expect(woken).toEqual([CITY])
  })
})
