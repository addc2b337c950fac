import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { tickets } from '#db/schema/tickets.ts'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import { hongguan, type Said, type StartedServer, startHongguan } from '#tests/support/command-line.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'
import { SAN_FRANCISCO_CONFIG } from '#tests/support/tenant-file.ts'

const CABS_FROM = Date.UTC(2008, 4, 22, 7, 0, 0)
const CALLS_FROM = Date.UTC(2016, 11, 31, 8, 0, 0)
const SPEED = 120
const CABS = ['alpha', 'beta', 'gamma']

const folder = mkdtempSync(join(tmpdir(), 'hongguan-replay-'))
const at = (name: string) => join(folder, name)

/** Ten minutes: each cab every 30 s, the calls out of order and one of them in two rows; one row of each file is unreadable. */
function writeFiles() {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const seconds = CABS_FROM / SECOND_MS + i * 10
    return `${seconds},${CABS[i % 3]},${(37.77 + i * 0.0001).toFixed(5)},${(-122.42 + (i % 3) * 0.01).toFixed(5)},1`
  })
  const cabs = ['unix_ts,cab_id,lat,lon,occupied', ...rows, 'never,alpha,37.7,-122.4,0']
  writeFileSync(at('cabs.csv.gz'), gzipSync(`${cabs.join('\n')}\n`))
  const call = (minutes: number, key: string, row: string, kind = 'Alarms') =>
    `${key},${row},${new Date(CALLS_FROM + minutes * MINUTE_MS).toISOString()},${kind},37.78,-122.41`
  const calls = [
    call(4, 'k2', 'r3'),
    call(0, 'k1', 'r1'),
    call(1, 'k1', 'r2'),
    call(8, 'k3', 'r4'),
    'k4,r5,soon,Alarms,37.78,-122.41',
  ]
  writeFileSync(at('calls.csv'), `key,row,received,kind,lat,lng\n${calls.join('\n')}\n`)
  const map = {
    source: 'test-replay',
    tickets: {
      ticketKey: 'key',
      rowKey: 'row',
      location: { lat: 'lat', lng: 'lng' },
      category: { column: 'kind', values: { Alarms: { category: 'other' } } },
      timeFormat: 'iso',
      times: { reported: 'received' },
      description: '{kind} {key}',
    },
    fixes: { columns: { time: 'unix_ts', unit: 'cab_id', lat: 'lat', lng: 'lon' }, timeFormat: 's' },
  }
  writeFileSync(at('map.json'), JSON.stringify(map))
}

let database: ClonedDatabase
let open: OpenDb
let server: StartedServer
const say = (...args: string[]): Promise<Said> => hongguan(args, { DATABASE_URL: database.url, HONGGUAN_DATA: folder })
const files = () => ['--fixes', at('cabs.csv.gz'), '--tickets', at('calls.csv'), '--map', at('map.json')]
const replay = (...more: string[]) => say('replay', '--url', server.ready.address, ...files(), ...more, '--json')

beforeAll(async () => {
  writeFiles()
  database = await cloneDatabase()
  open = openDb(database.url, { max: 2 })
  expect(await say('tenant', 'add', SAN_FRANCISCO_CONFIG)).toMatchObject({ status: 0 })
  const clock = ['--clock', new Date(CABS_FROM).toISOString(), '--speed', String(SPEED)]
  server = await startHongguan(clock, { DATABASE_URL: database.url, HONGGUAN_DATA: folder })
})
afterAll(async () => {
  await server.stop()
  await open.close()
  await database.drop()
})

describe('replay', () => {
  test('[IM7] is refused with its reason by a server whose clock it does not fit', async () => {
    const wrongSpeed = await replay('--speed', '60')
    expect(wrongSpeed.status).toBe(1)
    expect(JSON.parse(wrongSpeed.stdout)).toMatchObject({ error: { code: 'clockMismatch' } })
    const live = await replay('--shift-to', 'now')
    expect(JSON.parse(live.stdout)).toMatchObject({ error: { code: 'clockMismatch' } })
  })

  test('[IM7] names units that the city does not know, and makes them only when it is told to', async () => {
    const said = await replay('--speed', String(SPEED))
    expect(said.status).toBe(1)
    expect(JSON.parse(said.stdout).error.message).toContain('--create-units')
    expect(await open.db.$count(units)).toBe(0)
  })

  test('[IM7] lays each file’s first row on the same moment and loses nothing; a second run reports nothing twice', async () => {
    const done = await replay('--speed', String(SPEED), '--create-units')
    expect(done).toMatchObject({ status: 0 })
    expect(JSON.parse(done.stdout)).toEqual({
      positions: { sent: 60, settled: 60, lost: 0, verdicts: { latest: 60 } },
      reports: { sent: 3, taken: 3, refused: {} },
      devicesRefused: 0,
    })
    expect(done.stderr).toContain('2 rows of the files could not be read')

    const fixes = await open.sql`select u.callsign, f.at from fixes f join units u on u.id = f.unit_id order by f.at`
    const moments = fixes.map(({ at: moment }) => new Date(moment).getTime())
    expect(moments).toEqual(Array.from({ length: 60 }, (_, i) => CABS_FROM + i * 10_000))
    expect(new Set(fixes.map(({ callsign }) => callsign))).toEqual(new Set(CABS))

    const reported = await open.db.select().from(tickets).orderBy(tickets.reportedAt)
    expect(reported.map(({ reportedAt }) => (reportedAt - CABS_FROM) / MINUTE_MS)).toEqual([0, 4, 8])
    expect(reported.map(({ description, channel }) => `${channel} ${description}`)).toEqual([
      'replay Alarms k1',
      'replay Alarms k2',
      'replay Alarms k3',
    ])

    const again = JSON.parse((await replay('--speed', String(SPEED))).stdout)
    expect(again.reports).toEqual({ sent: 3, taken: 3, refused: {} })
    expect(again.positions).toMatchObject({ sent: 60, lost: 0 })
    expect(again.positions.verdicts.latest).toBeUndefined()
    expect(await open.db.$count(tickets)).toBe(3)
  })
})
