import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { communities, tenants } from '#db/schema/places.ts'
import { requesters, tickets } from '#db/schema/tickets.ts'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '#domain/instant.ts'
import { CATEGORIES, type Ticket } from '#domain/ticket.ts'
import { REPORT_LIMITS } from '#server/intake/limits.ts'
import { issueApiKey } from '#server/people/api-keys.ts'
import { CITY, grantFor, OTHER_CITY, startTestApp, type TestApp } from '#tests/support/app.ts'
import { afresh, residentsOf } from '#tests/support/residents.ts'
import { alarmRows, ticketRow } from '#tests/support/ticket-world.ts'
import type { Open311Request, Open311Service } from '#wire/open311.ts'
import { IDEMPOTENCY_HEADER } from '#wire/route.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
beforeEach(() => afresh(app))
afterAll(() => app.end())

const V2 = '/open311/v2'
const w3c = (at: Instant) => new Date(at).toISOString().replace('.000', '')
const POINT = { lat: '41.41234567', long: '123.41234567' }
const LAMP = { jurisdiction_id: CITY, service_code: 'lighting', description: 'the lamp is dark', ...POINT }

/** As most programs send it: a form, every value text. */
let calls = 0
const post = (
  fields: Record<string, string>,
  { from = `10.3.0.${++calls % 250}`, headers = {} as object, json = false } = {},
) =>
  app.app.http.inject({
    method: 'POST',
    url: `${V2}/requests.json`,
    remoteAddress: from,
    headers: { 'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded', ...headers },
    payload: json ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
  })
const get = (path: string, query: Record<string, string> = { jurisdiction_id: CITY }) =>
  app.ask('GET', `${V2}/${path}?${new URLSearchParams(query)}`)
const list = async (query: Record<string, string> = {}): Promise<Open311Request[]> =>
  (await get('requests.json', { jurisdiction_id: CITY, ...query })).json()

async function reported(changes: Record<string, string> = {}): Promise<Ticket> {
  const answer = await post({ ...LAMP, ...changes })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return ticketRow(app.db, answer.json()[0].service_request_id)
}

describe('Open311 services', () => {
  test('[IN8] are the categories, in the words of the city, the emergencies with the number to call first', async () => {
    const services: Open311Service[] = (await get('services.json')).json()
    expect(services.map(({ service_code }) => service_code)).toEqual([...CATEGORIES])
    const of = (code: string) => services.find(({ service_code }) => service_code === code)
    expect(of('burstPipe')).toMatchObject({
      service_name: '跑水爆管',
      metadata: false,
      type: 'realtime',
      group: '报修',
    })
    expect(of('medical')?.description).toContain('120')
    expect((await get('services/burstPipe.json')).json()).toEqual({ service_code: 'burstPipe', attributes: [] })
    await app.db.update(tenants).set({ locale: 'en' })
    const [fire] = (await get('services.json')).json()
    expect(fire.service_name).toBe('Fire')
    await app.db.update(tenants).set({ locale: 'zh-CN' })
  })
})

