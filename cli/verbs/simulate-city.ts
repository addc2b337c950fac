import { and, eq } from 'drizzle-orm'
import { askedDataFolder } from '#cli/data-folder.ts'
import { withServersDatabase } from '#cli/database.ts'
import { bindMany, deviceKey } from '#cli/devices.ts'
import { programKey } from '#cli/keys.ts'
import { done, type NotDone, notDone, type Outcome } from '#cli/outcome.ts'
import { serverTime } from '#cli/server-time.ts'
import { staffAccounts, staffIds } from '#cli/simulator/accounts.ts'
import { type Simulation, type SimulationState, simulate } from '#cli/simulator/run.ts'
import { chosenTenant } from '#cli/tenant.ts'
import type { Db } from '#db/connect.ts'
import { placeOf } from '#db/embedded.ts'
import { units } from '#db/schema/fleet.ts'
import type { Instant } from '#domain/instant.ts'
import type { Tenant } from '#domain/places.ts'
import type { SimulateOptions } from './simulate.ts'

export async function simulateCity(options: SimulateOptions, url: string): Promise<Outcome> {
  let prepared: Prepared | null = null
  const outcome = await withServersDatabase(async ({ db }) => {
    const found = await prepare(db, options, url)
    if ('ok' in found) return found
    prepared = found
    return done(null)
  })
  if (!prepared) return outcome
  const stop = untilStopped()
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

async function prepare(db: Db, options: SimulateOptions, url: string): Promise<Prepared | NotDone> {
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
