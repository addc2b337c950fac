import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { askedDataFolder } from '#cli/data-folder.ts'
import { badUsage, type Outcome } from '#cli/outcome.ts'
import { portProblem } from '#cli/start/port.ts'
import { does, moment, positive, wholeNumber } from '#cli/verb.ts'
import { placeOf, startEmbedded } from '#db/embedded.ts'

export interface StartFlags {
  host?: string
  port?: number
  clock?: number
  speed?: number
  json?: true
}

const AFTER = `
Starts the embedded PostgreSQL of the data folder (or uses DATABASE_URL), brings it to the newest schema, on the first run loads
the demo city with its simulator (HONGGUAN_DEMO=0: neither), and serves until Ctrl-C. With --json the one line that says the server
is ready is a JSON document.

For a replay the server's one clock runs from a moment of the past, faster than real time; there is no demo then:
  npx hongguan start --clock 2008-05-22T07:00:00Z --speed 60`

export function startCommand(): Command {
  const command = new Command('start')
    .description('Starts the server with its database.')
    .option('--host <address>', 'instead of HONGGUAN_HOST')
    .option('--port <number>', 'instead of HONGGUAN_PORT; 0 takes any free one', wholeNumber)
    .option('--clock <moment>', 'run the clock from this moment (ISO 8601 with zone): for a replay', moment)
    .option('--speed <number>', 'served seconds in one real second; needs --clock', positive)
    .addHelpText('after', AFTER)
  return does<StartFlags>(command, start)
}

/**
 * Before anything heavy is loaded: whether the port is free (a busy one must not cost a first run its database), and the database
 * itself, which takes as long to start as the server's own sources take to load.
 */
async function start(flags: StartFlags): Promise<Outcome> {
  if (flags.speed !== undefined && flags.clock === undefined)
    return badUsage('--speed needs --clock: a live server’s clock runs at real speed')
  if (flags.port !== undefined && flags.port > 65_535) return badUsage('a port is a number up to 65535')
  const { HONGGUAN_HOST, HONGGUAN_PORT, DATABASE_URL } = process.env
  const busy = await portProblem(
    flags.host ?? (HONGGUAN_HOST || '127.0.0.1'),
    flags.port ?? Number(HONGGUAN_PORT || 8080),
  )
  if (busy) return busy
  const dataDir = askedDataFolder()
  const isNew = !DATABASE_URL && !existsSync(join(placeOf(dataDir), 'postgres'))
  const embedded = DATABASE_URL ? undefined : startEmbedded({ dataDir })
  embedded?.catch(() => undefined) // whoever awaits it hears of it
  const { serve } = await import('#cli/start/serve.ts')
  return serve(flags, { embedded, isNew })
}
