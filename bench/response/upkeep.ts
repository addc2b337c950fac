import { readdirSync, readFileSync } from 'node:fs'
import { pick, seededRandom } from '#domain/random.ts'
import type { Response } from '#server/response/response.ts'
import { reportTicket } from '#server/tickets/report.ts'
import { TENANT, type World, YEAR } from './world.ts'

/** Tickets written in one second, which is what the copy looks for at once. */
const RATES = [10, 50]
const SECONDS = 20

/**
 * What keeping the copy current costs beside writing the tickets themselves, in CPU of this process (the copy's threads are in
 * it) and of PostgreSQL: each second's reports are written, then followed as the server's beat would.
 */
export async function measureUpkeep(
  world: World,
  copy: Response,
  line: (name: string, metric: string, value: number, unit: string) => void,
): Promise<void> {
  const places = await world.sql`select id from communities order by id`
  const random = seededRandom(1, 'upkeep')
  const write = (i: number) =>
    world.db.transaction((tx) =>
      reportTicket(
        tx,
        {
          tenant: TENANT,
          channel: 'console',
          category: 'lighting',
          description: 'generated',
          communityId: pick(random, places).id as string,
        },
        { kind: 'api', id: 'bench' },
        YEAR.to + i,
      ),
    )
  for (const rate of RATES) {
    let [written, followed, lag] = [0, 0, 0]
    for (let second = 0; second < SECONDS; second++) {
      const beganAt = cpuMs(world)
      for (let i = 0; i < rate; i++) await write(second * rate + i)
      const wroteAt = cpuMs(world)
      const askedAt = performance.now()
      await copy.current(TENANT)
      lag = Math.max(lag, performance.now() - askedAt)
      // The first second warms both up.
      if (second > 0) written += wroteAt - beganAt
      if (second > 0) followed += cpuMs(world) - wroteAt
    }
    const tickets = rate * (SECONDS - 1)
    line(`upkeep ${rate}/s`, 'writeCpu', written / tickets, 'ms/ticket')
    line(`upkeep ${rate}/s`, 'followCpu', followed / tickets, 'ms/ticket')
    line(`upkeep ${rate}/s`, 'share', (100 * followed) / written, '%')
    line(`upkeep ${rate}/s`, 'slowestStep', lag, 'ms')
  }
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
