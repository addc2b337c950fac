import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import { feedHeads } from '#db/schema/feed.ts'
import { units } from '#db/schema/fleet.ts'
import { tickets } from '#db/schema/tickets.ts'
import { HOUR_MS, SECOND_MS } from '#domain/instant.ts'
import { PASSWORD } from '#tests/support/app.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { dataFolder, hongguan, type StartedServer, startHongguan } from '#tests/support/command-line.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'
import { open as openPage } from '#tests/support/served-city.ts'
import { describeWithShared, sharedPath } from '#tests/support/shared.ts'
import { SAN_FRANCISCO_CONFIG } from '#tests/support/tenant-file.ts'

const CABS = sharedPath('gps/cabspotting_2008-05-22_252cabs.csv.gz')
const CALLS = sharedPath('emergency/sffd_calls_2016-12-31_2017-01-07.csv')
const FROM = Date.UTC(2008, 4, 22, 7, 0, 0)
const SPEED = 120
/** An hour at 120 times real speed is half a minute; starting, reading the files and writing the rest come on top. */
const PATIENCE_MS = 150_000

const columns = true as const
const rowsOf = (text: string) => parse(text, { columns, bom: true }) as Record<string, string>[]

interface Fix {
  cab: string
  at: number
  lng: number
  lat: number
}
const keyOf = ({ cab, at, lng, lat }: Fix) => `${cab} ${at} ${lng} ${lat}`

/** The first hour of the cabs' file, read without the product. */
function fixesOfHour(): Fix[] {
  const rows = rowsOf(gunzipSync(readFileSync(CABS)).toString()).map((row) => ({
    cab: row.cab_id as string,
    at: Number(row.unix_ts) * SECOND_MS,
    lng: Number(row.lon),
    lat: Number(row.lat),
  }))
  return rows.filter(({ at }) => at - (rows[0] as Fix).at <= HOUR_MS)
}

/** When each call of the calls' first hour came, counted from the first of them; one a call, however many engines were sent. */
function callsOfHour(): number[] {
  const received = new Map<string, number>()
  for (const row of rowsOf(readFileSync(CALLS, 'utf8'))) {
    // Both ends lie in the same winter time: read as UTC, the distances are right.
    const at = Date.parse(`${row['Received DtTm']} UTC`)
    const key = row['Call Number'] as string
    received.set(key, Math.min(at, received.get(key) ?? at))
  }
  const first = Math.min(...received.values())
  return [...received.values()]
    .map((at) => at - first)
    .filter((after) => after <= HOUR_MS)
    .sort((a, b) => a - b)
}

interface Report {
  positions: { sent: number; settled: number; lost: number; verdicts: Record<string, number> }
  reports: { sent: number; taken: number; refused: Record<string, number> }
  devicesRefused: number
}

