import { Command } from 'commander'
import { and, eq } from 'drizzle-orm'
import { askedDataFolder, runningServer } from '#cli/data-folder.ts'
import { withDatabase } from '#cli/database.ts'
import { bindMany, deviceKey } from '#cli/devices.ts'
import { programKey } from '#cli/keys.ts'
import { done, type NotDone, notDone, type Outcome } from '#cli/outcome.ts'
import { serverTime } from '#cli/server-time.ts'
import { staffAccounts, staffIds } from '#cli/simulator/accounts.ts'
import type { Simulation, SimulationState } from '#cli/simulator/run.ts'
import { chosenTenant } from '#cli/tenant.ts'
import { does, positive, tenantOption, wholeNumber } from '#cli/verb.ts'
import type { Db } from '#db/connect.ts'
import { DEMO_SEED } from '#db/demo/city.ts'
import { placeOf } from '#db/embedded.ts'
import { units } from '#db/schema/fleet.ts'
import type { Instant } from '#domain/instant.ts'
import type { Tenant } from '#domain/places.ts'

interface Options {
  tenant?: string
  url?: string
  speed?: number
  seed: number
  sockets: number
  quiet?: true
}

const AFTER = `
Works at the real doors of a running server: units report by device socket or as Traccar phones do, residents call, a control room of
two accounts (simulator, simulator-phone) sends units and records what they say by phone. Only units that are themselves marked
synthetic are moved or answered for; what people at the consoles do with them is answered too. Calls follow the city's clock: two rush
hours, rain in July and August, the start of the heating. Stop with Ctrl-C.`

export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('Moves the synthetic units of a city and reports its tickets, until stopped.')
    .addOption(tenantOption())
    .option('--url <address>', 'the server; the one running on this data folder when left out')
    .option('--speed <number>', 'refuse unless the server’s clock runs at this speed', positive)
    .option('--seed <number>', 'another seed, another city life', wholeNumber, DEMO_SEED)
    .option(
      '--sockets <number>',
      'units with a device socket of their own; the others post as phones do',
      wholeNumber,
      300,
    )
    .option('--quiet', 'say nothing while running')
    .addHelpText('after', AFTER)
  return does<Options>(command, run)
}

async function run(options: Options): Promise<Outcome> {
  const url = options.url ?? runningServer()?.url
  if (!url)
    return notDone('noServer', 'no server runs on this data folder: start one with `npm start`, or name one with --url')
  let prepared: Prepared | null = null
  const outcome = await withDatabase(async ({ db }) => {
    const found = await prepare(db, options, url)
    if ('ok' in found) return found
    prepared = found
    return done(null)
  })
  if (!prepared) return outcome
  const stop = untilStopped()
  const { simulate } = await import('#cli/simulator/run.ts')
  const say = options.quiet ? () => undefined : speaker()
  const failed = await simulate({
    ...(prepared as Prepared),
    url,
    seed: options.seed,
    maxSockets: options.sockets,
    signal: stop,
    onTick: say,
  })
  return failed ?? done({ stopped: true }, 'stopped')
}

type Prepared = Pick<Simulation, 'tenant' | 'keys' | 'ownIds' | 'secrets'>

async function prepare(db: Db, options: Options, url: string): Promise<Prepared | NotDone> {
  const chosen = await chosenTenant(db, options.tenant)
  if (!chosen.ok) return chosen
  const { tenant } = chosen
  const time = await serverTime({ url, tenant: tenant.code, apiKey: null })
  if ('ok' in time) return time
  if (options.speed !== undefined && options.speed !== time.speed)
    return notDone('clockMismatch', `the server’s clock runs at ${time.speed} × real speed, not at ${options.speed}`)
  const madeUp = await db
    .select()
    .from(units)
    .where(and(eq(units.tenant, tenant.code), eq(units.synthetic, true)))
  if (madeUp.length === 0)
    return notDone('unknown', `${tenant.code} has no synthetic units: add it with \`tenant add FILE --demo\``)
  const key = deviceKey(placeOf(askedDataFolder()))
  const secrets = await bindMany(db, key, madeUp, 'simulator', time.now())
  return { tenant, secrets, ...(await accountsOf(db, tenant, time.now())) }
}

async function accountsOf(db: Db, tenant: Tenant, now: Instant): Promise<Pick<Simulation, 'keys' | 'ownIds'>> {
  const { room, phone } = staffAccounts(tenant)
  const keys = { room: await programKey(db, room, now), phone: await programKey(db, phone, now) }
  return { keys, ownIds: new Set(Object.values(await staffIds(db, tenant, now))) }
}

/** Ctrl-C, TERM, or the end of the server that started us. */
function untilStopped(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  process.on('disconnect', () => stop.abort())
  process.channel?.unref() // the line to the server must not keep this process once it has stopped
  return stop.signal
}

const SAY_EVERY_MS = 15_000

function speaker(): (state: SimulationState) => void {
  let saidAt = Number.NEGATIVE_INFINITY
  return ({ units: moving, sockets, open, acts, calls }) => {
    if (performance.now() - saidAt < SAY_EVERY_MS) return
    saidAt = performance.now()
    process.stderr.write(
      `${moving} units report (${sockets} by socket), ${open} tickets on the board, ${calls} calls and ${acts} acts so far\n`,
    )
  }
}
