import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE_MS } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { type Asker, CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { firstOf } from '#tests/support/ticket-world.ts'
import type { TicketCard } from '#wire/routes/tickets.ts'

let app: TestApp
let dispatcher: Asker
beforeAll(async () => {
  app = await startTestApp()
  dispatcher = await app.signedIn('dispatcher')
})
afterAll(() => app.end())

const report = async (body: object = {}) => {
  const given = { category: 'blockedDrain', description: 'water comes up', communityId: `${CITY}-c1`, ...body }
  return dispatcher.ask('POST', '/api/tickets', given)
}

describe('tickets through the door', () => {
  test('[TK2] a whole journey by HTTP: each step answers the ticket, and the card tells all of it', async () => {
    const { id } = (await report()).json<Ticket>()
    const unit = await app.signedIn('fieldWorker')
    const post = async (who: Asker, path: string, body: object = {}) => (await who.ask('POST', path, body)).json()
    await post(dispatcher, `/api/tickets/${id}/triage`, { class: 'ordinary' })
    await post(dispatcher, `/api/tickets/${id}/place`)
    const offered = await post(dispatcher, `/api/tickets/${id}/offers`, { unitIds: [`${CITY}-u1`], mode: 'sequence' })
    const task = `/api/dispatches/${firstOf<{ id: string }>(offered.dispatches).id}`
    app.clock.advance(MINUTE_MS)
    for (const step of ['accept', 'depart', 'arrive']) await post(unit, `${task}/${step}`)
    app.clock.advance(MINUTE_MS)
    const { ticket } = await post(unit, `${task}/resolve`, { note: 'the drain runs again' })
    expect(ticket).toMatchObject({ status: 'resolved', onSiteAt: T0 + MINUTE_MS, resolvedAt: T0 + 2 * MINUTE_MS })
    expect(await post(unit, `/api/tickets/${id}/visit`, { solved: true, satisfied: null })).toMatchObject({
      error: { code: 'notAllowed' },
    })
    await post(dispatcher, `/api/tickets/${id}/visit`, { solved: true, satisfied: true })
    await post(dispatcher, `/api/tickets/${id}/close`)
    const card = (await dispatcher.ask('GET', `/api/tickets/${id}`)).json<TicketCard>()
    expect(card.ticket).toMatchObject({ status: 'closed', arriveBreached: false, solveBreached: false })
    expect(card.log.map(({ kind }) => kind)).toEqual([
      'report',
      'triage',
      'place',
      'offer',
      'accept',
      'depart',
      'arrive',
      'resolve',
      'visit',
      'close',
    ])
  })

  test('[TK3] a refusal carries its code and its status, and all faulty fields come at once', async () => {
    const { id } = (await report()).json<Ticket>()
    const early = await dispatcher.ask('POST', `/api/tickets/${id}/close`, {})
    expect([early.statusCode, early.json().error.code]).toEqual([409, 'notInThisState'])
    const outside = await report({ communityId: undefined, lng: 0, lat: 0 })
    expect([outside.statusCode, outside.json().error.code]).toEqual([400, 'outsideTenant'])
    const faulty = await report({ category: 'weather', lng: 999, reason: 'x' })
    expect(faulty.statusCode).toBe(400)
    expect(faulty.json().error.fields.length).toBeGreaterThan(1)
    const said = await app.ask('POST', `/api/tickets/${id}/close`, {})
    expect(said.statusCode).toBe(401)
  })

  test('[TK19] the export streams through the door to those who may', async () => {
    const manager = await app.signedIn('manager')
    const csv = await manager.ask('GET', '/api/exports/tickets.csv')
    expect([csv.statusCode, csv.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(csv.body).toContain('water comes up')
    expect((await dispatcher.ask('GET', '/api/exports/tickets.csv')).statusCode).toBe(403)
  })
})
