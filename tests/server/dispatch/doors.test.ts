import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dispatch } from '#domain/dispatch.ts'
import type { Ticket } from '#domain/ticket.ts'
import { type Asker, CITY, startTestApp, type TestApp } from '#tests/support/app.ts'
import type { Candidates } from '#wire/routes/dispatches.ts'

let app: TestApp
let dispatcher: Asker
beforeAll(async () => {
  app = await startTestApp()
  dispatcher = await app.signedIn('dispatcher')
})
afterAll(() => app.end())

const post = async (who: Asker, path: string, body: object = {}) => {
  const answer = await who.ask('POST', path, body)
  return { status: answer.statusCode, body: answer.json() }
}

async function offered(unitIds: string[]): Promise<{ ticket: Ticket; dispatch: Dispatch }> {
  const report = { category: 'blockedDrain', description: 'water comes up', communityId: `${CITY}-c1` }
  const { body: ticket } = await post(dispatcher, '/api/tickets', report)
  await post(dispatcher, `/api/tickets/${ticket.id}/place`)
  const { body } = await post(dispatcher, `/api/tickets/${ticket.id}/offers`, { unitIds, mode: 'sequence' })
  return { ticket: body.ticket, dispatch: body.dispatches[0] }
}

describe('dispatch through the door', () => {
  test('[DP2, AC2] a dispatcher records what was said on the phone; a manager is refused at the door', async () => {
    const { dispatch } = await offered([`${CITY}-u1`])
    const manager = await app.signedIn('manager')
    const path = `/api/dispatches/${dispatch.id}/accept`
    expect(await post(manager, path, { byPhone: true })).toMatchObject({
      status: 403,
      body: { error: { code: 'notAllowed' } },
    })
    expect(await post(dispatcher, path)).toMatchObject({ status: 403, body: { error: { code: 'notAllowed' } } })
    expect(await post(dispatcher, path, { byPhone: true })).toMatchObject({
      status: 200,
      body: { ticket: { status: 'accepted' } },
    })
    expect(await post(dispatcher, path, { byPhone: true })).toMatchObject({
      status: 409,
      body: { error: { code: 'notOffered' } },
    })
  })

  test('[DP7] the engine of the running server asks the next in turn when the clock says so', async () => {
    const { ticket } = await offered([`${CITY}-u4`, `${CITY}-u2`])
    // Nobody's page is open here: the offers are told on the phone and stand for as long as a call takes.
    app.clock.advance(90_000)
    await app.app.engine.tick()
    const card = (await dispatcher.ask('GET', `/api/tickets/${ticket.id}`)).json()
    const sent = card.dispatches.map(({ unitId, status }: Dispatch) => `${unitId} ${status}`)
    expect(sent).toEqual([`${CITY}-u4 expired`, `${CITY}-u2 offered`])
  })

  test('[RK7] the ranking tells its reasons', async () => {
    const { ticket } = await offered([`${CITY}-u3`])
    const answer = await dispatcher.ask('GET', `/api/tickets/${ticket.id}/candidates?limit=10`)
    const { candidates, router } = answer.json<Candidates>()
    expect(router).toBe('estimate')
    expect(candidates.find(({ unit }) => unit.id === `${CITY}-u3`)?.barred).toBe('offeredAlready')
    for (const { reasons } of candidates) expect(reasons.map(({ code }) => code)).toContain('eta')
  })
})