describe('a report through Open311', () => {
  test('[IN8] by form becomes a ticket at its point; the answer is its id and whom to call first', async () => {
    const answer = await post({
      ...LAMP,
      service_code: 'gas',
      first_name: '住',
      last_name: '户',
      phone: '1',
      address_string: '2 号楼',
    })
    expect(answer.statusCode).toBe(201)
    const [receipt] = answer.json()
    expect(receipt.service_notice).toContain('119')
    const ticket = await ticketRow(app.db, receipt.service_request_id)
    expect(ticket).toMatchObject({
      channel: 'open311',
      category: 'gas',
      priority: 'P0',
      lat: 41.41234567,
      lng: 123.41234567,
    })
    expect(ticket).toMatchObject({
      address: '2 号楼',
      neighbourhoodCode: null,
      reportedBy: { kind: 'resident', id: null },
    })
    const [person] = await app.db.select().from(requesters).where(eq(requesters.ticketId, ticket.id))
    expect(person).toMatchObject({ name: '住 户', phone: '1' })
    expect((await alarmRows(app.db, ticket.id)).map(({ kind }) => kind)).toEqual(['emergencyReport'])
  })

  test("[IN8] as JSON, by a community's code or its only name, has its jurisdiction", async () => {
    const { lat: _, long: __, ...nowhere } = LAMP
    const byCode = await post({ ...nowhere, address_id: `${CITY}-c2` }, { json: true })
    const byName = await post({ ...nowhere, address_string: '示范小区 3' }, { json: true })
    const rows = await Promise.all([byCode, byName].map((one) => ticketRow(app.db, one.json()[0].service_request_id)))
    expect(rows.map(({ neighbourhoodCode }) => neighbourhoodCode)).toEqual(['N21', 'N12'])
    await app.db
      .update(communities)
      .set({ name: '示范小区 3' })
      .where(eq(communities.id, `${CITY}-c1`))
    expect((await post({ ...nowhere, address_string: '示范小区 3' })).json()[0].code).toBe(400)
    await app.db
      .update(communities)
      .set({ name: '示范小区 1' })
      .where(eq(communities.id, `${CITY}-c1`))
  })

  test.each<[Record<string, string>, number, string]>([
    [{ service_code: '' }, 400, 'service_code was not provided'],
    [{ service_code: 'potholes' }, 404, 'service_code was not found'],
    [{ jurisdiction_id: '' }, 400, 'jurisdiction_id was not provided'],
    [{ jurisdiction_id: 'nowhere' }, 404, 'jurisdiction_id was not found'],
    [{ lat: '' }, 400, 'lat and long must be given together'],
    [{ lat: 'north' }, 400, 'lat must be number'],
    [{ lat: '', long: '' }, 400, 'lat and long, address_string or address_id was not provided'],
    [{ lat: '10', long: '10' }, 400, 'lat and long lie outside the jurisdiction'],
    [{ address_id: 'elsewhere-c1' }, 404, 'address_id was not found'],
    [
      { lat: '', long: '', address_string: 'behind the moon' },
      400,
      'address_string names no place known here: give lat and long, or address_id',
    ],
    [{ api_key: 'guessed' }, 403, 'api_key is not valid'],
  ])("[IN8] with %j is refused in the protocol's own form", async (changes, code, description) => {
    const answer = await post({ ...LAMP, ...changes })
    expect([answer.statusCode, answer.json()]).toEqual([code, [{ code, description }]])
    expect(await app.db.select().from(tickets)).toEqual([])
  })

  test('[IN8] with several wrong fields is told all of them', async () => {
    const answer = await post({ jurisdiction_id: CITY, lat: '99', long: 'x', phone: '1'.repeat(31) })
    expect(answer.json()).toHaveLength(4)
  })

  test('[IN8] with characters that are no text is taken without them', async () => {
    const answer = await post({ ...LAMP, description: 'a\0b \ud83d' }, { json: true })
    expect((await ticketRow(app.db, answer.json()[0].service_request_id)).description).toBe('ab \ufffd')
    expect((await get('requests.json', { jurisdiction_id: CITY, service_request_id: 'a\0b' })).statusCode).toBe(400)
    expect((await get('requests/%00.json', { jurisdiction_id: CITY })).statusCode).toBe(400)
  })

  test('[IN8] in XML is refused with 406', async () => {
    for (const path of ['services.xml', 'services/fire.xml', 'requests.xml', 'requests/1.xml', 'tokens/1.xml']) {
      const answer = await get(path)
      expect([answer.statusCode, answer.json()[0].code]).toEqual([406, 406])
    }
    expect((await app.ask('POST', `${V2}/requests.xml`, {})).statusCode).toBe(406)
  })

  test('[IN8] named by an Idempotency-Key is the same report when it is sent again', async () => {
    const headers = { [IDEMPOTENCY_HEADER]: randomUUID() }
    const first = await post(LAMP, { from: '10.4.0.1', headers })
    expect((await post(LAMP, { from: '10.4.0.1', headers })).json()).toEqual(first.json())
    expect((await post({ ...LAMP, description: 'x' }, { from: '10.4.0.1', headers })).json()[0].code).toBe(409)
    expect(await app.db.select().from(tickets)).toHaveLength(1)
  })
})

describe('who may report through Open311', () => {
  async function keyOf(role: 'dispatcher' | 'auditor' | 'neighbourhoodWorker', tenant = CITY) {
    const userId = await app.account(`${role}-${++calls}`, grantFor(role, tenant))
    return issueApiKey(app.app.auth, userId, 'open311')
  }

  test('[IN10] without a key an address has so many in ten minutes; with one there is no such count', async () => {
    const from = '10.5.0.1'
    for (let i = 0; i < REPORT_LIMITS.byAddress; i++) expect((await post(LAMP, { from })).statusCode).toBe(201)
    const refusal = await post(LAMP, { from })
    expect([refusal.statusCode, refusal.json()[0].code]).toEqual([429, 429])
    expect(refusal.headers['retry-after']).toBe(String(REPORT_LIMITS.windowMs / 1_000))
    const api_key = await keyOf('dispatcher')
    const answer = await post({ ...LAMP, api_key }, { from })
    expect(answer.statusCode).toBe(201)
    const ticket = await ticketRow(app.db, answer.json()[0].service_request_id)
    expect(ticket.reportedBy.kind).toBe('api')
    const bearer = await post(LAMP, { from, headers: { authorization: `Bearer ${api_key}` } })
    expect(bearer.statusCode).toBe(201)
  })

  test('[IN10] a key reports only where, and whatever, its account may report', async () => {
    const codes = async (fields: Record<string, string>) => (await post(fields)).json()[0].code
    expect(await codes({ ...LAMP, api_key: await keyOf('auditor') })).toBe(403)
    expect(await codes({ ...LAMP, api_key: await keyOf('dispatcher', OTHER_CITY) })).toBe(403)
    const worker = { ...LAMP, api_key: await keyOf('neighbourhoodWorker') }
    expect(await codes({ ...worker, address_id: `${CITY}-c2` })).toBe(403)
    expect((await post({ ...worker, address_id: `${CITY}-c1` })).statusCode).toBe(201)
    expect(await app.db.select().from(tickets)).toHaveLength(1)
  })

  test('[IN10] an installation may take keys only', async () => {
    const open = app
    app = await startTestApp({ env: { HONGGUAN_OPEN311_KEYS: '1' } })
    expect((await post(LAMP)).json()).toEqual([{ code: 403, description: 'api_key was not provided' }])
    expect((await post({ ...LAMP, api_key: await keyOf('dispatcher') })).statusCode).toBe(201)
    expect((await get('services.json')).statusCode).toBe(200)
    await app.end()
    app = open
  })
})

