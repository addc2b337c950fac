import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { keepAlive } from './keep-alive.ts'
import { type Binaries, type DatabaseAccount, databaseAccount, postgresBinaries, reaches } from './postgres-binaries.ts'

const run = promisify(execFile)
const ROLE = 'hongguan'
const DATABASE = 'hongguan'
const START_LIMIT_S = 60
/** The same on every machine, whatever its own locales are. */
const LOCALE = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']

export interface EmbeddedOptions {
  /** Folder that holds everything of this installation; made when absent. */
  dataDir: string
  /** False only for tests: gives up fsync, so a crash of the machine may lose data. */
  durable?: boolean
  /** Connections PostgreSQL allows. */
  maxConnections?: number
}

export interface EmbeddedPostgres {
  url: string
  /** URL of another database of the same server. */
  urlOf(database: string): string
  port: number
  /** Where the data really lies: elsewhere than asked when root's own folder is closed to the account `postgres`. */
  dataDir: string
  /** Set when a PostgreSQL left behind by a killed server was found and restarted. */
  tookOver: boolean
  stop(): Promise<void>
}

/** Somebody else lives in this data folder; named so that the person can find them. */
export class DataFolderInUse extends Error {
  readonly pid: number
  constructor(dataDir: string, pid: number) {
    super(`data folder ${dataDir} is in use by process ${pid}; stop it, or set HONGGUAN_DATA to another folder`)
    this.pid = pid
  }
}

