import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importTicketFile } from '#server/intake/import-file.ts'
import { addTenant } from '#server/places/add-tenant.ts'
import { tenantByCode } from '#server/places/queries.ts'
import { type Asker, startTestApp, type TestApp } from '#tests/support/app.ts'
import { describeWithShared, sharedPath } from '#tests/support/shared.ts'
import { SAN_FRANCISCO_CONFIG, tenantFromFile } from '#tests/support/tenant-file.ts'
import { parseImportMap } from '#wire/import-map.ts'
import type { ResponseAnswer } from '#wire/routes/response.ts'

const NAME = 'emergency/sffd_calls_2016-12-31_2017-01-07'
const CITY = 'san-francisco'

interface Reference {
  battalion: Record<string, { n_calls: number; median_s: number; p90_s: number }>
  grid: { lat100: number; lng100: number; n_calls: number; median_s: number; p90_s: number }[]
}

describeWithShared('a week of real calls, asked for its response times', ['emergency'], () => {
  let app: TestApp
  let manager: Asker
  let reference: Reference
  const asked = async (query: string): Promise<ResponseAnswer> => {
    const answer = await manager.ask('GET', `/api/response?${query}`)
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json()
  }

  beforeAll(async () => {
    app = await startTestApp()
    const { config, places } = await tenantFromFile(SAN_FRANCISCO_CONFIG)
    await app.db.transaction((tx) => addTenant(tx, config, places))
    const parsed = parseImportMap(JSON.parse(readFileSync('docs/examples/sffd.map.json', 'utf8')))
    const tenant = await tenantByCode(app.db, CITY)
    if (!parsed.ok || !parsed.map.tickets || !tenant) throw new Error('no map, or no city')
    const map = { ...parsed.map, tickets: parsed.map.tickets }
    manager = await app.withRole('manager', CITY)
    // Half of the file's batches are there when the copy is built, the rest is followed by the feed.
    let isBuilt: Promise<void> | null = null
    const halfway = (rows: number, of: number) => {
      if (!isBuilt && rows > of / 2) isBuilt = app.app.response.current(CITY)
    }
    await importTicketFile(
      app.db,
      {
        tenant,
        file: sharedPath(`${NAME}.csv`),
        map,
        timeZone: 'America/Los_Angeles',
        now: app.clock.now(),
        dryRun: false,
      },
      { finding: () => undefined, progress: halfway },
    )
    await isBuilt
    reference = JSON.parse(readFileSync(sharedPath(`${NAME}.reference.json`), 'utf8'))
  })
  afterAll(() => app.end())

  test('[RT10] n exactly, median and 90th percentile of the city and of each battalion are those of the reference', async () => {
    const { metric, total, rows, excluded } = await asked('by=area')
    const { ALL, ...battalions } = reference.battalion
    expect(metric).toBe('arrive')
    expect(total.n).toBe(ALL?.n_calls)
    expect(total.p50).toBeCloseTo(ALL?.median_s ?? 0, 6)
    expect(total.p90).toBeCloseTo(ALL?.p90_s ?? 0, 6)
    expect(rows.map(({ key, n }) => [key, n]).sort()).toEqual(
      Object.entries(battalions).map(([key, { n_calls }]) => [key, n_calls]),
    )
    for (const { key, p50, p90 } of rows) {
      expect(p50).toBeCloseTo(battalions[key]?.median_s ?? -1, 6)
      expect(p90).toBeCloseTo(battalions[key]?.p90_s ?? -1, 6)
    }
    expect(excluded.reduce((sum, { n }) => sum + n, 0)).toBe(3_560 - 3_429)
  })

  test('[RT10] so are those of each square of 0.01°, few calls or many', async () => {
    const { rows } = await asked('by=cell&grid=deg:0.01')
    const expected = new Map(reference.grid.map((cell) => [`${cell.lat100},${cell.lng100}`, cell]))
    expect(rows.map(({ key }) => key).sort()).toEqual([...expected.keys()].sort())
    for (const { key, n, p50, p90 } of rows) {
      const cell = expected.get(key)
      expect(n).toBe(cell?.n_calls)
      expect(p50).toBeCloseTo(cell?.median_s ?? -1, 6)
      expect(p90).toBeCloseTo(cell?.p90_s ?? -1, 6)
    }
    expect(rows.some(({ n }) => n < 5)).toBe(true)
  })

  test('[RT7] hexagons of every size and hours of the week share the same calls out among them', async () => {
    for (const by of ['cell&grid=h3:5', 'cell&grid=h3:8', 'cell&grid=h3:10', 'hourOfWeek', 'day', 'category', 'unit']) {
      const { total, rows } = await asked(`by=${by}`)
      expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(total.n)
      expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
    }
    const { rows: days } = await asked('by=day')
    expect(days.map(({ key }) => key).sort()).toEqual([
      '2016-12-31',
      ...Array.from({ length: 7 }, (_, i) => `2017-01-0${i + 1}`),
    ])
  })
})