describeWithShared('an hour of recorded cabs and calls on a real server', ['gps', 'emergency'], () => {
  const folder = dataFolder()
  let database: ClonedDatabase
  let open: OpenDb
  let server: StartedServer
  let browser: Browser
  let fixes: Fix[]
  let calls: number[]
  let page: Page
  let report: Report
  let env: Record<string, string>

  beforeAll(async () => {
    fixes = fixesOfHour()
    calls = callsOfHour()
    database = await cloneDatabase()
    open = openDb(database.url, { max: 2 })
    env = { DATABASE_URL: database.url, HONGGUAN_DATA: folder.path, HONGGUAN_DEMO: '0' }
    expect(await hongguan(['tenant', 'add', SAN_FRANCISCO_CONFIG], env)).toMatchObject({ status: 0 })
    const user = ['user', 'add', 'desk', '--role', 'dispatcher', '--tenant', 'san-francisco', '--password-stdin']
    expect(await hongguan(user, env, `${PASSWORD}\n`)).toMatchObject({ status: 0 })
    browser = await openBrowser()
    server = await startHongguan(['--clock', new Date(FROM).toISOString(), '--speed', String(SPEED)], env)
    page = await consoleOf(browser, server.ready.address)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await open?.close()
    await database?.drop()
    folder.remove()
  })

  const replay = async (): Promise<Report> => {
    const files = ['--fixes', CABS, '--tickets', CALLS, '--map', 'docs/examples/sffd.map.json']
    const how = ['--tenant', 'san-francisco', '--timezone', 'America/Los_Angeles', '--speed', String(SPEED)]
    const said = await hongguan(['replay', ...files, ...how, '--create-units', '--hours', '1', '--json'], env)
    if (said.status !== 0) throw new Error(`${said.stdout}${said.stderr}`)
    return JSON.parse(said.stdout)
  }

  test(
    '[IM7] sends every row of both files and loses none, while a dispatcher sees most cabs live',
    async () => {
      const cabs = new Set(fixes.map(({ cab }) => cab)).size
      const seenLive = expect.poll(() => figure(page, 'Fresh positions'), { timeout: PATIENCE_MS })
      const [said] = await Promise.all([replay(), seenLive.toBeGreaterThan(cabs / 2)])
      report = said
      expect(report.positions).toMatchObject({ sent: fixes.length, settled: fixes.length, lost: 0 })
      const judged = Object.values(report.positions.verdicts).reduce((sum, count) => sum + count, 0)
      expect(judged).toBe(fixes.length)
      expect(report.reports).toEqual({ sent: calls.length, taken: calls.length, refused: {} })
      expect(report.devicesRefused).toBe(0)
    },
    PATIENCE_MS,
  )

  test('[IM7] leaves in the database what the file has, each position at its own moment, less the refused ones', async () => {
    const kept = await open.sql<(Fix & { why: string | null; ms: string })[]>`
      select u.callsign as cab, f.lng, f.lat, f.why, extract(epoch from f.at) * 1000 as ms
      from fixes f join units u on u.id = f.unit_id`
    const rows = kept.map((row) => ({ ...row, at: Number(row.ms) }))
    const refused = Object.entries(report.positions.verdicts).filter(([word]) => word.startsWith('refused'))
    const refusedCount = refused.reduce((sum, [, count]) => sum + count, 0)
    expect(rows.length).toBe(fixes.length - refusedCount)
    const inFile = new Set(fixes.map(keyOf))
    expect(rows.filter((row) => !inFile.has(keyOf(row)))).toEqual([])
    expect(rows.filter(({ why }) => why === null).length).toBe(report.positions.verdicts.latest)

    // Only a cab whose last row was refused may end anywhere else than in the file.
    const ends = lastOf(rows)
    const elsewhere = [...lastOf(fixes)].filter(([cab, key]) => ends.get(cab) !== key)
    expect(elsewhere.length).toBeLessThanOrEqual(refusedCount)
    expect(await open.db.$count(units)).toBe(new Set(fixes.map(({ cab }) => cab)).size)
  })

  test('[IM7] reports each call of the hour once, at its own moment, in a feed without a gap', async () => {
    const reported = await open.db.select().from(tickets).orderBy(tickets.reportedAt)
    expect(reported.map(({ reportedAt }) => reportedAt - FROM)).toEqual(calls)
    expect(reported.every(({ channel }) => channel === 'replay')).toBe(true)
    const [head] = await open.db.select().from(feedHeads)
    const [log] = await open.sql`select count(*)::int as n, min(seq)::int as first, max(seq)::int as last from events`
    expect(log).toEqual({ n: head?.seq, first: 1, last: head?.seq })
  })

  test('[IM7] shows a dispatcher every cab with a position and every call in the queue', async () => {
    const cabs = await open.db.$count(units)
    await page.getByText(`${cabs} on duty of ${cabs}`).first().waitFor()
    // Of cabs outside the map's window the console asks twice a minute.
    await expect.poll(async () => (await unitCounts(page))['On duty, unseen'], { timeout: 45_000 }).toBe(0)
    await expect.poll(() => queued(page)).toBe(calls.length)
    const [head] = await open.db.select().from(feedHeads)
    await expect.poll(() => figure(page, 'Sequence')).toBe(head?.seq)
  })
})

/** Last fix of each cab by the device's own time. */
function lastOf(rows: readonly Fix[]): Map<string, string> {
  const last = new Map<string, Fix>()
  for (const row of rows) if (row.at >= (last.get(row.cab)?.at ?? 0)) last.set(row.cab, row)
  return new Map([...last].map(([cab, fix]) => [cab, keyOf(fix)]))
}

/** A dispatcher's console in a browser, open and live. */
async function consoleOf(browser: Browser, origin: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin, ...SCREENS.desk })
  const signIn = { data: { username: 'desk', password: PASSWORD }, headers: { origin } }
  const answer = await context.request.post('/api/session', signIn)
  if (!answer.ok()) throw new Error(await answer.text())
  await context.addInitScript(() => localStorage.setItem('hongguan.locale', 'en'))
  const page = await openPage(context, '/', 'footer [role=status]')
  await page.locator('footer [role=status]', { hasText: 'Live' }).waitFor()
  return page
}

/** The first number beside this word in the truth bar. */
async function figure(page: Page, word: string): Promise<number> {
  const text = await page.locator('footer dl > div', { hasText: word }).locator('dd').innerText()
  return Number.parseInt(text.replaceAll(',', ''), 10)
}

/** What the buttons over the list of units say: how many are in each state. */
async function unitCounts(page: Page): Promise<Record<string, number>> {
  const buttons = await page.locator('#units-pane fieldset button').all()
  const counts = await Promise.all(
    buttons.map(async (button) => [await button.getAttribute('title'), numberAtEnd(await button.innerText())] as const),
  )
  return Object.fromEntries(counts)
}

/** How many tickets the headings of the queue count together. */
async function queued(page: Page): Promise<number> {
  const headings = await page.locator('#queue-pane h3 button').allInnerTexts()
  return headings.reduce((sum, text) => sum + numberAtEnd(text), 0)
}

const numberAtEnd = (text: string) => Number(/([\d,]+)\s*$/.exec(text)?.[1]?.replaceAll(',', ''))
