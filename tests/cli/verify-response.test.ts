import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import { tickets } from '#db/schema/tickets.ts'
import { addTenant } from '#server/places/add-tenant.ts'
import { reportTicket } from '#server/tickets/report.ts'
import { dataFolder, hongguan } from '#tests/support/command-line.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'
import { SAN_FRANCISCO_CONFIG, tenantFromFile } from '#tests/support/tenant-file.ts'

const folder = dataFolder()
let database: ClonedDatabase
let open: OpenDb

beforeAll(async () => {
  database = await cloneDatabase()
  open = openDb(database.url, { max: 2 })
  const { config, places } = await tenantFromFile(SAN_FRANCISCO_CONFIG)
  await open.db.transaction((tx) => addTenant(tx, config, places))
})
afterAll(async () => {
  await open.close()
  await database.drop()
  folder.remove()
})

describe('verify response', () => {
  const verify = () =>
    hongguan(['verify', 'response', '--json'], { DATABASE_URL: database.url, HONGGUAN_DATA: folder.path })

  test('[RT13] says that the copy is what PostgreSQL tells, and with exit status 1 where it is not', async () => {
    const point = { lng: -122.43, lat: 37.76, category: 'lighting', description: 'x' } as const
    for (let i = 0; i < 3; i++)
      await open.db.transaction((tx) =>
        reportTicket(tx, { ...point, tenant: 'san-francisco', channel: 'console' }, { kind: 'api', id: 't' }, i),
      )
    const good = await verify()
    expect([good.status, JSON.parse(good.stdout)]).toEqual([0, { tickets: 3, wrong: 0 }])
    // Behind the feed's back: the copy cannot know.
    await open.db.update(tickets).set({ category: 'gas' })
    const bad = await verify()
    expect(bad.status).toBe(1)
    expect(JSON.parse(bad.stdout).error).toMatchObject({
      code: 'failed',
      details: expect.arrayContaining(['  #1 different category']),
    })
  })
})
