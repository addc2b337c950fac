import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { type OpenDb, openDb } from '#db/connect.ts'
import { type EmbeddedPostgres, placeOf, startEmbedded } from '#db/embedded.ts'
import { migrate } from '#db/migrate.ts'
import { type App, buildApp } from './app.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { COPY_FILE } from './response/response.ts'

export interface StartOptions {
  /** The server's own unless a replay runs it. */
  clock?: Clock
  /** Called with the migrated database before anything listens: the place to load a demo city. */
  prepare?: (open: OpenDb) => Promise<void>
  /** The embedded database of `config.dataDir`, when the caller has begun to start it already; closed here all the same. */
  embedded?: Promise<EmbeddedPostgres>
}

export interface RunningServer extends OpenDb {
  app: App
  address: string
  /** Where the data really lies. */
  dataDir: string
  /** Set when a database left behind by a killed server was found. */
  tookOver: boolean
}

const CONSOLE = join(import.meta.dirname, '..', 'console', 'build')

/** Opens the database, brings it to this version, builds the app and listens. What was opened is closed again when a later step fails. */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const undo: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const dataDir = placeOf(config.dataDir)
    mkdirSync(dataDir, { recursive: true })
    const embedded =
      config.databaseUrl === null ? await (options.embedded ?? startEmbedded({ dataDir: config.dataDir })) : null
    if (embedded) undo.push(() => embedded.stop())
    const open = openDb(config.databaseUrl ?? (embedded as EmbeddedPostgres).url)
    undo.push(() => open.close())
    await migrate(open.db)
    await options.prepare?.(open)
    const app = await buildApp({
      ...open,
      config,
      clock: options.clock ?? systemClock,
      log: pino({ level: config.logLevel }, pino.destination(2)),
      secret: config.secret ?? keptSecret(dataDir),
      version: versionOf(CONSOLE),
      consoleDir: CONSOLE,
      responseFile: join(dataDir, COPY_FILE),
    })
    undo.push(() => app.close())
    const address = await app.listen()
    return { ...open, app, address, dataDir, tookOver: embedded?.tookOver ?? false, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Made once; whoever deletes it signs everybody out. */
function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'secret')
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(36).toString('base64url')}\n`, { mode: 0o600 })
  return readFileSync(path, 'utf8').trim()
}

/** The stamp of the built console: a page that was built from another one offers a reload. */
function versionOf(consoleDir: string): string {
  const path = join(consoleDir, '.stamp')
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : 'dev'
}
