import { setTimeout as pause } from 'node:timers/promises'
import { type OpenDb, openDb } from '#db/connect.ts'
import { attachEmbedded, DataFolderInUse, type EmbeddedPostgres, placeOf, startEmbedded } from '#db/embedded.ts'
import { migrate } from '#db/migrate.ts'
import { askedDataFolder, runningServer } from './data-folder.ts'
import { type NotDone, notDone, type Outcome } from './outcome.ts'

/** How long a verb waits for another one, or for a server that is just starting, to let go of the data folder. */
const PATIENCE_MS = 20_000
const LOOK_EVERY_MS = 200

/** PostgreSQL's codes for a schema, table or column that is not there. */
const NOT_MIGRATED = ['3F000', '42P01', '42703']

/**
 * Opens the installation's database for one verb and closes it again: DATABASE_URL, else the Postgres of the server that runs
 * on the data folder, else an embedded one of the verb's own.
 */
export async function withDatabase(doing: (open: OpenDb) => Promise<Outcome>): Promise<Outcome> {
  if (process.env.DATABASE_URL) return using(process.env.DATABASE_URL, doing)
  const found = await embedded()
  if ('ok' in found) return found
  if ('pid' in found) return using(found.url, doing)
  try {
    return await using(found.url, async (open) => {
      await migrate(open.db)
      return doing(open)
    })
  } finally {
    await found.stop()
  }
}

/** For a verb that works beside a running server and has no use for a database without one. */
export async function withServersDatabase(doing: (open: OpenDb) => Promise<Outcome>): Promise<Outcome> {
  const url = process.env.DATABASE_URL || attachedUrl(askedDataFolder())
  if (url) return using(url, doing)
  return notDone(
    'noDatabase',
    'no server of this data folder runs: set HONGGUAN_DATA to the server’s folder, or DATABASE_URL to its database',
  )
}

function attachedUrl(dataDir: string): string | null {
  const server = runningServer(placeOf(dataDir))
  const attached = server && attachEmbedded(dataDir)
  return attached && attached.pid === server.pid ? attached.url : null
}

async function using(url: string, doing: (open: OpenDb) => Promise<Outcome>): Promise<Outcome> {
  const open = openDb(url, { max: 4 })
  try {
    return await doing(open)
  } catch (error) {
    const said = databaseRefusal(error)
    if (said) return said
    throw error
  } finally {
    await open.close()
  }
}

async function embedded(): Promise<EmbeddedPostgres | { url: string; pid: number } | NotDone> {
  const dataDir = askedDataFolder()
  for (const until = performance.now() + PATIENCE_MS; ; await pause(LOOK_EVERY_MS)) {
    try {
      return await startEmbedded({ dataDir })
    } catch (error) {
      if (!(error instanceof DataFolderInUse)) throw error
      // Only a server's Postgres outlives this verb for certain; another verb's ends with that verb.
      const url = attachedUrl(dataDir)
      if (url) return { url, pid: error.pid }
      if (performance.now() > until) return notDone('dataFolderInUse', error.message)
    }
  }
}

/** What the driver throws when the database is not there or not ours yet; null for everything else. */
export function databaseRefusal(error: unknown): NotDone | null {
  const { code, cause } = error as { code?: string; cause?: unknown }
  if (code && NOT_MIGRATED.includes(code))
    return notDone('notMigrated', 'the database lacks tables of this version: run `npx hongguan migrate` first')
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'CONNECT_TIMEOUT')
    return notDone('noDatabase', `no database answers at DATABASE_URL (${code})`)
  return cause ? databaseRefusal(cause) : null
}