const isAlive = (pid: number) => {
  try {
    // 0 would ask our own process group
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process began, in the kernel's ticks: a number given out again to another process has another one. Linux only. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** The live process that holds a folder; null when nobody does: a dead process's lock is worth nothing. */
function holderOf(dataDir: string): number | null {
  const path = join(dataDir, 'server.pid')
  const [pid = 0, start = ''] = existsSync(path) ? readFileSync(path, 'utf8').split(' ') : []
  const holder = Number(pid)
  return holder && isAlive(holder) && startOf(holder) === start ? holder : null
}

/** One server a folder: the lock names its process. */
function lock(dataDir: string): () => void {
  const path = join(dataDir, 'server.pid')
  const holder = holderOf(dataDir)
  if (holder && holder !== process.pid) throw new DataFolderInUse(dataDir, holder)
  writeFileSync(path, `${process.pid} ${startOf(process.pid)}`)
  return () => rmSync(path, { force: true })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done, failed) => probe.once('error', failed).listen(0, '127.0.0.1', done))
  const address = probe.address()
  await new Promise<void>((done) => probe.close(() => done()))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** Kept in the data folder, readable by its owner alone. */
function passwordOf(dataDir: string): string {
  const path = join(dataDir, 'postgres-password')
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  return readFileSync(path, 'utf8').trim()
}

async function initialise(
  binaries: Binaries,
  account: DatabaseAccount | undefined,
  cluster: string,
  password: string,
): Promise<void> {
  const passwordFile = join(cluster, '..', `init-${randomBytes(6).toString('hex')}`)
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) chownSync(passwordFile, account.uid, account.gid)
  try {
    const args = ['-D', cluster, '-U', ROLE, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', ...LOCALE]
    await run(binaries.initdb, args, { ...account, env: { ...process.env, TZ: 'UTC' } })
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

const settings = (port: number, durable: boolean, maxConnections: number) =>
  [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    "-c unix_socket_directories=''",
    `-c max_connections=${maxConnections}`,
    '-c shared_buffers=128MB',
    '-c jit=off',
    '-c timezone=UTC',
    ...(durable ? [] : ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off']),
  ].join(' ')

/** Stops a PostgreSQL that outlived its server (kill -9): a clean stop writes everything down, and the start reads it back. */
async function stopLeftover(
  binaries: Binaries,
  account: DatabaseAccount | undefined,
  cluster: string,
): Promise<boolean> {
  if (!existsSync(join(cluster, 'postmaster.pid'))) return false
  try {
    await run(binaries.pgCtl, ['status', '-D', cluster], { ...account })
  } catch {
    return false
  }
  await run(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', String(START_LIMIT_S)], { ...account })
  return true
}

/** Where an installation's data really lies: elsewhere than asked when root's own folder is closed to the account `postgres`. */
export function placeOf(asked: string, account = databaseAccount()): string {
  if (reaches(account, resolve(asked, '..'))) return resolve(asked)
  return join(
    '/var/lib/hongguan',
    resolve(asked)
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .slice(1),
  )
}

export interface RunningPostgres {
  url: string
  /** The process that started it and will stop it. */
  pid: number
}

/**
 * The PostgreSQL that another process runs on a data folder now, for a command typed beside a running server; null when nobody
 * holds the folder, or its PostgreSQL does not answer yet.
 */
export function attachEmbedded(asked: string): RunningPostgres | null {
  const dataDir = placeOf(asked)
  const pid = holderOf(dataDir)
  const pidFile = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
  if (pid === null || !existsSync(pidFile)) return null
  // Lines of postmaster.pid, from PostgreSQL's own pidfile.h: 4 the port, 8 the state.
  const lines = readFileSync(pidFile, 'utf8').split('\n')
  const port = Number(lines[3])
  if (!port || lines[7]?.trim() !== 'ready') return null
  return { url: urlAt(port, passwordOf(dataDir), DATABASE), pid }
}

/** First line of postmaster.pid; 0 when there is none. */
function postmasterOf(cluster: string): number {
  const pidFile = join(cluster, 'postmaster.pid')
  return existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0
}

/** Ends a folder's PostgreSQL without waiting (what is committed is on disk already): for a person who does not wait either. */
export function quitEmbedded(dataDir: string): void {
  const pid = postmasterOf(join(dataDir, 'postgres', 'cluster'))
  if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGQUIT')
}

const urlAt = (port: number, password: string, database: string) =>
  `postgres://${ROLE}:${password}@127.0.0.1:${port}/${database}`

function openFolder(asked: string, account: DatabaseAccount | undefined): string {
  const dataDir = placeOf(asked, account)
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  if (!reaches(account, dataDir)) chmodSync(dataDir, statSync(dataDir).mode | 0o001)
  return dataDir
}

/** Starts (first run: creates) the PostgreSQL of a data folder and waits until it answers. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = databaseAccount()
  const dataDir = openFolder(options.dataDir, account)
  const unlock = lock(dataDir)
  try {
    const binaries = await postgresBinaries(account)
    const password = passwordOf(dataDir)
    const home = join(dataDir, 'postgres')
    const cluster = join(home, 'cluster')
    mkdirSync(home, { recursive: true })
    if (account) chownSync(home, account.uid, account.gid)
    if (!existsSync(join(cluster, 'PG_VERSION'))) {
      rmSync(cluster, { recursive: true, force: true }) // a first run that was cut off leaves half a cluster, and nothing in it
      mkdirSync(cluster, { mode: 0o700 })
      if (account) chownSync(cluster, account.uid, account.gid)
      await initialise(binaries, account, cluster, password)
    }
    const tookOver = await stopLeftover(binaries, account, cluster)
    const port = await freePort()
    const flags = settings(port, options.durable ?? true, options.maxConnections ?? 100)
    await start(binaries, account, home, cluster, flags)
    const urlOf = (database: string) => urlAt(port, password, database)
    await ensureDatabase(urlOf)
    // DB4: a killed PostgreSQL comes back at the same port; the pool finds it there.
    const leave = keepAlive(
      () => isAlive(postmasterOf(cluster)),
      () => start(binaries, account, home, cluster, flags),
    )
    const stop = async () => {
      await leave()
      await run(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', String(START_LIMIT_S)], {
        ...account,
      })
      unlock()
    }
    return { url: urlOf(DATABASE), urlOf, port, dataDir, tookOver, stop }
  } catch (error) {
    unlock()
    throw error
  }
}

async function start(
  binaries: Binaries,
  account: DatabaseAccount | undefined,
  home: string,
  cluster: string,
  flags: string,
): Promise<void> {
  const log = join(home, 'postgres.log')
  try {
    // -l hands the log to the file, so that PostgreSQL keeps no pipe of ours and outlives a killed server unharmed
    await run(binaries.pgCtl, ['start', '-D', cluster, '-l', log, '-w', '-t', String(START_LIMIT_S), '-o', flags], {
      ...account,
    })
  } catch (error) {
    const last = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n') : String(error)
    throw new Error(`PostgreSQL did not start (${basename(log)} says):\n${last}`)
  }
}

async function ensureDatabase(urlOf: (database: string) => string): Promise<void> {
  const { default: postgres } = await import('postgres')
  const admin = postgres(urlOf('postgres'), { max: 1, onnotice: () => undefined })
  try {
    const [found] = await admin`select 1 from pg_database where datname = ${DATABASE}`
    if (!found) await admin.unsafe(`create database ${DATABASE}`)
  } finally {
    await admin.end()
  }
}