describe('requests through Open311', () => {
  test('[IN9] show the public fields of what was reported that way, and of nothing else', async () => {
    const ticket = await reported({
      description: 'dark, call 138-0000 0000',
      phone: '1',
      first_name: '住户',
      address_id: `${CITY}-c1`,
    })
    await residentsOf(app).reported()
    const all = await list()
    expect(all).toEqual([
      {
        service_request_id: ticket.id,
        status: 'open',
        status_notes: 'reported',
        service_name: '照明',
        service_code: 'lighting',
        description: 'dark, call …',
        agency_responsible: CITY,
        service_notice: null,
        requested_datetime: w3c(app.clock.now()),
        updated_datetime: w3c(app.clock.now()),
        expected_datetime: w3c(app.clock.now() + 30 * MINUTE_MS),
        address: '示范小区 1',
        address_id: `${CITY}-c1`,
        zipcode: null,
        lat: 41.4123,
        long: 123.4123,
        media_url: null,
      },
    ])
    expect((await get(`requests/${ticket.id}.json`)).json()).toEqual(all)
    expect((await get(`tokens/${ticket.id}.json`)).json()).toEqual([
      { service_request_id: ticket.id, token: ticket.id },
    ])
  })

  test('[IN9] keep quarrels, crimes and patients off the list, and their text and place with those who hold the id', async () => {
    const ticket = await reported({ service_code: 'medical', description: 'my neighbour fell' })
    expect(await list()).toEqual([])
    const [shown] = (await get(`requests/${ticket.id}.json`)).json()
    expect(shown).toMatchObject({ description: '', address: '', lat: 41.41, long: 123.41, status: 'open' })
  })

  test('[IN9] are of one city, and no other ticket answers to an id', async () => {
    const ticket = await reported()
    const { ticket: quiet } = await residentsOf(app).reported()
    const here = { jurisdiction_id: CITY }
    for (const path of [`requests/${quiet.id}.json`, `tokens/${quiet.id}.json`, 'requests/none.json'])
      expect((await get(path, here)).json()[0].code).toBe(404)
    expect((await get(`requests/${ticket.id}.json`, { jurisdiction_id: OTHER_CITY })).json()[0].code).toBe(404)
    expect((await get('requests.json', { jurisdiction_id: OTHER_CITY })).json()).toEqual([])
  })

  test('[IN9] are found by status, service, id, span and page', async () => {
    const old = await reported()
    app.clock.advance(91 * DAY_MS)
    const pipe = await reported({ service_code: 'burstPipe' })
    app.clock.advance(HOUR_MS)
    const lamp = await reported()
    await app.db.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, pipe.id))
    const ids = async (query: Record<string, string>) => (await list(query)).map((one) => one.service_request_id)
    expect(await ids({})).toEqual([lamp.id, pipe.id])
    expect(await ids({ status: 'closed' })).toEqual([pipe.id])
    expect(await ids({ status: 'open' })).toEqual([lamp.id])
    expect(await ids({ status: 'open,closed' })).toEqual([lamp.id, pipe.id])
    expect(await ids({ service_code: 'burstPipe,fire' })).toEqual([pipe.id])
    expect(await ids({ service_request_id: `${lamp.id},none` })).toEqual([lamp.id])
    expect(await ids({ start_date: new Date(old.reportedAt - 1).toISOString() })).toEqual([old.id])
    expect(await ids({ end_date: new Date(app.clock.now() - 1).toISOString() })).toEqual([pipe.id])
    expect(await ids({ page_size: '1', page: '2' })).toEqual([pipe.id])
    for (const query of [{ status: 'lost' }, { start_date: 'yesterday' }, { page: '0' }] as Record<string, string>[])
      expect((await get('requests.json', { jurisdiction_id: CITY, ...query })).json()[0].code).toBe(400)
    expect((await get('requests.json', { jurisdiction_id: CITY, service_code: 'cats' })).json()[0].code).toBe(404)
  })
})
