import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { ROOT } from '#cli/root.ts'

/** How long the simulator may take to hang up its phones before it is ended. */
const PATIENCE_MS = 3_000

export interface SimulatorChild {
  stop(): Promise<void>
}

/**
 * The simulator in a process of its own: a thousand made-up phones must not take the server's time. It holds a line to this
 * process and ends with it, also after `kill -9`.
 */
export function startSimulator(tenant: string, url: string, onGone: (code: number | null) => void): SimulatorChild {
  const args = [`${ROOT}cli/main.ts`, 'simulate', '--tenant', tenant, '--url', url, '--quiet']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], cwd: process.cwd() })
  let isStopping = false
  child.on('exit', (code) => {
    if (!isStopping) onGone(code)
  })
  child.on('error', () => onGone(null))
  return {
    stop: async () => {
      isStopping = true
      await end(child)
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await gone
  clearTimeout(timer)
}
