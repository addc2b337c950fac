import { eq, sql } from 'drizzle-orm'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDb } from '#db/connect.ts'
import { user } from '#db/schema/accounts.ts'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import { DAY_MS } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { exportRoute } from '#server/tickets/export.ts'
import { ticketByToken } from '#server/tickets/queries.ts'
import { hashOfToken } from '#server/tickets/routes.ts'
import { aDispatch, aUnit, T0 } from '#tests/support/dispatch-rows.ts'
import {
  type Asker,
  asRole,
  DISPATCHER,
  type DispatchWorld,
  dispatchWorld,
  unitItself,
} from '#tests/support/dispatch-world.ts'
import { insertPlaces, reportAs } from '#tests/support/ticket-world.ts'
import * as wire from '#wire/routes/tickets.ts'

let world: DispatchWorld
let here: Ticket
let there: Ticket
const worker = asRole('neighbourhoodWorker', { neighbourhoodCode: 'N1' })
const officer = asRole('subdistrictOfficer', { subdistrictCode: 'S2' })
const provider = asRole('providerManager', { firmId: 'firm-2' })
const manager = asRole('manager')
const foreigner = asRole('dispatcher', { tenant: 'elsewhere' })

beforeAll(async () => {
  world = await dispatchWorld({ units: [aUnit(), aUnit({ id: 'unit-2', index: 2, callsign: '管家 0002' })] })
  await insertPlaces(world.db)
  const caller = { requesterName: 'resident of 3-2-1', requesterPhone: '000' }
  here = await reportAs(world.db, T0 - DAY_MS, { ...caller, description: '100% dark_here' })
  there = await reportAs(world.db, T0, { communityId: 'community-2', description: '=cmd|calc' })
  await world.db.insert(dispatches).values(aDispatch({ ticketId: there.id }))
})
afterAll(() => world.end())

const numbers = async (who: Asker, query: object = {}): Promise<number[]> =>
  (await world.ask(wire.tickets, who, { query })).map((ticket: Ticket) => ticket.number)
const card = (who: Asker, { id }: Ticket) => world.ask(wire.ticketCard, who, { params: { id } })

describe('the list', () => {
  test('[AC1] holds only what each reader may see, newest first', async () => {
    const [h, t] = [here.number, there.number]
    expect(await numbers(DISPATCHER)).toEqual([t, h])
    expect(await numbers(worker)).toEqual([h])
    expect(await numbers(officer)).toEqual([t])
    expect(await numbers(provider)).toEqual([t])
    expect(await numbers(unitItself('unit-1'))).toEqual([t])
    expect(await numbers(unitItself('unit-2'))).toEqual([])
    expect(await numbers(foreigner)).toEqual([])
  })

  test('[TK20] is filtered by community, time, number and words that mean themselves', async () => {
    expect(await numbers(DISPATCHER, { communityId: 'community-1' })).toEqual([here.number])
    expect(await numbers(DISPATCHER, { from: T0 })).toEqual([there.number])
    expect(await numbers(DISPATCHER, { beforeNumber: there.number })).toEqual([here.number])
    expect(await numbers(DISPATCHER, { text: `#${here.number}` })).toEqual([here.number])
    expect(await numbers(DISPATCHER, { text: '0% DARK_' })).toEqual([here.number])
    expect(await numbers(DISPATCHER, { text: '%' })).toEqual([here.number])
    expect(await numbers(DISPATCHER, { text: '\\' })).toEqual([])
  })
})

