import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from './bench.ts'

const RUNS = 5

export const start: Bench = {
  about:
    '`npm start` as a person types it, on a tree that is installed and built: until it says that it is ready, and from Ctrl-C\n' +
    'until nothing of it runs. `first` has no data folder yet, `again` finds the one of the run before.',
  run: async (report, say) => {
    say('whatever is stale is built once, unmeasured')
    await withFolder(once)
    const times: Record<string, Times[]> = { first: [], again: [] }
    for (let run = 1; run <= RUNS; run++) {
      say(`run ${run} of ${RUNS}`)
      await withFolder(async (folder) => {
        for (const name of Object.keys(times)) times[name]?.push(await once(folder))
      })
    }
    for (const [name, measured] of Object.entries(times)) {
      const line = (metric: string, value: number) => report({ bench: 'start', case: name, metric, value, unit: 'ms' })
      line('readyMs', median(measured.map(({ readyMs }) => readyMs)))
      line('readyMaxMs', Math.max(...measured.map(({ readyMs }) => readyMs)))
      line('stopMs', median(measured.map(({ stopMs }) => stopMs)))
    }
  },
}

interface Times {
  readyMs: number
  stopMs: number
}

/** Lets a first start's demo begin, so that stopping it is stopping something. */
const LIVE_MS = 3_000

async function once(folder: string): Promise<Times> {
  const env = {
    ...process.env,
    HONGGUAN_DATA: folder,
    HONGGUAN_PORT: '0',
    HONGGUAN_LOG_LEVEL: 'silent',
    DATABASE_URL: '',
  }
  const beganAt = performance.now()
  const child = spawn('npm', ['start', '--silent', '--', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const pid = await new Promise<number>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const ready = text.split('\n').find((line) => line.startsWith('{"ready"'))
      if (ready) resolve((JSON.parse(ready) as { pid: number }).pid)
    })
    child.once('exit', (status) => reject(new Error(`npm start ended with ${status}`)))
  })
  const readyMs = Math.round(performance.now() - beganAt)
  await new Promise((resolve) => setTimeout(resolve, LIVE_MS))
  const askedAt = performance.now()
  process.kill(pid, 'SIGINT')
  await gone
  return { readyMs, stopMs: Math.round(performance.now() - askedAt) }
}

async function withFolder<T>(doing: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hongguan-bench-'))
  // As root PostgreSQL runs under an account of its own, which must be able to pass through here.
  chmodSync(folder, 0o755)
  try {
    return await doing(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
