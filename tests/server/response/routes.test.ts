import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertRows } from '#db/insert-rows.ts'
import { areas, ticketAreas } from '#db/schema/response.ts'
import { tickets } from '#db/schema/tickets.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import type { Ticket } from '#domain/ticket.ts'
import { appendEvent } from '#server/feed/append.ts'
import { type Asker, CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { aTicket } from '#tests/support/dispatch-rows.ts'
import type { RatesAnswer, ResponseAnswer } from '#wire/routes/response.ts'

/** A made-up month: number, community, hours before T0, minutes until somebody came (null: nobody), and whatever else differs. */
const ROWS: [number, number, number, number | null, Partial<Ticket>][] = [
  ...Array.from({ length: 10 }, (_, i): [number, number, number, number | null, Partial<Ticket>] => [
    i + 1,
    1,
    24 + i,
    i + 1,
    { origin: i < 3 ? 'proactive' : 'complaint', rating: i < 5 ? 5 : 2, ratedAt: T0 },
  ]),
  ...Array.from({ length: 3 }, (_, i): [number, number, number, number | null, Partial<Ticket>] => [
    i + 11,
    2,
    30,
    20,
    { category: 'gas', class: 'complex' },
  ]),
  [14, 2, 2, null, { status: 'placed', resolvedAt: null }],
  [15, 2, 2, null, { status: 'cancelled', resolvedAt: null, class: null }],
  [16, 1, 40 * 24, 90, { address: '一号楼' }],
  [17, 1, 20 * 24, 90, { address: '一 号楼' }],
]

let app: TestApp
let manager: Asker
let provider: Asker

beforeAll(async () => {
  app = await startTestApp()
  manager = await app.withRole('manager')
  provider = await app.withRole('providerManager')
  await app.db.insert(areas).values({ tenant: CITY, code: 'B01', name: { zh: '一队', en: 'One' } })
  const rows = ROWS.map(([number, community, hours, minutes, changes]) => {
    const reportedAt = T0 - hours * HOUR_MS
    const onSiteAt = minutes === null ? null : reportedAt + minutes * 60_000
    return aTicket({
      id: `t${number}`,
      tenant: CITY,
      number,
      status: 'closed',
      category: 'lighting',
      class: 'ordinary',
      communityId: `${CITY}-c${community}`,
      districtCode: `D${community}`,
      subdistrictCode: `S${community}`,
      neighbourhoodCode: community === 1 ? 'N11' : 'N21',
      firmId: `${CITY}-f${community}`,
      unitId: `${CITY}-u${community}`,
      lng: 123.4 + community / 100,
      lat: 41.4,
      address: `${number} 号楼`,
      reportedAt,
      onSiteAt,
      arrivalGrade: 'geofence',
      resolvedAt: onSiteAt === null ? null : onSiteAt + HOUR_MS,
      createdAt: reportedAt,
      updatedAt: reportedAt,
      ...changes,
    })
  })
  await app.db.transaction(async (tx) => {
    await insertRows(tx, tickets, rows)
    await tx.insert(ticketAreas).values({ ticketId: 't1', tenant: CITY, areaCode: 'B01' })
    const audience = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
    const history = rows.map(({ number }) => number)
    const event = {
      tenant: CITY,
      kind: 'ticket:imported' as const,
      at: T0,
      actor: { kind: 'import' as const, id: 't' },
    }
    await appendEvent(tx, { ...event, audience, state: { history } })
  })
})
afterAll(() => app.end())

const asked = async (query: string, who = manager): Promise<ResponseAnswer> => {
  const answer = await who.ask('GET', `/api/response?${query}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const figures = (rows: ResponseAnswer['rows']) => rows.map(({ key, n, p50, p90 }) => [key, n, p50, p90]).sort()

describe('GET /api/response', () => {
  test('[RT10] answers seconds in its own shape: metric, total, rows, excluded', async () => {
    expect(await asked('by=community')).toEqual({
      metric: 'arrive',
      total: { n: 15, p50: 480, p90: 3_720 },
      rows: expect.arrayContaining([
        { key: `${CITY}-c1`, n: 12, p50: 390, p90: 4_920 },
        { key: `${CITY}-c2`, n: 3, p50: 1_200, p90: 1_200 },
      ]),
      excluded: expect.arrayContaining([
        { reason: 'notYet', n: 1 },
        { reason: 'cancelled', n: 1 },
      ]),
    })
  })

  test('[RT10] folds every filter with every other', async () => {
    const n = async (query: string) => (await asked(query)).total.n
    expect(await n('category=gas')).toBe(3)
    expect(await n('category=gas,lighting')).toBe(15)
    expect(await n('category=gas&class=ordinary')).toBe(0)
    expect(await n('class=complex,none')).toBe(3)
    expect(await n(`from=${T0 - 2 * DAY_MS}&to=${T0 - 24 * HOUR_MS}`)).toBe(12)
    expect(await n(`provider=${CITY}-f1&unit=${CITY}-u1&district=D1&subdistrict=S1&neighbourhood=N11`)).toBe(12)
    expect(await n('grade=geofence&origin=proactive&channel=console&priority=P3&policy=5341-1&imported=false')).toBe(3)
    expect(await n('imported=true')).toBe(0)
    expect(await n('area=B01')).toBe(1)
    expect(await n('provider=nobody')).toBe(0)
    const { rows } = await asked('by=cell&grid=h3:9&metric=solve')
    for (const { key, n: inCell } of rows) expect(await n(`cell=${key}&grid=h3:9`)).toBe(inCell)
    const { rows: squares } = await asked('by=cell&grid=deg:0.05')
    for (const { key, n: inCell } of squares) expect(await n(`cell=${key}&grid=deg:0.05`)).toBe(inCell)
    const { rows: hours } = await asked('by=hourOfWeek')
    for (const { key, n: inHour } of hours) expect(await n(`hours=${key}`)).toBe(inHour)
  })

  test('[RT10] adds up by areas of the tenant’s own where there are any, and by the level that is asked', async () => {
    expect(figures((await asked('by=area')).rows).map(([key, n]) => [key, n])).toEqual([
      ['', 14],
      ['B01', 1],
    ])
    expect((await asked('by=area&level=subdistrict')).rows.map(({ key }) => key).sort()).toEqual(['S1', 'S2'])
    expect((await manager.ask('GET', '/api/response/areas')).json()).toEqual([
      { code: 'B01', name: { zh: '一队', en: 'One' } },
    ])
  })

  test('[RT10] puts two periods side by side, also where one of them has nobody', async () => {
    const span = `from=${T0 - 2 * DAY_MS}&to=${T0}&beforeFrom=${T0 - 60 * DAY_MS}&beforeTo=${T0 - 10 * DAY_MS}`
    const { total, rows } = await asked(`by=community&${span}`)
    expect(total).toMatchObject({ n: 13, before: { n: 2, p50: 5_400, p90: 5_400 } })
    expect(rows.find(({ key }) => key === `${CITY}-c2`)).toMatchObject({ n: 3, before: { n: 0, p50: null, p90: null } })
    const csv = await manager.ask('GET', `/api/exports/response.csv?by=community&${span}`)
    expect(csv.headers['content-type']).toContain('text/csv')
    expect(csv.body.split('\r\n')).toEqual(
      expect.arrayContaining([
        '\uFEFFmetric,key,n,p50,p90,beforeN,beforeP50,beforeP90',
        `arrive,${CITY}-c2,3,1200,1200,0,,`,
        'arrive,excluded cancelled,1,,',
      ]),
    )
  })

  test('[RT10] refuses what it cannot read by the field’s name, and no text of a caller is ever a statement', async () => {
    const refused = async (query: string) => (await manager.ask('GET', `/api/response?${query}`)).json().error
    expect(await refused('by=nothing')).toMatchObject({ code: 'invalidFields', fields: [{ path: '/by' }] })
    expect(await refused('grid=h3:99')).toMatchObject({ code: 'invalidFields' })
    expect(await refused('hours=168')).toMatchObject({ code: 'invalidFields' })
    expect(await refused('cell=1%27%20or%201=1&grid=h3:8')).toMatchObject({ code: 'badRequest' })
    expect((await asked('provider=%27)%3Bdrop/**/table/**/facts_1%3B--')).total.n).toBe(0)
    expect((await asked('')).total.n).toBe(15)
  })
})

describe('who may ask', () => {
  test('[RT14] a manager of a firm has the firm’s times, a sub-district’s officer the sub-district’s, others none', async () => {
    const officer = await app.withRole('subdistrictOfficer')
    expect((await asked('by=provider', provider)).rows.map(({ key }) => key)).toEqual([`${CITY}-f1`])
    expect((await asked('by=area&level=subdistrict', officer)).rows.map(({ key }) => key)).toEqual(['S1'])
    expect((await asked('subdistrict=S2', officer)).total.n).toBe(0)
    for (const role of ['fieldWorker', 'volunteer', 'neighbourhoodWorker'] as const) {
      const answer = await (await app.withRole(role)).ask('GET', '/api/response')
      expect([role, answer.statusCode]).toEqual([role, 403])
    }
    for (const role of ['cityAdmin', 'housingAuthority', 'auditor', 'dispatcher', 'shiftSupervisor'] as const)
      expect((await asked('', await app.withRole(role))).total.n).toBe(15)
  })

  test('[RT11] who may not see the tickets is told of fewer than five only how many they are', async () => {
    const small = await asked('category=lighting&by=day', provider)
    expect(small.total).toMatchObject({ n: 12, p50: 390 })
    for (const { n, p50, p90 } of small.rows)
      expect(n < 5 ? [p50, p90] : 'known').toEqual(n < 5 ? [null, null] : 'known')
    expect(small.rows.some(({ n }) => n < 5)).toBe(true)
    expect((await asked(`from=0&to=${T0 - 10 * DAY_MS}`, provider)).total).toEqual({ n: 2, p50: null, p90: null })
    expect((await asked(`from=0&to=${T0 - 10 * DAY_MS}`)).total).toEqual({ n: 2, p50: 5_400, p90: 5_400 })
  })
})

describe('the tickets behind a figure', () => {
  const behind = async (query: string, who = manager) =>
    (await who.ask('GET', `/api/response/tickets?${query}`)).json() as {
      n: number
      tickets: { id: string; number: number; seconds: number | null; excluded: string | null }[]
    }

  test('[RT12] are exactly as many as the figure says, slowest first, a page at a time', async () => {
    const { n, tickets: all } = await behind(`community=${CITY}-c1`)
    expect(n).toBe((await asked(`community=${CITY}-c1`)).total.n)
    expect(all.map(({ seconds }) => seconds)).toEqual(
      all.map(({ seconds }) => seconds).toSorted((a, b) => (b ?? 0) - (a ?? 0)),
    )
    expect(all[0]).toMatchObject({ id: 't16', number: 16, seconds: 5_400, excluded: null })
    const second = await behind(`community=${CITY}-c1&limit=5&offset=5`)
    expect(second.tickets).toEqual(all.slice(5, 10))
  })

  test('[RT12] so are those that are left out, each for its reason', async () => {
    expect(await behind('excluded=cancelled')).toMatchObject({
      n: 1,
      tickets: [{ id: 't15', seconds: null, excluded: 'cancelled' }],
    })
    const { excluded } = await asked('metric=solve')
    for (const { reason, n } of excluded) expect((await behind(`metric=solve&excluded=${reason}`)).n).toBe(n)
  })

  test('[RT14] are shown to whoever may drill, within their reach', async () => {
    const officer = await app.withRole('subdistrictOfficer')
    expect((await behind('', officer)).n).toBe(12)
    expect((await provider.ask('GET', '/api/response/tickets')).statusCode).toBe(403)
  })
})

describe('GET /api/response/rates', () => {
  const rates = async (query: string): Promise<RatesAnswer> =>
    (await manager.ask('GET', `/api/response/rates?${query}`)).json()

  test('[RT4] puts the three rates side by side, each with its n and whoever is left out', async () => {
    const { total } = await rates('')
    expect(total.n).toBe(17)
    // Ten came within ten minutes, five of them in five; one still waits after two hours.
    expect(total.rates.response).toEqual({ n: 16, kept: 5, excluded: [{ reason: 'cancelled', n: 1 }] })
    expect(total.rates.satisfaction).toMatchObject({ n: 10, kept: 5 })
    expect(total.rates.solution).toMatchObject({ n: 0, kept: 0 })
    const { rows } = await rates('by=community')
    for (const row of rows)
      for (const { n, excluded } of Object.values(row.rates))
        expect(n + excluded.reduce((sum, each) => sum + each.n, 0)).toBe(row.n)
  })

  test('[RT3] has the shares within five and thirty minutes, four hours and a day, each of those it is promised to', async () => {
    const { shares } = (await rates('')).total
    expect(shares).toEqual({
      fiveMinutes: { n: 15, kept: 5 },
      thirtyMinutes: { n: 12, kept: 0 },
      fourHours: { n: 3, kept: 3 },
      oneDay: { n: 0, kept: 0 },
    })
  })

  test('[RT8] counts who reported first and who came back to the same door', async () => {
    const { total } = await rates('')
    expect(total.proactive).toEqual({ n: 17, kept: 3 })
    expect(total.repeats).toEqual({ n: 17, kept: 1 })
    // The earlier of the two lies before the period: it is looked back to all the same.
    expect((await rates(`from=${T0 - 30 * DAY_MS}&to=${T0 - 10 * DAY_MS}`)).total.repeats).toEqual({ n: 1, kept: 1 })
  })
})
