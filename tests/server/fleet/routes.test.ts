import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { events, feedHeads } from '#db/schema/feed.ts'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import { type Asker, CITY, OTHER_CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import type { Consent, Device, NewDevice, Playback, Trail, TrailReading } from '#wire/routes/fleet.ts'

const [U1, U2, U3] = [1, 2, 3].map((n) => `${CITY}-u${n}`) as [string, string, string]
let world: TestApp
let admin: Asker
let dispatcher: Asker
let field: Asker
let volunteer: Asker

beforeAll(async () => {
  world = await startTestApp()
  admin = await world.withRole('cityAdmin')
  dispatcher = await world.withRole('dispatcher')
  field = await world.withRole('fieldWorker')
  volunteer = await world.withRole('volunteer')
})
afterAll(() => world.end())

const lastEvent = async () =>
  (await world.db.select().from(events).where(sql`tenant = ${CITY}`).orderBy(sql`seq desc`).limit(1))[0]
const why = (answer: { statusCode: number; json(): { error?: { code: string } } }) => [
  answer.statusCode,
  answer.json().error?.code,
]
const report = async (who: Asker, unitId: string, ...fixes: object[]) => {
  const asked = who.ask('POST', '/api/fixes', { unitId, fixes })
  // The answer waits for the disk, and the disk for the next beat.
  const beat = setInterval(() => world.ticker.pass(500), 5)
  const answer = await asked
  clearInterval(beat)
  return answer
}
const at = (ms: number, east = 0) => ({ at: T0 + ms, lng: 123.4 + east, lat: 41.4, accuracyM: 5 })

describe('duty and units', () => {
  test('[FL16] going off and on duty is an event with the unit as it then is; what is so already is none', async () => {
    const off = await field.ask('POST', `/api/units/${U1}/duty`, { duty: 'offDuty' })
    expect(off.json<Unit>()).toMatchObject({ id: U1, duty: 'offDuty', dutySince: T0 })
    expect(await lastEvent()).toMatchObject({
      kind: 'unit:dutyChanged',
      state: { units: [off.json()] },
      audience: { unitIds: [U1] },
    })
    const before = (await lastEvent())?.seq
    await field.ask('POST', `/api/units/${U1}/duty`, { duty: 'offDuty' })
    expect((await lastEvent())?.seq).toBe(before)
    expect((await field.ask('POST', `/api/units/${U1}/duty`, { duty: 'onDuty' })).statusCode).toBe(200)
  })

  test('nobody changes the duty of a unit that is not theirs', async () => {
    expect(why(await field.ask('POST', `/api/units/${U2}/duty`, { duty: 'offDuty' }))).toEqual([404, 'unknown'])
    expect((await dispatcher.ask('POST', `/api/units/${U2}/duty`, { duty: 'offDuty' })).statusCode).toBe(200)
    expect((await dispatcher.ask('POST', `/api/units/${U2}/duty`, { duty: 'onDuty' })).statusCode).toBe(200)
  })

  test('a unit gets the next index, its home’s place and jurisdiction; its callsign is its own', async () => {
    const input = {
      callsign: '管家 0099',
      kind: 'housekeeper',
      skills: ['unlocking'],
      mode: 'ebike',
      homeCommunityId: `${CITY}-c2`,
    }
    const added = await admin.ask('POST', '/api/units', input)
    expect(added.json<Unit>()).toMatchObject({
      index: 5,
      districtCode: 'D2',
      subdistrictCode: 'S2',
      duty: 'offDuty',
      tracked: false,
      firmId: null,
    })
    expect(why(await admin.ask('POST', '/api/units', input))).toEqual([409, 'codeTaken'])
    expect(why(await admin.ask('POST', '/api/units', { ...input, callsign: 'x', homeCommunityId: 'nowhere' }))).toEqual(
      [404, 'unknown'],
    )
    expect(why(await dispatcher.ask('POST', '/api/units', input))).toEqual([403, 'notAllowed'])
    for (const slipped of [{ tenant: OTHER_CITY }, { tracked: true }, { id: 'x' }])
      expect(why(await admin.ask('PATCH', `/api/units/${added.json<Unit>().id}`, slipped))).toEqual([
        400,
        'invalidFields',
      ])
    const moved = await admin.ask('PATCH', `/api/units/${added.json<Unit>().id}`, {
      homeCommunityId: `${CITY}-c1`,
      firmId: `${CITY}-f1`,
    })
    expect(moved.json<Unit>()).toMatchObject({ districtCode: 'D1', firmId: `${CITY}-f1`, callsign: '管家 0099' })
    expect(await lastEvent()).toMatchObject({ kind: 'unit:changed', audience: { firmIds: [`${CITY}-f1`] } })
  })

  test('readers see the units and firms within their reach', async () => {
    const provider = await world.withRole('providerManager')
    const indices = async (who: Asker) => (await who.ask('GET', '/api/units')).json<Unit[]>().map(({ index }) => index)
    expect(await indices(dispatcher)).toEqual([1, 2, 3, 4, 5])
    expect(await indices(provider)).toEqual([1, 4, 5])
    expect(await indices(field)).toEqual([1])
    expect((await provider.ask('GET', '/api/firms')).json<{ id: string }[]>().map(({ id }) => id)).toEqual([
      `${CITY}-f1`,
    ])
  })
})

describe('devices', () => {
  test('[DV1] the secret is in the first answer and nowhere else; a repeated command makes no second device', async () => {
    const key = { 'idempotency-key': 'device-1' }
    const made = (await admin.ask('POST', `/api/units/${U1}/devices`, { label: 'phone' }, key)).json<NewDevice>()
    expect(made.secret).toHaveLength(24)
    expect(why(await admin.ask('POST', `/api/units/${U1}/devices`, { label: 'phone' }, key))).toEqual([409, 'conflict'])
    const listed = await admin.ask('GET', `/api/units/${U1}/devices`)
    expect(listed.json<Device[]>()).toEqual([made.device])
    expect(listed.body).not.toContain(made.secret)
    const kept = await world.db.execute(
      sql`select row_to_json(c)::text as row from commands c union all select row_to_json(d)::text from devices d`,
    )
    expect(JSON.stringify(kept)).not.toContain(made.secret)
    expect(world.app.fleet.devices.known(made.secret, T0)).toBeNull()
    expect(await world.app.fleet.devices.identify(made.secret, T0)).toMatchObject({ ok: true, unitId: U1 })
    expect((await admin.ask('DELETE', `/api/devices/${made.device.id}`)).statusCode).toBe(200)
    expect(await world.app.fleet.devices.identify(made.secret, T0)).toEqual({ ok: false, why: 'revokedDevice' })
    expect(why(await field.ask('GET', `/api/units/${U1}/devices`))).toEqual([403, 'notAllowed'])
  })
})

describe('consent', () => {
  test('[FL17] without it a page’s fixes are refused; with it they are taken; withdrawn, they are refused again and the unit is off the map', async () => {
    expect((await report(field, U1, at(0))).json()).toEqual({ taken: 0, refused: [{ index: 0, why: 'noConsent' }] })
    const given = await field.ask('POST', '/api/consents', { unitId: U1, textVersion: '2026-1' })
    expect(given.json<Consent>()).toEqual({ unitId: U1, textVersion: '2026-1', givenAt: T0, withdrawnAt: null })
    expect(why(await field.ask('POST', '/api/consents', { unitId: U1, textVersion: '2026-1' }))).toEqual([
      409,
      'consentStands',
    ])
    world.clock.advance(10 * SECOND_MS)
    expect((await report(field, U1, at(-1), at(2_000), at(4_000), at(3_000))).json()).toEqual({
      taken: 3,
      refused: [{ index: 0, why: 'beforeDuty' }],
    })
    expect(world.app.fleet.last(U1)).toMatchObject({ at: T0 + 4_000, source: 'page' })
    expect((await field.ask('POST', '/api/consents/withdraw', { unitId: U1 })).json()).toEqual({ ok: true })
    expect(world.app.fleet.last(U1)).toBeNull()
    expect(await lastEvent()).toMatchObject({ kind: 'unit:changed', state: { units: [{ id: U1, tracked: false }] } })
    expect((await report(field, U1, at(9_000))).json()).toMatchObject({ taken: 0, refused: [{ why: 'noConsent' }] })
    const listed = (await field.ask('GET', `/api/units/${U1}/consents`)).json<Consent[]>()
    expect(listed).toEqual([{ unitId: U1, textVersion: '2026-1', givenAt: T0, withdrawnAt: T0 + 10 * SECOND_MS }])
  })

  test('[FL17] another text is another consent and ends the one before', async () => {
    await volunteer.ask('POST', '/api/consents', { unitId: U3, textVersion: '2026-1' })
    world.clock.advance(SECOND_MS)
    await volunteer.ask('POST', '/api/consents', { unitId: U3, textVersion: '2026-2' })
    const listed = (await volunteer.ask('GET', `/api/units/${U3}/consents`)).json<Consent[]>()
    expect(listed.map(({ textVersion, withdrawnAt }) => [textVersion, withdrawnAt])).toEqual([
      ['2026-2', null],
      ['2026-1', world.clock.now()],
    ])
  })

  test('nobody consents for another, nor reports for one', async () => {
    expect(why(await field.ask('POST', '/api/consents', { unitId: U3, textVersion: '1' }))).toEqual([404, 'unknown'])
    expect(why(await field.ask('POST', '/api/fixes', { unitId: U3, fixes: [at(0)] }))).toEqual([404, 'unknown'])
    expect(why(await dispatcher.ask('POST', '/api/consents', { unitId: U1, textVersion: '1' }))).toEqual([
      403,
      'notAllowed',
    ])
  })
})

describe('trails', () => {
  const span = `from=${T0 - MINUTE_MS}&to=${T0 + 60 * MINUTE_MS}&reason=complaint`

  test('[FL18] a trail is all that was kept, with why; the reading is recorded and its subject sees it', async () => {
    const trail = (await dispatcher.ask('GET', `/api/units/${U1}/trail?${span}`)).json<Trail>()
    expect(trail.points.map((point) => [point.at - T0, point.why, point.source])).toEqual([
      [2_000, null, 'page'],
      [3_000, 'older', 'page'],
      [4_000, null, 'page'],
    ])
    expect(trail.points[0]).toMatchObject({ lng: 123.4, lat: 41.4, accuracyM: 5, receivedAt: T0 + 10_000 })
    const seen = (await field.ask('GET', `/api/units/${U1}/readings`)).json<TrailReading[]>()
    expect(seen).toMatchObject([
      { unitId: U1, reader: dispatcher.username, reason: 'complaint', ticketId: null, from: T0 - MINUTE_MS },
    ])
    expect((await admin.ask('GET', `/api/trail-readings?unitId=${U1}`)).json()).toEqual(seen)
  })

  test('[FL18] without the right, a reason, or within a span too long, nothing is read and nothing recorded', async () => {
    expect(why(await field.ask('GET', `/api/units/${U1}/trail?${span}`))).toEqual([403, 'notAllowed'])
    expect(why(await dispatcher.ask('GET', `/api/units/${U1}/trail?from=1&to=2`))).toEqual([400, 'invalidFields'])
    expect(why(await dispatcher.ask('GET', `/api/units/${U1}/trail?from=0&to=${T0}&reason=x`))).toEqual([
      400,
      'badRequest',
    ])
    expect(why(await dispatcher.ask('GET', `/api/units/${U1}/trail?${span}&ticketId=none`))).toEqual([404, 'unknown'])
    expect((await field.ask('GET', `/api/units/${U1}/readings`)).json<TrailReading[]>()).toHaveLength(1)
    expect(why(await field.ask('GET', `/api/units/${U3}/readings`))).toEqual([404, 'unknown'])
  })

  test('[FL18] playback is one honest point a step, and a reading of each unit in it', async () => {
    await report(volunteer, U3, { ...at(12_000), at: world.clock.now() })
    const played = (await dispatcher.ask('GET', `/api/fleet/playback?${span}`)).json<Playback>()
    expect(played.stepMs).toBe(10_000)
    expect(played.units.map(({ unitId, points }) => [unitId, points.length]).sort()).toEqual([
      [U1, 1],
      [U3, 1],
    ])
    expect(played.units.find(({ unitId }) => unitId === U1)?.points[0]).toEqual([6, 123.4, 41.4])
    expect((await volunteer.ask('GET', `/api/units/${U3}/readings`)).json<TrailReading[]>()).toHaveLength(1)
    const tooLong = `from=${T0 - 13 * 60 * MINUTE_MS}&to=${T0}&reason=x`
    expect(why(await dispatcher.ask('GET', `/api/fleet/playback?${tooLong}`))).toEqual([400, 'badRequest'])
  })

  test('[FL15] a hold names the unit and the span of the ticket’s task', async () => {
    const ask = { category: 'unlocking', description: 'locked out', communityId: `${CITY}-c1` }
    const ticket = (await dispatcher.ask('POST', '/api/tickets', ask)).json<{ id: string }>()
    const hold = () => dispatcher.ask('POST', `/api/tickets/${ticket.id}/trail-hold`, { reason: 'dispute' })
    expect(why(await hold())).toEqual([409, 'notInThisState'])
    await world.db.insert(dispatches).values({
      id: 'd1',
      tenant: CITY,
      ticketId: ticket.id,
      unitId: U1,
      status: 'done',
      mode: 'sequence',
      via: 'page',
      offeredAt: T0,
      offeredBy: { kind: 'user', id: 'x' },
      answeredAt: T0 + 1_000,
      endedAt: T0 + 9_000,
    })
    expect((await hold()).json()).toEqual({ ok: true })
    const rows = await world.db.execute(sql`select unit_id, reason from trail_holds where ticket_id = ${ticket.id}`)
    expect(rows).toMatchObject([{ unit_id: U1, reason: 'dispute' }])
    expect(await world.db.select().from(tickets)).toHaveLength(1)
    expect((await world.db.select().from(feedHeads)).length).toBe(2)
  })
})
