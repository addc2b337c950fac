import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import { apikey, account as credentials, user } from '#db/schema/accounts.ts'
import { events } from '#db/schema/feed.ts'
import { devices, units } from '#db/schema/fleet.ts'
import { communities } from '#db/schema/places.ts'
import { hongguan, type Said } from '#tests/support/command-line.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'
import { SAN_FRANCISCO_CONFIG } from '#tests/support/tenant-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'hongguan-files-'))
const file = (name: string, lines: readonly string[]) => {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

let database: ClonedDatabase
let open: OpenDb
const say = (...args: string[]) => hongguan(args, { DATABASE_URL: database.url, HONGGUAN_DATA: folder })
const json = (said: Said) => JSON.parse(said.stdout)

beforeAll(async () => {
  database = await cloneDatabase()
  open = openDb(database.url, { max: 2 })
  const added = await say('tenant', 'add', SAN_FRANCISCO_CONFIG, '--demo', '--json')
  expect(added).toMatchObject({ status: 0, stderr: '' })
})
afterAll(async () => {
  await open.close()
  await database.drop()
})

describe('the verbs', () => {
  test('[PL9] a second city is a second tenant, and the same code is refused', async () => {
    expect(json(await say('tenant', 'list', '--json'))).toMatchObject([{ code: 'san-francisco', locale: 'en' }])
    expect(await say('tenant', 'add', SAN_FRANCISCO_CONFIG)).toMatchObject({ status: 1 })
    expect(await open.db.$count(communities)).toBe(120)
  })

  test('[CL4] a made-up password is shown once and kept as a hash; a typed one is not shown at all', async () => {
    const made = json(await say('user', 'add', 'admin.sf', '--role', 'cityAdmin', '--json'))
    expect(made.password.length).toBeGreaterThanOrEqual(12)
    const kept = await open.db.select().from(credentials)
    expect(kept).toHaveLength(1)
    expect(JSON.stringify(kept)).not.toContain(made.password)
    const typed = await hongguan(
      ['user', 'add', 'second.sf', '--role', 'auditor', '--password-stdin'],
      { DATABASE_URL: database.url },
      'a password of my own\n',
    )
    expect(typed.status).toBe(0)
    expect(typed.stdout).not.toContain('password')
    expect(await say('user', 'add', 'ADMIN.sf', '--role', 'auditor')).toMatchObject({ status: 1 })
  })

  test('[CL4] an API key is shown once and kept as a hash, and its account has no password', async () => {
    const made = json(await say('user', 'add', 'program', '--role', 'auditor', '--api-key', '--json'))
    const [row] = await open.db.select().from(apikey)
    expect(made.apiKey).toMatch(/^hg_/)
    expect(row?.key).not.toContain(made.apiKey)
    expect(made.password).toBeUndefined()
  })

  test('[AC3] a role that needs an area is refused without it, and nothing is left behind', async () => {
    const said = await say('user', 'add', 'officer.sf', '--role', 'subdistrictOfficer')
    expect(said.status).toBe(1)
    expect(said.stderr).toContain('--subdistrict')
    expect((await open.db.select().from(user)).map(({ username }) => username)).not.toContain('officer.sf')
  })

  test('[CL4] a device’s secret is shown once, with its picture, and kept as a hash', async () => {
    const [unit] = await open.db.select().from(units).limit(1)
    const said = await say('device', 'add', unit?.callsign as string, '--label', 'phone 1')
    const secret = /secret {2}(\S+)/.exec(said.stdout)?.[1] as string
    expect(said.stdout.split(secret)).toHaveLength(2)
    expect(said.stdout).toContain('█')
    const [device] = await open.db.select().from(devices)
    expect(device).toMatchObject({ unitId: unit?.id, label: 'phone 1', revokedAt: null })
    expect(device?.secretHash).toBe(createHash('sha256').update(secret).digest('hex'))
    expect(await say('device', 'add', 'nobody')).toMatchObject({ status: 1 })
  })

  test('[CL1] communities are imported whole or not at all, every fault by its line; a second run changes nothing but what is new', async () => {
    const head = 'code,neighbourhood,name,lng,lat,households,firm'
    const good = ['A1,SF01-1-1,Alpha,-122.40,37.79,120,Firm One', 'B2,SF02-1-1,Beta,-122.41,37.78,80,']
    const bad = [
      'C3,NOWHERE,Gamma,-122.41,37.78,80,',
      'D4,SF01-1-1,Delta,12,37.78,80,',
      'A1,SF01-1-1,Again,-122.4,37.79,1,',
    ]
    const before = await open.db.$count(communities)
    const refused = await say('import', 'places', file('bad.csv', [head, ...good, ...bad]))
    expect(refused.status).toBe(1)
    for (const line of [4, 5, 6]) expect(refused.stderr).toContain(`line ${line}:`)
    expect(await open.db.$count(communities)).toBe(before)
    for (const _ of [1, 2]) {
      const taken = await say('import', 'places', file('good.csv', [head, ...good]), '--json')
      expect(json(taken)).toEqual({ communities: 2 })
    }
    expect(await open.db.$count(communities)).toBe(before + 2)
    const told = await open.db.select({ kind: events.kind }).from(events)
    expect(told.filter(({ kind }) => kind === 'places:changed')).toHaveLength(2)
  })

  test('[CL1] units are imported whole or not at all, off duty and untracked', async () => {
    const head = 'callsign,kind,skills,mode,community'
    const refused = await say(
      'import',
      'units',
      file('bad-units.csv', [
        head,
        'Crew 901,king,unlocking,car,A1',
        'Crew 902,crew,flying,car,A1',
        'Crew 903,crew,,car,Z9',
      ]),
    )
    expect(refused.status).toBe(1)
    for (const word of ['king', 'flying', 'Z9']) expect(refused.stderr).toContain(word)
    const rows = [head, 'Crew 901,crew,unlocking|generalHelp,car,A1']
    expect(json(await say('import', 'units', file('units.csv', rows), '--json'))).toEqual({ units: 1 })
    const all = await open.db.select().from(units)
    const crew = all.find(({ callsign }) => callsign === 'Crew 901')
    expect(crew).toMatchObject({
      duty: 'offDuty',
      tracked: false,
      synthetic: false,
      skills: ['unlocking', 'generalHelp'],
    })
    expect(new Set(all.map(({ index }) => index)).size).toBe(all.length)
  })

  test('[CL1] tickets are exported to a file or to stdout', async () => {
    const path = join(folder, 'out.csv')
    expect(json(await say('export', 'tickets', path, '--json'))).toEqual({ file: path, rows: 0 })
    expect(readFileSync(path, 'utf8')).toMatch(/^\uFEFFnumber,id,status/)
    const printed = await say('export', 'tickets')
    expect(printed.stdout).toBe(readFileSync(path, 'utf8'))
    expect(await say('export', 'tickets', '--json')).toMatchObject({ status: 2 })
  })

  test('[CL1] a database that has not been migrated is named so, and migrating twice is the same as once', async () => {
    const other = await cloneDatabase('template0')
    const at = (...args: string[]) => hongguan(args, { DATABASE_URL: other.url })
    const said = await at('tenant', 'list')
    expect(said.status).toBe(1)
    expect(said.stderr).toContain('hongguan migrate')
    for (const _ of [1, 2]) expect(await at('migrate')).toMatchObject({ status: 0 })
    expect(json(await at('tenant', 'list', '--json'))).toEqual([])
    await other.drop()
  })
})
