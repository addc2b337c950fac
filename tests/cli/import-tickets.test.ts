import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DispatchWorld, dispatchWorld } from '#tests/support/dispatch-world.ts'
import { aTicketsMap } from '#tests/support/import-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'import-tickets-'))
const path = (name: string) => join(folder, name)
let world: DispatchWorld

beforeAll(async () => {
  world = await dispatchWorld()
  writeFileSync(path('map.json'), JSON.stringify({ source: 'test', tickets: aTicketsMap() }))
  writeFileSync(
    path('bad-map.json'),
    JSON.stringify({ source: 'test', tickets: { ...aTicketsMap(), timeFormat: 'noon' } }),
  )
  const head = 'Call,Row,Unit,Lat,Lng,Type,T1,T2,T3,T4,T5,T6,Text,Street,Town'
  const good = 'c1,r1,E1,41.8,123.4,Lamp,100,110,120,130,125,200,dark,Main,Town'
  const bad = 'c2,r2,E1,41.8,123.4,Lamp,=1+1,110,120,130,140,200,dark,Main,Town'
  writeFileSync(path('calls.csv'), [head, good, bad, ''].join('\n'))
  writeFileSync(path('hopeless.csv'), [head, bad, ''].join('\n'))
})
afterAll(async () => {
  await world.end()
  rmSync(folder, { recursive: true })
})

interface Ran {
  status: number
  out: string
  err: string
}

/** The command as it is typed, in a process of its own. */
const run = (file: string, ...options: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const args = ['cli/main.ts', 'import', 'tickets', path(file), '--tenant', 'city', ...options]
    execFile(process.execPath, args, { env: { ...process.env, DATABASE_URL: world.url } }, (error, out, err) =>
      resolve({ status: error ? Number(error.code) : 0, out, err }),
    )
  })

describe('hongguan import tickets', () => {
  test('[IM1, IM5] tells what came of a file, and writes each finding with its line and reason', async () => {
    const map = ['--map', path('map.json'), '--timezone', 'UTC']
    const dry = await run('calls.csv', ...map, '--dry-run')
    expect([dry.status, dry.out]).toEqual([
      0,
      expect.stringContaining('would import 1 tickets with 1 dispatches from 2 rows'),
    ])
    const { status, out } = await run('calls.csv', ...map, '--json', '--report', path('report.csv'))
    expect([status, JSON.parse(out)]).toEqual([
      0,
      {
        rows: 2,
        tickets: 1,
        dispatches: 1,
        units: 1,
        joined: 0,
        known: 0,
        refused: 1,
        outOfOrder: 1,
        outsideCity: 0,
        dryRun: false,
      },
    ])
    const [head, ...lines] = readFileSync(path('report.csv'), 'utf8').trimEnd().split('\r\n')
    expect(head).toBe('\uFEFFline,ticket,row,column,value,why,says')
    expect(lines).toEqual([
      expect.stringMatching(/^2,c1,r1,T5,1970-01-01T00:02:05\.000Z,outOfOrder,onSite /),
      `3,c2,r2,T1,"'=1+1",unreadable,cannot be read as the map says`,
    ])
  })

  test('[IM6] refuses a map with all its faults, an unknown zone and a file of which nothing can be read', async () => {
    const bad = await run('calls.csv', '--map', path('bad-map.json'))
    expect([bad.status, bad.err]).toEqual([1, expect.stringContaining('/tickets/timeFormat: "noon" is no time format')])
    const zone = await run('calls.csv', '--map', path('map.json'), '--timezone', 'Mars/Base')
    expect([zone.status, zone.err]).toEqual([2, expect.stringContaining('there is no time zone Mars/Base')])
    expect((await run('hopeless.csv', '--map', path('map.json'))).status).toBe(1)
    expect((await run('calls.csv')).status).toBe(2)
  })
})