describe('the card', () => {
  test('[TK21] names the resident only to those with the right to see it', async () => {
    expect((await card(DISPATCHER, here)).requester).toEqual({ name: 'resident of 3-2-1', phone: '000' })
    expect((await card(worker, here)).requester).toEqual({ name: 'resident of 3-2-1', phone: '000' })
    expect((await card(manager, here)).requester).toBe(null)
    expect((await card(manager, here)).ticket.id).toBe(here.id)
  })

  test('[AC1] of a ticket that is not the reader’s is unknown, as is every command on it', async () => {
    expect(await card(officer, here)).toEqual({ ok: false, why: 'unknown' })
    expect(await card(foreigner, here)).toEqual({ ok: false, why: 'unknown' })
    const said = { params: { id: there.id }, body: { reason: 'mine' } }
    expect(await world.ask(wire.escalateTicket, worker, said)).toEqual({ ok: false, why: 'unknown' })
    expect(await world.ask(wire.cancelTicket, manager, said)).toEqual({ ok: false, why: 'notAllowed' })
  })

  test('[TK24] is of one moment: never the ticket of one and the offers of the next', async () => {
    const other = openDb(world.url, { max: 1 })
    const offersAreWaitedFor = async () =>
      (await world.sql`select 1 from pg_locks where relation = 'dispatches'::regclass and not granted`).length > 0
    const reading = await other.db.transaction(async (tx) => {
      await tx.execute(sql`lock table dispatches in access exclusive mode`)
      const asked = card(DISPATCHER, there)
      await expect.poll(offersAreWaitedFor).toBe(true)
      await tx.update(tickets).set({ description: 'later' }).where(eq(tickets.id, there.id))
      await tx.update(dispatches).set({ status: 'accepted' }).where(eq(dispatches.ticketId, there.id))
      return { asked }
    })
    const before = await reading.asked
    expect([before.ticket.description, before.dispatches[0].status]).toEqual(['=cmd|calc', 'offered'])
    await world.db.update(dispatches).set({ status: 'offered' }).where(eq(dispatches.ticketId, there.id))
    await world.db.update(tickets).set({ description: '=cmd|calc' }).where(eq(tickets.id, there.id))
    await other.close()
  })

  test('[TK20] counts the other tickets of the community in ninety days', async () => {
    expect((await card(DISPATCHER, here)).repeats).toBe(0)
    const again = await reportAs(world.db, T0)
    expect((await card(DISPATCHER, again)).repeats).toBe(1)
  })
})

describe('the names on a card', () => {
  test('[TK20] are those of the accounts in its log, and of nobody else', async () => {
    const account = (id: string) => ({
      id,
      name: `desk ${id}`,
      email: `${id}@example.org`,
      createdAt: new Date(T0),
      updatedAt: new Date(T0),
    })
    await world.db.insert(user).values(['u-7', 'u-8'].map(account))
    const told = await reportAs(world.db, T0, {}, { kind: 'user', id: 'u-7' })
    expect((await card(DISPATCHER, told)).names).toEqual({ 'u-7': 'desk u-7' })
    expect((await card(DISPATCHER, here)).names).toEqual({})
  })
})

describe('the resident’s link', () => {
  const link = (key?: string) =>
    world.ask(wire.residentLink, DISPATCHER, { params: { id: here.id }, ...(key && { key }) })

  test('[TK22] opens its one ticket until the next link is made, and only its hash is kept', async () => {
    const first = await link()
    expect((await ticketByToken(world.db, hashOfToken(first.token)))?.id).toBe(here.id)
    const second = await link()
    expect(await ticketByToken(world.db, hashOfToken(first.token))).toBe(null)
    expect((await ticketByToken(world.db, hashOfToken(second.token)))?.id).toBe(here.id)
    const kept = await world.sql`select answer::text from commands`
    expect(JSON.stringify(kept)).not.toContain(second.token)
    expect((await card(DISPATCHER, here)).requester?.name).toBe('resident of 3-2-1')
  })

  test('[TK22] is told once: the same command again is refused', async () => {
    expect((await link('once')).token).toHaveLength(24)
    expect(await link('once')).toEqual({ ok: false, why: 'conflict' })
  })
})

describe('the export', () => {
  test('[TK19] is a CSV that no spreadsheet runs, of what the reader may export', async () => {
    const http = Fastify()
    const csvFor = async ({ reader }: Asker) => {
      const url = `/${reader.userId}`
      const ask = { tenant: reader.tenant, reader, query: { from: T0 - 1 } }
      exportRoute({
        db: world.db,
        wake: () => undefined,
        serve: () => undefined,
        serveRaw: (_route, handle) => http.get(url, (request, reply) => handle(ask as never, request, reply)),
      })
      return url
    }
    const [mine, none] = [await csvFor(manager), await csvFor(worker)]
    const { body, headers } = await http.inject(mine)
    expect(headers['content-type']).toContain('text/csv')
    expect(body.startsWith('\uFEFFnumber,id,status')).toBe(true)
    const lines = body.trimEnd().split('\r\n')
    expect(lines.length).toBe(1 + (await numbers(manager, { from: T0 - 1 })).length)
    expect(body).toContain(`"'=cmd|calc"`)
    expect(body).toContain('2026-')
    expect((await http.inject(none)).body.trimEnd().split('\r\n')).toHaveLength(1)
    await http.close()
  })
})
