import { asc, eq } from 'drizzle-orm'
import { leaveCard, runningServer } from '#cli/data-folder.ts'
import { done, type NotDone, notDone, type Outcome } from '#cli/outcome.ts'
import type { StartFlags } from '#cli/verbs/start.ts'
import type { Db } from '#db/connect.ts'
import { surviveDriverFault } from '#db/driver-fault.ts'
import { DataFolderInUse, type EmbeddedPostgres } from '#db/embedded.ts'
import { user } from '#db/schema/accounts.ts'
import { tenants } from '#db/schema/places.ts'
import { type Clock, systemClock } from '#server/clock.ts'
import { type Config, readConfig } from '#server/config.ts'
import { type RunningServer, startServer } from '#server/start.ts'
import { type Banner, bannerLines } from './banner.ts'
import { type SimulatorChild, startSimulator } from './child.ts'
import { demoAccountsIn, drawDemo, loadDemo } from './demo.ts'
import { heldClock } from './held-clock.ts'
import { portRefusal } from './port.ts'
import { untilAsked } from './until-asked.ts'

export interface ComingUp {
  /** The database already on its way up; undefined when another one is configured. */
  embedded: Promise<EmbeddedPostgres> | undefined
  /** Its folder held nothing before. */
  isNew: boolean
}

/** Serves until somebody asks it to stop. */
export async function serve(flags: StartFlags, { embedded, isNew }: ComingUp): Promise<Outcome> {
  const read = readConfig(process.env)
  if (!read.ok) {
    await embedded?.then((started) => started.stop()).catch(() => undefined)
    const problems = read.problems.map((problem) => `  ${problem}`)
    return notDone('badUsage', 'the configuration is not taken:', problems)
  }
  const config = withFlags(read.config, flags)
  surviveDriverFault((error) => process.stderr.write(`${error instanceof Error ? error.stack : error}\n`))
  const replay = flags.clock === undefined ? null : heldClock(flags.clock, flags.speed ?? 1)
  const isDemo = config.demo && replay === null
  const now = systemClock.now()
  const drawn = isDemo && isNew ? drawDemo(now) : null
  let isFirst = false
  try {
    const running = await startServer(config, {
      ...(embedded && { embedded }),
      clock: replay ?? systemClock,
      prepare: async (open) => {
        if (isDemo) isFirst = await loadDemo(open, () => drawn ?? drawDemo(now), now)
      },
    })
    replay?.release()
    return await keepServing(running, await bannerOf(running, isDemo, replay), isFirst, flags)
  } catch (error) {
    const refusal = startRefusal(error, config)
    if (refusal) return refusal
    throw error
  }
}

const withFlags = (config: Config, { host, port }: StartFlags): Config => ({
  ...config,
  host: host ?? config.host,
  port: port ?? config.port,
})

async function keepServing(
  running: RunningServer,
  banner: Banner,
  isFirst: boolean,
  flags: StartFlags,
): Promise<Outcome> {
  const removeCard = leaveCard(running.dataDir, running.address)
  const stop = new AbortController()
  const asked = untilAsked(running.dataDir).then(() => stop.abort())
  say(banner, flags)
  const simulator = banner.simulated === null ? null : await lively(running, banner.simulated, isFirst, stop.signal)
  await asked
  if (!flags.json) process.stdout.write('stopping …\n')
  removeCard()
  await simulator?.stop()
  await running.close()
  return done({ stopped: true }, 'stopped')
}

/** A demo begins in the middle of a day: first the hours before it, then the simulator, which goes on from there. */
async function lively(
  { db, address }: RunningServer,
  tenant: string,
  isFirst: boolean,
  signal: AbortSignal,
): Promise<SimulatorChild | null> {
  if (isFirst) {
    const { tellDemoPast } = await import('./demo-past.ts')
    await tellDemoPast(db, tenant, signal)
  }
  if (signal.aborted) return null
  return startSimulator(tenant, address, (code) =>
    process.stderr.write(`the simulator ended by itself (${code}); the server goes on without it\n`),
  )
}

function say(banner: Banner, { json }: StartFlags): void {
  if (json) process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, ...banner })}\n`)
  else process.stdout.write(`${bannerLines(banner).join('\n')}\n`)
}

async function bannerOf(running: RunningServer, isDemo: boolean, replay: Clock | null): Promise<Banner> {
  const { db, address, dataDir, tookOver } = running
  const all = await db.select({ code: tenants.code, name: tenants.name }).from(tenants).orderBy(asc(tenants.code))
  const demoTenant = isDemo ? await simulatedTenant(db) : null
  const accounts = demoTenant ? await demoAccountsIn(db, demoTenant) : []
  return {
    address,
    dataDir,
    tenants: all,
    accounts,
    simulated: demoTenant,
    tookOver,
    clock: replay && { from: replay.startedFrom as number, speed: replay.speed },
  }
}

/** The demo's city: the one with the vendored code and the demo's administrator in it. */
async function simulatedTenant(db: Db): Promise<string | null> {
  const [found] = await db.select({ code: tenants.code }).from(tenants).where(eq(tenants.code, 'shenyang'))
  const [admin] = await db.select({ id: user.id }).from(user).where(eq(user.username, 'admin'))
  return found && admin ? found.code : null
}

function startRefusal(error: unknown, config: Config): NotDone | null {
  if (error instanceof DataFolderInUse) {
    const there = runningServer()
    return notDone('dataFolderInUse', there ? `${error.message}\nIts server answers at ${there.url}` : error.message)
  }
  return portRefusal(error as NodeJS.ErrnoException, config.host, config.port)
}
