import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { pino } from 'pino'
import type { Grant } from '#domain/access.ts'
import { pick, seededRandom } from '#domain/random.ts'
import { buildApp } from '#server/app.ts'
import { movableClock } from '#server/clock.ts'
import { readConfig } from '#server/config.ts'
import { addUser } from '#server/people/accounts.ts'
import { issueApiKey } from '#server/people/api-keys.ts'
import type { Response } from '#server/response/response.ts'
import { handTicker } from '#server/ticker.ts'
import { IDEMPOTENCY_HEADER, TENANT_HEADER } from '#wire/route.ts'
import { TENANT, type World, YEAR } from './world.ts'

/** Writes of one second. */
const RATES = [10, 50]
/** What the copy follows at once on its own beat. */
const STEP_S = 1.5
const STEPS = 15

type Line = (name: string, metric: string, value: number, unit: string) => void

/**
 * What keeping the copy current costs beside the writes themselves, in CPU of this process (the copy's threads are in it) and of
 * PostgreSQL: a ticket is reported over HTTP by a program with a key, as the control room's own program does; what has come in
 * one beat is then followed at once.
 */
export async function measureUpkeep(world: World, copy: Response, line: Line): Promise<void> {
  const { write, close } = await serverOf(world)
  for (const rate of RATES) {
    const atOnce = rate * STEP_S
    let [written, followed, slowest] = [0, 0, 0]
    for (let step = 0; step <= STEPS; step++) {
      const beganAt = cpuMs(world)
      for (let i = 0; i < atOnce; i++) await write()
      const wroteAt = cpuMs(world)
      const askedAt = performance.now()
      await copy.current(TENANT)
      const tookMs = performance.now() - askedAt
      // The first step warms both up.
      if (step === 0) continue
      slowest = Math.max(slowest, tookMs)
      written += wroteAt - beganAt
      followed += cpuMs(world) - wroteAt
    }
    const tickets = atOnce * STEPS
    line(`upkeep ${rate}/s`, 'writeCpu', written / tickets, 'ms/ticket')
    line(`upkeep ${rate}/s`, 'followCpu', followed / tickets, 'ms/ticket')
    line(`upkeep ${rate}/s`, 'share', (100 * followed) / written, '%')
    line(`upkeep ${rate}/s`, 'slowestStep', slowest, 'ms')
  }
  await close()
}

const NO_LIMITS = { signedIn: 1e9, publicReads: 1e9, publicWrites: 1e9, signIns: 1e9, pages: 1e9, loopDelayMs: 0 }

async function serverOf(world: World) {
  const read = readConfig({ HONGGUAN_DEMO: '0' })
  if (!read.ok) throw new Error(read.problems.join())
  const app = await buildApp({
    ...world,
    config: read.config,
    clock: movableClock(YEAR.to),
    ticker: handTicker(),
    log: pino({ level: 'silent' }),
    secret: 's'.repeat(40),
    version: 'bench',
    consoleDir: '/nowhere',
    limits: NO_LIMITS,
  })
  const added = await addUser(
    world.db,
    { username: 'bench', displayName: 'bench', password: null, grant: DISPATCHER },
    YEAR.to,
  )
  if ('why' in added) throw new Error(added.why)
  const key = await issueApiKey(app.auth, added.userId, 'bench')
  const places = (await world.sql`select id from communities order by id`).map(({ id }) => id as string)
  const random = seededRandom(1, 'upkeep')
  const write = async () => {
    const answer = await app.http.inject({
      method: 'POST',
      url: '/api/tickets',
      headers: { authorization: `Bearer ${key}`, [TENANT_HEADER]: TENANT, [IDEMPOTENCY_HEADER]: randomUUID() },
      payload: { category: 'lighting', description: 'generated', communityId: pick(random, places) },
    })
    if (answer.statusCode !== 200) throw new Error(answer.body)
  }
  return { write, close: () => app.close() }
}

const DISPATCHER: Grant = {
  tenant: TENANT,
  role: 'dispatcher',
  districtCode: null,
  subdistrictCode: null,
  neighbourhoodCode: null,
  firmId: null,
  unitId: null,
  ticketId: null,
}

/** Ticks of the kernel; a hundred a second wherever Linux runs today. */
const TICK_MS = 10

function cpuMs({ postgresPid }: World): number {
  const { user, system } = process.cpuUsage()
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.parent === postgresPid)
  return (user + system) / 1_000 + children.reduce((sum, stat) => sum + (stat?.ticks ?? 0), 0) * TICK_MS
}

function statOf(pid: string): { parent: number; ticks: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return null
  }
}
