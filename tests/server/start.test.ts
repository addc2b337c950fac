import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { placesOf } from '#db/places/places-of.ts'
import { addUser } from '#server/people/accounts.ts'
import { addTenant } from '#server/places/add-tenant.ts'
import { type RunningServer, startServer } from '#server/start.ts'
import { CITY, grantFor, PASSWORD, testCity, testConfig } from '#tests/support/app.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'
import { CONSOLE_SOCKET_PATH } from '#wire/sockets.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'hongguan-start-'))
let database: ClonedDatabase
beforeAll(async () => {
  database = await cloneDatabase()
})
afterAll(async () => {
  await database.drop()
  rmSync(dataDir, { recursive: true })
})

const start = (port = '0') =>
  startServer(
    testConfig({
      DATABASE_URL: database.url,
      HONGGUAN_DATA: dataDir,
      HONGGUAN_PORT: port,
      HONGGUAN_LOG_LEVEL: 'silent',
    }),
    {
      prepare: async ({ db }) => {
        const config = testCity(CITY)
        const placed = placesOf(config)
        if (!placed.ok) throw new Error('the test city is wrong')
        await db.transaction((tx) => addTenant(tx, config, placed.places))
        await addUser(
          db,
          { username: 'first', displayName: 'first', password: PASSWORD, grant: grantFor('cityAdmin') },
          Date.now(),
        )
      },
    },
  )

const whoAmI = async ({ address }: RunningServer, cookie: string) =>
  (await fetch(`${address}/api/me`, { headers: { cookie } })).status

describe('a server', () => {
  test('keeps its secret in the data folder, for its owner alone, so that a restart signs nobody out', async () => {
    const first = await start()
    const answer = await fetch(`${first.address}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'first', password: PASSWORD }),
    })
    const cookie = answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    expect(await whoAmI(first, cookie)).toBe(200)
    await first.close()
    expect(statSync(join(dataDir, 'secret')).mode & 0o077).toBe(0)
    const second = await start()
    expect(await whoAmI(second, cookie)).toBe(200)
    await second.close()
  })

  test('is ready once its engine beats, and ends at once though consoles are connected', async () => {
    const server = await start()
    const key = await fetch(`${server.address}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'first', password: PASSWORD }),
    })
    const cookie = key.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    await expect.poll(async () => (await fetch(`${server.address}/health/ready`)).status).toBe(200)
    const socket = io(server.address, {
      path: CONSOLE_SOCKET_PATH,
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { cookie },
    })
    await new Promise((resolve) => socket.once('hello', resolve))
    const gone = new Promise((resolve) => socket.once('disconnect', resolve))
    const began = performance.now()
    await server.close()
    await gone
    expect(performance.now() - began).toBeLessThan(5_000)
    await expect(fetch(`${server.address}/health/live`)).rejects.toThrow()
  })

  test('that finds its port taken says so and leaves nothing open', async () => {
    const server = await start()
    const { port } = new URL(server.address)
    await expect(start(port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(await whoAmI(server, '')).toBe(401)
    await server.close()
  })
})
