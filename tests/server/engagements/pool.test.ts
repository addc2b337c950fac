import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emergencyLog, engagements } from '#db/schema/engagements.ts'
import { events } from '#db/schema/feed.ts'
import { firms } from '#db/schema/places.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { DAY_MS } from '#domain/instant.ts'
import type { PoolEntry } from '#domain/pool.ts'
import { canonical } from '#domain/pool-import.ts'
import { type Asker, CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { anEngagement } from '#tests/support/engagement-rows.ts'
import type { PoolImportRow, PoolLine, PoolPreview } from '#wire/routes/pool.ts'

let app: TestApp
let provider: Asker
let officer: Asker
let housing: Asker

beforeAll(async () => {
  app = await startTestApp()
  app.clock.set(T0)
  provider = await app.withRole('providerManager')
  officer = await app.withRole('subdistrictOfficer')
  housing = await app.withRole('housingAuthority')
})
afterAll(() => app.end())

const OFFER = {
  firmId: `${CITY}-f1`,
  subdistrictCode: 'S1',
  lng: 123.4,
  lat: 41.4,
  services: ['basicCleaning', 'orderKeeping'],
  tier: 'basic',
  capacity: { cleaners: 10, guards: 8, liftOperators: 0, moneyAtRisk: 50_000 },
  districtCodes: ['D1'],
  price: 1.4,
  openingCost: 3_000,
}

const ask = async (asker: Asker, method: 'GET' | 'POST' | 'PATCH', url: string, body?: object) => {
  const answer = await asker.ask(method, url, body)
  return answer.statusCode === 200 ? answer.json() : answer.json().error.code
}
let id: string
const review = (verb: string, body: object, asker = officer) => ask(asker, 'POST', `/api/pool/${id}/${verb}`, body)

describe('a firm of the pool', () => {
  test('[PV3] applies for itself alone, once, and keeps its own data', async () => {
    const entry: PoolEntry = await ask(provider, 'POST', '/api/pool', OFFER)
    expect(entry).toMatchObject({
      ...OFFER,
      status: 'applied',
      districtCode: 'D1',
      partyBuilding: null,
      version: 1,
      yellowSince: null,
    })
    id = entry.id
    expect(await ask(provider, 'POST', '/api/pool', OFFER)).toBe('alreadyInPool')
    expect(await ask(provider, 'POST', '/api/pool', { ...OFFER, firmId: `${CITY}-f2` })).toBe('notAllowed')
    expect(await ask(officer, 'POST', '/api/pool', OFFER)).toBe('notAllowed')
    const changed = await ask(provider, 'PATCH', `/api/pool/${id}`, { price: 1.6, subdistrictCode: 'S2' })
    expect(changed).toMatchObject({ price: 1.6, subdistrictCode: 'S2', districtCode: 'D2', capacity: OFFER.capacity })
    expect(await ask(provider, 'PATCH', `/api/pool/${id}`, { subdistrictCode: 'S9' })).toBe('unknown')
    expect(await ask(provider, 'PATCH', `/api/pool/${id}`, { subdistrictCode: 'S1' })).toMatchObject({
      districtCode: 'D1',
    })
    expect(await ask(provider, 'PATCH', `/api/pool/${id}`, { partyBuilding: 100 })).toBe('invalidFields')
    expect(await review('score', { partyBuilding: 100, quality: 100, ratingBand: null }, provider)).toBe('notAllowed')
  })

  test('[PV2, EM1] is reviewed where it is at home, taken in below the criteria only for a reason, and the log says all of it', async () => {
    const there = await officerAt('S2')
    expect(await review('admit', {}, there)).toBe('notAllowed')
    expect(await review('admit', {})).toBe('belowEntry')
    await review('score', { partyBuilding: 55, quality: 70, ratingBand: 'pass' })
    expect(await review('admit', {})).toBe('belowEntry')
    expect(await review('admit', { reason: 'the only firm with a night crew' })).toMatchObject({
      status: 'in_pool',
      reason: 'the only firm with a night crew',
      reviewedBy: { id: officer.userId },
    })
    expect(await review('admit', {})).toBe('wrongStage')
    expect(await ask(provider, 'PATCH', `/api/pool/${id}`, { subdistrictCode: 'S2' })).toBe('wrongStage')
    const card = await ask(officer, 'GET', `/api/pool/${id}`)
    expect(card.log.map(({ kind }: { kind: string }) => kind)).toEqual(['apply', 'offer', 'offer', 'score', 'admit'])
    expect(card.log[3].detail).toMatchObject({ quality: { from: null, to: 70 } })
    expect(card.names[officer.userId]).toBe(officer.username)
  })

  test('[PV4, PV5] lights, bans and statuses go by person and reason', async () => {
    expect(await review('yellow-light', { lit: true, reason: 'complaints' })).toMatchObject({
      yellowReason: 'complaints',
      yellowSince: T0,
    })
    expect(await review('yellow-light', { lit: true, reason: 'x' })).toBe('wrongStage')
    expect(await review('yellow-light', { lit: false, reason: 'said better' })).toBe('notRerated')
    app.clock.advance(1)
    await review('score', { partyBuilding: 60, quality: 70, ratingBand: 'pass' })
    expect(await review('yellow-light', { lit: false, reason: 're-rated' })).toMatchObject({ yellowSince: null })
    expect(await review('ban', { until: T0 + DAY_MS, reason: 'left a site' })).toMatchObject({ banUntil: T0 + DAY_MS })
    expect(await review('ban', { until: null, reason: 'cleared' })).toMatchObject({ banUntil: null, banReason: null })
    expect(await review('suspend', { reason: 'audit' })).toMatchObject({ status: 'suspended' })
    expect(await review('reinstate', { reason: 'passed' })).toMatchObject({ status: 'in_pool' })
  })

  test('[EM2] shows of a firm’s engagements those of the reader’s own sub-district; the firm and the city see all', async () => {
    const place = { tenant: CITY, firmId: `${CITY}-f1`, poolEntryId: id, status: 'ended' as const }
    const near = anEngagement({
      ...place,
      id: 'near',
      communityId: `${CITY}-c1`,
      districtCode: 'D1',
      subdistrictCode: 'S1',
    })
    const far = anEngagement({
      ...place,
      id: 'far',
      communityId: `${CITY}-c2`,
      districtCode: 'D2',
      subdistrictCode: 'S2',
    })
    await app.db.insert(engagements).values([near, far])
    const seen = async (asker: Asker) =>
      (await ask(asker, 'GET', `/api/pool/${id}`)).engagements.map((one: { id: string }) => one.id).sort()
    expect(await seen(officer)).toEqual(['near'])
    expect(await seen(await officerAt('S2'))).toEqual(['far'])
    for (const asker of [provider, housing]) expect(await seen(asker)).toEqual(['far', 'near'])
    await app.db.delete(engagements)
  })

  test('[EM2] the pool is seen by who chooses from it, by the room and by the firm itself, and told so on the feed', async () => {
    const lines = async (asker: Asker) =>
      ((await ask(asker, 'GET', '/api/pool')) as PoolLine[]).map(({ entry }) => entry.id)
    const there = await officerAt('S2')
    const rival = await firmManager(`${CITY}-f2`)
    expect(await lines(provider)).toEqual([id])
    expect(await lines(there)).toEqual([id])
    expect(await lines(rival)).toEqual([])
    expect(await ask(rival, 'GET', `/api/pool/${id}`)).toBe('unknown')
    const head = (await housing.ask('GET', '/api/feed/snapshot')).json()
    await review('score', { partyBuilding: 80, quality: 80, ratingBand: 'good' })
    const told = async (asker: Asker) =>
      (await ask(asker, 'GET', `/api/feed?since=${head.to}&epoch=${head.epoch}`)).events.map(
        ({ state }: { state: { poolEntries?: PoolEntry[] } }) => state.poolEntries?.map((entry) => entry.id),
      )
    const room = await app.withRole('dispatcher')
    for (const asker of [housing, officer, there, provider, room]) expect(await told(asker)).toEqual([[id]])
    for (const asker of [rival, await app.withRole('neighbourhoodWorker')]) expect(await told(asker)).toEqual([])
    expect((await there.ask('GET', '/api/feed/snapshot')).json().poolEntries).toHaveLength(1)
    expect((await rival.ask('GET', '/api/feed/snapshot')).json().poolEntries).toEqual([])
  })
})

const HEADER =
  'firm,status,subdistrict,lng,lat,services,tier,cleaners,guards,liftOperators,moneyAtRisk,districts,price,openingCost,partyBuilding,quality,ratingBand,yellow,banUntil'
const preview = (csv: string, asker = housing): Promise<PoolPreview> =>
  ask(asker, 'POST', '/api/imports/pool/preview', { csv })
const doesOf = ({ rows }: PoolPreview) => rows.map(({ line, does }) => [line, does])

describe('the pool as a file', () => {
  const csv = [
    HEADER,
    '物业企业 001,,S1,,,,,12,,,,,,,,,,,',
    '物业企业 003,in_pool,S2,123.6,41.6,basicCleaning;liftOperation,improved,6,0,2,90000,D1;D2,1.8,0,90,85,good,no,',
    '物业企业 002,in_pool,S2,123.6,41.6,basicCleaning,basic,6,0,0,0,D9,x,0,50,50,superb,perhaps,2026-13-01',
    '物业企业 004,in_pool,S2,123.6,41.6,basicCleaning,basic,6,0,0,0,D2,1,0,50,50,,,',
    '物业企业 003,,,,,,,,,,,,,,,,,,',
  ].join('\r\n')

  test('[PV6] a preview says what would be added, changed and refused, and why, and writes nothing', async () => {
    const before = [await app.db.$count(poolEntries), await app.db.$count(firms), await app.db.$count(events)]
    const seen = await preview(`\uFEFF${csv}`)
    expect(doesOf(seen)).toEqual([
      [2, 'change'],
      [3, 'add'],
      [4, 'refuse'],
      [5, 'refuse'],
      [6, 'refuse'],
    ])
    expect(seen).toMatchObject({ added: 1, changed: 1, same: 0, refused: 3 })
    const row = (line: number) => seen.rows.find((one) => one.line === line) as PoolImportRow
    expect(row(2).changes).toEqual([
      {
        field: 'capacity',
        from: canonical(OFFER.capacity),
        to: canonical({ ...OFFER.capacity, cleaners: 12 }),
      },
    ])
    expect(row(4).problems.map(({ column, why }) => [column, why])).toEqual([
      ['price', 'notANumber'],
      ['ratingBand', 'unknownWord'],
      ['yellow', 'unknownWord'],
      ['banUntil', 'notADate'],
      ['districts', 'unknownPlace'],
      ['status', 'belowEntry'],
    ])
    expect(row(5).problems).toEqual([{ column: 'status', value: 'in_pool', why: 'belowEntry' }])
    expect(row(6).problems).toEqual([{ column: 'firm', value: '物业企业 003', why: 'twice' }])
    expect([await app.db.$count(poolEntries), await app.db.$count(firms), await app.db.$count(events)]).toEqual(before)
  })

  test('[PV6] the import does what its preview said, or nothing once the pool has changed', async () => {
    const stale = await preview(csv)
    await review('score', { partyBuilding: 81, quality: 80, ratingBand: 'good' })
    expect(await ask(housing, 'POST', '/api/imports/pool', { csv, stamp: stale.stamp })).toBe('previewStale')
    const seen = await preview(csv)
    const done: PoolPreview = await ask(housing, 'POST', '/api/imports/pool', { csv, stamp: seen.stamp })
    expect(doesOf(done)).toEqual(doesOf(seen))
    const rows = await app.db.select().from(poolEntries).where(eq(poolEntries.tenant, CITY))
    const [mine, added] = [rows.find((one) => one.id === id), rows.find((one) => one.id !== id)]
    expect(rows).toHaveLength(2)
    expect(mine?.capacity).toEqual({ ...OFFER.capacity, cleaners: 12 })
    expect(added).toMatchObject({
      status: 'in_pool',
      services: ['basicCleaning', 'liftOperation'],
      districtCodes: ['D1', 'D2'],
      quality: 85,
      districtCode: 'D2',
    })
    const logged = await app.db
      .select()
      .from(emergencyLog)
      .where(eq(emergencyLog.subjectId, added?.id ?? ''))
    expect(logged).toMatchObject([{ kind: 'import', actor: { id: housing.userId } }])
    expect(doesOf(await preview(csv)).slice(0, 2)).toEqual([
      [2, 'same'],
      [3, 'same'],
    ])
  })

  test('[PV6] an export read in again changes nothing', async () => {
    await review('ban', { until: T0 - (T0 % DAY_MS) + 16 * 3_600_000, reason: 'until tomorrow' })
    const file = (await housing.ask('GET', '/api/exports/pool.csv')).body
    expect(file.split('\r\n')[0]).toBe(`\uFEFF${HEADER}`)
    const again = await preview(file)
    expect(again).toMatchObject({ added: 0, changed: 0, same: 2, refused: 0 })
    await review('ban', { until: null, reason: 'x' })
  })

  test('[PV6, EM2] what is no pool file is refused whole, and only by right is anything read or written', async () => {
    for (const bad of ['firm,price\nx,1', `${HEADER},firm\n`, '"', 'x']) expect(await preview(bad)).toBe('badFile')
    expect(await preview(csv, officer)).toBe('notAllowed')
    expect(await ask(officer, 'POST', '/api/imports/pool', { csv, stamp: 'x' })).toBe('notAllowed')
    expect(await ask(provider, 'GET', '/api/exports/pool.csv')).toBe('notAllowed')
  })
})

/** Accounts of other places and firms than the small city's usual ones. */
const officerAt = (subdistrictCode: string) => granted('subdistrictOfficer', { subdistrictCode })
const firmManager = (firmId: string) => granted('providerManager', { firmId })

async function granted(role: 'subdistrictOfficer' | 'providerManager', code: object): Promise<Asker> {
  const made = await app.withRole(role)
  const admin = await app.withRole('cityAdmin')
  const answer = await admin.ask('POST', `/api/accounts/${made.userId}/grants`, { grants: [{ role, ...code }] })
  expect(answer.statusCode).toBe(200)
  return made
}
