import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { alarms, events } from '#db/schema/feed.ts'
import { consents, units } from '#db/schema/fleet.ts'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import { offsetM } from '#domain/geo.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { type Asker, CITY, startTestApp, type TestApp } from '#tests/support/app.ts'
import { aDispatch } from '#tests/support/dispatch-rows.ts'
import { afresh, codeOf, residentsOf } from '#tests/support/residents.ts'
import { ticketRow } from '#tests/support/ticket-world.ts'
import { IDEMPOTENCY_HEADER } from '#wire/route.ts'

let app: TestApp
let reported: Residents['reported']
let seen: Residents['seen']
type Residents = ReturnType<typeof residentsOf>

beforeAll(async () => {
  app = await startTestApp()
  ;({ reported, seen } = residentsOf(app))
})
beforeEach(() => afresh(app))
afterAll(() => app.end())

describe("a resident's ticket", () => {
  const unitId = `${CITY}-u1`

  test('[IN4] shows minutes while somebody is on the way and heard from, and never who or where', async () => {
    const { token, ticket } = await reported()
    const set = (changes: Partial<Ticket>) => app.db.update(tickets).set(changes).where(eq(tickets.id, ticket.id))
    await set({ status: 'accepted', unitId, acceptedAt: app.clock.now() })
    await app.db.insert(dispatches).values(aDispatch({ tenant: CITY, ticketId: ticket.id, unitId, status: 'accepted' }))
    const [lng, lat] = offsetM([ticket.lng, ticket.lat], 1_000, 0)
    const heard = () => {
      const at = app.clock.now()
      return app.app.fleet.take(
        unitId,
        [
          {
            at,
            lng,
            lat,
            accuracyM: 10,
            speedMps: null,
            headingDeg: null,
            altitudeM: null,
            batteryPct: null,
            source: 'page',
          },
        ],
        at,
      )
    }
    await consent(unitId)
    await heard()
    expect(app.app.fleet.last(unitId)).not.toBeNull()
    expect((await seen(token)).etaMinutes).toBeNull()
    await set({ status: 'en_route', enRouteAt: app.clock.now() })
    // 1 km × 1.3 at 18 km/h: four minutes and twenty seconds.
    const face = await seen(token)
    expect(face.etaMinutes).toBe(5)
    const said = JSON.stringify(face)
    for (const secret of [unitId, 'housekeeper 1', `${CITY}-f1`, String(lng), String(lat)])
      expect(said).not.toContain(secret)
    app.clock.advance(2 * MINUTE_MS)
    expect((await seen(token)).etaMinutes).toBeNull()
    await heard()
    await set({ status: 'on_site', onSiteAt: app.clock.now() })
    expect(await seen(token)).toMatchObject({ status: 'on_site', etaMinutes: null })
  })

  test('[IN4] tells the reason of an end or a pause, not what a worker wrote when giving it back', async () => {
    const { token, ticket } = await reported()
    const set = (changes: Partial<Ticket>) => app.db.update(tickets).set(changes).where(eq(tickets.id, ticket.id))
    await set({ status: 'returned', reason: 'the caller is rude' })
    expect((await seen(token)).reason).toBeNull()
    await set({ status: 'suspended', reason: 'a part is ordered' })
    expect((await seen(token)).reason).toBe('a part is ordered')
  })

  async function consent(id: string) {
    const consent = { id: 'consent-1', tenant: CITY, unitId: id, textVersion: '1', givenBy: 'worker' }
    await app.db.insert(consents).values({ ...consent, givenAt: app.clock.now() })
    await app.db.update(units).set({ tracked: true }).where(eq(units.id, id))
    await app.app.fleet.reload([id])
  }
})

describe('the rating', () => {
  const rate = (token: string, rating: number, text?: string, key = randomUUID()) =>
    app.ask('POST', `/api/t/${token}/rating`, { rating, ...(text && { text }) }, { [IDEMPOTENCY_HEADER]: key })

  async function resolved() {
    const made = await reported()
    await app.db
      .update(tickets)
      .set({ status: 'resolved', resolvedAt: app.clock.now(), resolution: 'a new lamp' })
      .where(eq(tickets.id, made.ticket.id))
    return made
  }

  test('[IN7] is given once when the work is done, and told to every console', async () => {
    const { token, ticket } = await resolved()
    expect(await seen(token)).toMatchObject({ mayRate: true, resolution: 'a new lamp', rating: null })
    const key = randomUUID()
    const answer = await rate(token, 4, 'quick', key)
    expect(answer.json()).toMatchObject({ status: 'rated', rating: 4, ratingText: 'quick', mayRate: false })
    expect((await rate(token, 4, 'quick', key)).statusCode).toBe(200)
    expect(codeOf(await rate(token, 1))).toBe('alreadyRated')
    expect(await ticketRow(app.db, ticket.id)).toMatchObject({ rating: 4, ratedBy: { kind: 'resident', id: null } })
    const told = await app.db.select().from(events).where(eq(events.kind, 'ticket:rated'))
    expect(told).toHaveLength(1)
  })

  test('[IN7] is refused before the work is done, outside 1 to 5, and for an unknown link', async () => {
    const { token } = await reported()
    expect((await seen(token)).mayRate).toBe(false)
    expect(codeOf(await rate(token, 5))).toBe('notInThisState')
    const { token: done } = await resolved()
    expect(codeOf(await rate(done, 6))).toBe('invalidFields')
    expect(codeOf(await rate(done, 2.5))).toBe('invalidFields')
    expect(codeOf(await rate('x'.repeat(24), 5))).toBe('unknown')
  })

  test('[IN7] of a merged report waits for the ticket it went into, whose progress it shows', async () => {
    const child = await reported()
    const parent = await reported()
    const dispatcher: Asker = await app.withRole('dispatcher')
    const merged = await dispatcher.ask('POST', `/api/tickets/${child.ticket.id}/merge`, {
      into: parent.ticket.id,
      reason: 'the same lamp',
    })
    expect(merged.statusCode).toBe(200)
    expect(await seen(child.token)).toMatchObject({ number: child.ticket.number, status: 'reported', mayRate: false })
    expect(codeOf(await rate(child.token, 5))).toBe('notInThisState')
    await app.db.update(tickets).set({ status: 'resolved' }).where(eq(tickets.id, parent.ticket.id))
    expect(await seen(child.token)).toMatchObject({ status: 'resolved', mayRate: true })
    expect((await rate(child.token, 5)).json()).toMatchObject({ rating: 5 })
    expect((await ticketRow(app.db, parent.ticket.id)).rating).toBeNull()
  })

  test('[TK16] nobody else hears of an alarm by a rating', async () => {
    const { token } = await resolved()
    const before = await app.db.select().from(alarms)
    await rate(token, 5)
    expect(await app.db.select().from(alarms)).toHaveLength(before.length)
  })
})
