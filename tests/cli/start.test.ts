import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { MINUTE_MS } from '#domain/instant.ts'
import {
  childrenOf,
  dataFolder,
  eventually,
  hongguan,
  isAlive,
  postgresPid,
  type StartedServer,
  startHongguan,
} from '#tests/support/command-line.ts'
import { clock } from '#wire/routes/system.ts'

/** A whole city is drawn, written down and given a past, perhaps beside other tests. */
const DEMO_MS = 3 * MINUTE_MS

const open: (StartedServer | { remove(): void })[] = []
afterEach(async () => {
  // A folder is opened before the server that lives in it.
  for (const one of open.splice(0).reverse()) {
    if ('stop' in one) await one.stop('SIGTERM')
    else one.remove()
  }
})

const folder = () => {
  const made = dataFolder()
  open.push(made)
  return made.path
}
const start = async (dataDir: string, ...args: string[]) => {
  const server = await startHongguan(args, { HONGGUAN_DATA: dataDir })
  open.push(server)
  return server
}
const bare = (dataDir: string, ...args: string[]) => hongguan(args, { HONGGUAN_DATA: dataDir })
const face = async (address: string) => (await fetch(new URL(clock.path, address))).json()

async function signIn(address: string, username: string, password: string): Promise<string> {
  const response = await fetch(new URL('/api/session', address), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  expect(response.status).toBe(200)
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

describe('start', () => {
  // One demo for the whole life of a server: loading it is most of what a start costs.
  test(
    '[CL3] a first start loads the demo and moves it; killed, its simulator ends by itself; Ctrl-C ends all of the next',
    async () => {
      const server = await start(folder())
      const { ready } = server
      expect(ready).toMatchObject({ simulated: 'shenyang', tookOver: false, tenants: [{ code: 'shenyang' }] })
      expect(ready.accounts.map(({ role }) => role)).toHaveLength(11)
      const cookie = await signIn(ready.address, 'dispatcher', 'hongguan-demo')
      const read = async (path: string) => (await fetch(new URL(path, ready.address), { headers: { cookie } })).json()
      // CL6: a past in every stage, and units whose positions arrive.
      const seen = await eventually(async () => {
        const { tickets, units } = (await read('/api/feed/snapshot')) as Snapshot
        const metrics = await (await fetch(new URL('/metrics', ready.address))).text()
        const stages = new Set(tickets.map(({ status }) => status))
        const isLively = ['en_route', 'on_site', 'resolved'].every((stage) => stages.has(stage))
        return isLively && /fixes_total\{.*verdict="latest".*\} \d{2}/.test(metrics) ? { tickets, units } : null
      })
      expect(seen.units.filter(({ duty }) => duty !== 'offDuty').length).toBeGreaterThan(1_000)
      expect(seen.tickets.every(({ channel }) => channel === 'simulator')).toBe(true)

      const simulator = await eventually(() => childrenOf(ready.pid).find((pid) => pid > 0) ?? null)
      await server.stop('SIGKILL')
      await eventually(() => (isAlive(simulator) ? null : true))
      // What the kill left behind is taken down by the next start.
      const next = await start(ready.dataDir)
      expect(next.ready).toMatchObject({ tookOver: true, simulated: 'shenyang' })
      const [child, ...more] = await eventually(() => {
        const children = childrenOf(next.ready.pid)
        return children.length > 0 ? children : null
      })
      expect(more).toEqual([])
      const postgres = postgresPid(ready.dataDir)
      expect(await next.stop('SIGINT')).toBe(0)
      for (const pid of [postgres as number, child as number]) await eventually(() => (isAlive(pid) ? null : true))
      expect(postgresPid(ready.dataDir)).toBeNull()
      expect(existsSync(join(ready.dataDir, 'server.json'))).toBe(false)
    },
    DEMO_MS,
  )

  test('[CL3] [CL5] [CL6] after kill -9 the next start has everything; a verb beside it works on its database', async () => {
    const dataDir = folder()
    const first = await startHongguan([], { HONGGUAN_DATA: dataDir, HONGGUAN_DEMO: '0' })
    open.push(first)
    expect(first.ready).toMatchObject({ simulated: null, accounts: [], tenants: [] })
    const added = await bare(dataDir, 'tenant', 'add', 'docs/examples/san-francisco.json')
    expect(added).toMatchObject({ status: 0 })
    const user = await bare(dataDir, 'user', 'add', 'boss', '--role', 'cityAdmin', '--json')
    const { password } = JSON.parse(user.stdout) as { password: string }
    await signIn(first.ready.address, 'boss', password)

    const postgres = postgresPid(first.ready.dataDir) as number
    await first.stop('SIGKILL')
    expect(isAlive(postgres)).toBe(true)
    const second = await startHongguan([], { HONGGUAN_DATA: dataDir, HONGGUAN_DEMO: '1' })
    open.push(second)
    expect(second.ready).toMatchObject({ tookOver: true, simulated: null, tenants: [{ code: 'san-francisco' }] })
    await signIn(second.ready.address, 'boss', password)
    expect(isAlive(postgres)).toBe(false)
    const third = await bare(dataDir, 'start', '--port', '0')
    expect(third.status).toBe(1)
    expect(third.stderr).toContain(`in use by process ${second.ready.pid}`)
    expect(third.stderr).toContain(second.ready.address)
  })

  test('[CL6] [IM7] a clock for a replay runs from its moment at its speed, with no demo', async () => {
    const dataDir = folder()
    const from = Date.UTC(2008, 4, 22, 7)
    const server = await start(dataDir, '--clock', new Date(from).toISOString(), '--speed', '60')
    expect(server.ready).toMatchObject({ simulated: null, tenants: [] })
    const one = await face(server.ready.address)
    expect(one).toMatchObject({ speed: 60, startedFrom: from })
    expect(one.now).toBeGreaterThanOrEqual(from)
    const two = await eventually(async () => {
      const again = await face(server.ready.address)
      return again.now - one.now > 10_000 ? again : null
    })
    expect(two.now - from).toBeLessThan(3_600_000)
  })
})

interface Snapshot {
  tickets: { status: string; channel: string }[]
  units: { duty: string }[]
}
