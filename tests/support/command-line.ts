import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Said {
  status: number | null
  stdout: string
  stderr: string
}

type Env = Record<string, string | undefined>

const MAIN = 'cli/main.ts'
const env = (extra: Env) => ({ ...process.env, DATABASE_URL: undefined, HONGGUAN_LOG_LEVEL: 'silent', ...extra })

/** Types one command line of `hongguan` and waits for its end. */
export async function hongguan(args: readonly string[], extra: Env = {}, typed = ''): Promise<Said> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: env(extra) })
  const said: Said = { status: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text))
  child.stdin.end(typed)
  const [status] = await once(child, 'close')
  return { ...said, status: status as number | null }
}

/** A data folder of the test's own, which PostgreSQL's account can walk to. */
export function dataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hongguan-data-'))
  chmodSync(path, 0o755)
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** What `start --json` prints once it is ready. */
export interface Ready {
  pid: number
  address: string
  dataDir: string
  tookOver: boolean
  simulated: string | null
  accounts: { username: string; role: string }[]
  tenants: { code: string }[]
}

export interface StartedServer {
  ready: Ready
  child: ChildProcess
  stderr(): string
  /** Asks it to stop, waits, and answers its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the product as an operator does and waits until it says that it is ready. */
export async function startHongguan(args: readonly string[], extra: Env = {}): Promise<StartedServer> {
  const child = spawn(process.execPath, [MAIN, 'start', '--json', ...args], {
    env: env({ HONGGUAN_PORT: '0', ...extra }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  const ready = await new Promise<Ready>((resolve, reject) => {
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
      if (stdout.includes('\n')) resolve(JSON.parse(stdout.split('\n')[0] as string) as Ready)
    })
    child.once('exit', (status) => reject(new Error(`start ended with ${status}:\n${stdout}${stderr}`)))
  })
  return {
    ready,
    child,
    stderr: () => stderr,
    stop: async (signal = 'SIGINT') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const gone = once(child, 'exit')
      child.kill(signal)
      const [status] = await gone
      return status as number | null
    },
  }
}

/** One that has ended and only waits to be counted by whoever inherited it is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** The PostgreSQL of a data folder, by the file it leaves there while it runs. */
export function postgresPid(dataDir: string): number | null {
  const path = join(dataDir, 'postgres/cluster/postmaster.pid')
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[0]) : null
}

/** Children of a process, as the kernel lists them (Linux). */
export function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number) : []
}

/** Waits for something that a process does in its own time; the run's patience ends it. */
export async function eventually<T>(ask: () => T | null | Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
