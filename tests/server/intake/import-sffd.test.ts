import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import { alarms, events } from '#db/schema/feed.ts'
import { units } from '#db/schema/fleet.ts'
import { type Finding, type ImportSummary, importTicketFile } from '#server/intake/import-file.ts'
import { addTenant } from '#server/places/add-tenant.ts'
import { tenantByCode } from '#server/places/queries.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'
import { describeWithShared, sharedPath } from '#tests/support/shared.ts'
import { SAN_FRANCISCO_CONFIG, tenantFromFile } from '#tests/support/tenant-file.ts'
import { parseImportMap } from '#wire/import-map.ts'

const NAME = 'emergency/sffd_calls_2016-12-31_2017-01-07'
const FILE = sharedPath(`${NAME}.csv`)
const NOW = Date.UTC(2026, 2, 1)

/** The example map that is shipped, taken as the command takes it. */
function shippedMap() {
  const parsed = parseImportMap(JSON.parse(readFileSync('docs/examples/sffd.map.json', 'utf8')))
  if (!parsed.ok || !parsed.map.tickets) throw new Error(JSON.stringify(parsed))
  return { ...parsed.map, tickets: parsed.map.tickets }
}

describeWithShared('a week of real calls, imported', ['emergency'], () => {
  let database: ClonedDatabase
  let open: OpenDb
  const findings: Finding[] = []
  let first: ImportSummary
  let tookMs: number
  let rows: Record<string, string>[]

  async function run(dryRun = false) {
    const tenant = await tenantByCode(open.db, 'san-francisco')
    if (!tenant) throw new Error('no tenant')
    const asked = { tenant, file: FILE, map: shippedMap(), timeZone: 'America/Los_Angeles', now: NOW, dryRun }
    const listener = { finding: (finding: Finding) => findings.push(finding), progress: () => undefined }
    const answer = await importTicketFile(open.db, asked, listener)
    if (!answer.ok) throw new Error(answer.says)
    return answer.summary
  }
  const one = async (query: ReturnType<typeof sql>) => (await open.db.execute(query))[0] as Record<string, number>

  beforeAll(async () => {
    rows = parse(readFileSync(FILE), { columns: true })
    database = await cloneDatabase()
    open = openDb(database.url)
    const { config, places } = await tenantFromFile(SAN_FRANCISCO_CONFIG)
    await open.db.transaction((tx) => addTenant(tx, config, places))
    const dry = await run(true)
    expect(await one(sql`select count(*)::int n from tickets`)).toEqual({ n: 0 })
    findings.length = 0
    const startedAt = performance.now()
    first = await run()
    tookMs = performance.now() - startedAt
    expect(dry).toEqual(first)
  })
  afterAll(async () => {
    await open.close()
    await database.drop()
  })

  test('[IM3] is 3,560 tickets, 7,704 dispatches and 178 units, and no row is refused', () => {
    const base = { rows: 7_704, tickets: 3_560, dispatches: 7_704, units: 178, joined: 0, known: 0, refused: 0 }
    expect(first).toEqual({ ...base, outOfOrder: 1, outsideCity: 0 })
    // Some two seconds of work; the limit only tells minutes from seconds on a busy machine.
    expect(tookMs).toBeLessThan(30_000)
  })

  test('[IM3] answers the response times of the reference: 3,429 calls, median 390 s, 90th percentile 1,033.4 s', async () => {
    const { battalion } = JSON.parse(readFileSync(sharedPath(`${NAME}.reference.json`), 'utf8'))
    const { n_calls, median_s, p90_s, mean_s } = battalion.ALL
    const measured = await one(sql`
      select count(*)::int n, percentile_cont(0.5) within group (order by s) median,
        percentile_cont(0.9) within group (order by s) p90, avg(s)::float8 mean
      from (select extract(epoch from on_site_at - reported_at)::float8 s from tickets) t where s >= 0`)
    expect([measured.n, measured.median]).toEqual([n_calls, median_s])
    expect([n_calls, median_s]).toEqual([3_429, 390])
    expect(measured.p90).toBeCloseTo(p90_s, 6)
    expect(measured.p90).toBeCloseTo(1_033.4, 6)
    expect(measured.mean).toBeCloseTo(mean_s, 3)
  })

  test('[IM3] has each stage exactly where the file has it, and none that it lacks', async () => {
    const counted = await one(sql`
      select count(en_route_at)::int en_route, count(on_site_at)::int on_site, count(ended_at)::int ended,
        count(answered_at)::int answered from dispatches`)
    const filled = (column: string) => rows.filter((row) => row[column] !== '').length
    expect(counted).toEqual({
      en_route: filled('Response DtTm'),
      on_site: filled('On Scene DtTm'),
      ended: filled('Available DtTm'),
      answered: 0,
    })
    const stages = await one(sql`
      select count(triaged_at)::int triaged, count(placed_at)::int placed, count(accepted_at)::int accepted,
        count(resolved_at)::int resolved, count(*) filter (where status = 'cancelled')::int cancelled,
        count(*) filter (where status = 'closed')::int closed from tickets`)
    const off = new Set(
      rows.filter((row) => row['Call Final Disposition'] === 'Cancelled').map((row) => row['Call Number']),
    )
    const none = { placed: 0, accepted: 0, resolved: 0 }
    expect(stages).toEqual({ triaged: 3_560, ...none, cancelled: off.size, closed: 3_560 - off.size })
  })

  test('[IM5] the one arrival before its departure is kept and named by line, column and moments', () => {
    expect(findings).toHaveLength(1)
    const [{ line, rowKey, column, why, says }] = findings as [Finding]
    expect([rowKey, column, why]).toEqual(['170062627-AM08', 'On Scene DtTm', 'outOfOrder'])
    expect(rows[line - 2]?.RowID).toBe(rowKey)
    expect(says).toContain('onSite (2017-01-07T00:53:00.000Z) is before enRoute (2017-01-07T00:53:46.000Z)')
  })

  test('[IM8] wakes no timer and no alarm, offers nothing, and puts nobody on duty', async () => {
    expect(await open.db.select().from(alarms)).toEqual([])
    expect(
      await one(sql`select count(*)::int n from tickets where next_timer_at is not null or arrive_due_at is not null`),
    ).toEqual({ n: 0 })
    expect(
      await one(sql`select count(*)::int n from dispatches where status not in ('done', 'withdrawn') or not imported`),
    ).toEqual({ n: 0 })
    const crews = await open.db.select().from(units)
    expect(
      new Set(crews.map(({ duty, tracked, kind, synthetic }) => `${duty} ${tracked} ${kind} ${synthetic}`)),
    ).toEqual(new Set(['offDuty false crew false']))
    expect(new Set(crews.map(({ index }) => index)).size).toBe(178)
  })

  test('[IM8] is told to consoles in a few small events, in which nothing that is over is live', async () => {
    const told = await open.db.select().from(events)
    expect(told.length).toBeLessThan(20)
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['ticket:imported']))
    expect(told.flatMap(({ state }) => state.tickets ?? [])).toEqual([])
    expect(told.flatMap(({ state }) => state.units ?? [])).toHaveLength(178)
  })

  test('[IM4] a second run imports nothing', async () => {
    const before = await one(sql`select count(*)::int n, sum(number)::int numbers from tickets`)
    expect(await run()).toMatchObject({ tickets: 0, joined: 0, dispatches: 0, units: 0, known: 7_704 })
    expect(await one(sql`select count(*)::int n, sum(number)::int numbers from tickets`)).toEqual(before)
    expect(await one(sql`select count(*)::int n from dispatches`)).toEqual({ n: 7_704 })
  })
})
