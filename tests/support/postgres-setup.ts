import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { openDb } from '#db/connect.ts'
import { type EmbeddedPostgres, startEmbedded } from '#db/embedded.ts'
import { migrate } from '#db/migrate.ts'
import { EMPTY } from '#tests/support/postgres.ts'

interface Running {
  server: EmbeddedPostgres
  users: number
  stop(): Promise<void>
}

/** Kept outside the module: each vitest project loads its own copy of this file, and they share one server. */
const shared = globalThis as { hongguanPostgres?: Promise<Running> }

/** Every file keeps a few pools of its own open, on several workers at once. */
const MAX_CONNECTIONS = 400

/** Starts one PostgreSQL for the whole run, with a migrated database that every test file clones. */
export default async function setup(project: TestProject) {
  shared.hongguanPostgres ??= start()
  const running = await shared.hongguanPostgres
  running.users++
  project.provide('postgresUrl', running.server.urlOf('postgres'))
  return async () => {
    running.users--
    if (running.users > 0) return
    shared.hongguanPostgres = undefined
    await running.stop()
  }
}

async function start(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'hongguan-postgres-'))
  // As root PostgreSQL runs under an account of its own, which must be able to pass through here.
  chmodSync(folder, 0o755)
  // Nothing here outlives the run, so nothing waits for the disk; durability has flow tests with servers of their own.
  const server = await startEmbedded({ dataDir: folder, durable: false, maxConnections: MAX_CONNECTIONS })
  const killed = () => killAtExit(server.dataDir, folder)
  process.once('exit', killed)
  await makeEmpty(server)
  const stop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
    process.off('exit', killed)
  }
  return { server, users: 0, stop }
}

/** A run that is cut short takes its PostgreSQL and the folder with it; nothing may be awaited any more by then. */
function killAtExit(dataDir: string, folder: string) {
  const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid')
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0
  for (let tries = 0; pid && tries < 40 && signal(pid, tries === 0 ? 'SIGQUIT' : 0); tries++) pause(50)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

const pause = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

function signal(pid: number, name: 'SIGQUIT' | 0) {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

async function makeEmpty(server: EmbeddedPostgres) {
  const admin = postgres(server.urlOf('postgres'), { max: 1 })
  await admin.unsafe(`CREATE DATABASE ${EMPTY}`)
  await admin.end()
  const opened = openDb(server.urlOf(EMPTY), { max: 1 })
  await migrate(opened.db)
  await opened.close()
}
