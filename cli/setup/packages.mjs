import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { foreignPath, hostProgram, NODE, ROOT, run } from './runtime.mjs'

const readLock = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages

/**
 * Whether node_modules lacks something the lock file names. npm writes its own copy of the lock as the last step of an
 * installation, so an interrupted one shows as missing; packages for other machines are optional and never asked for.
 */
export function packagesMissing({ withDev }) {
  if (!existsSync(NODE) || !existsSync(join(ROOT, 'node_modules/.package-lock.json'))) return true
  const installed = readLock('node_modules/.package-lock.json')
  const isNeeded = (one) => !one.optional && !one.devOptional && !one.peer && (withDev || !one.dev)
  return Object.entries(readLock('package-lock.json')).some(
    ([path, wanted]) => path !== '' && isNeeded(wanted) && installed[path]?.version !== wanted.version,
  )
}

/** Installs by the lock file. Answers what went wrong, or null. */
export async function installPackages({ withDev }) {
  // The host's npm on the host's Node: the Node this process may be running on is about to be replaced.
  const npm = hostProgram('npm')
  if (!npm) return 'npm is not on the PATH: install Node.js 20 or later, with npm'
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(withDev ? ['--include=dev'] : [])]
  const PATH = [dirname(npm), ...foreignPath()].join(':')
  const done = await run(npm, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH } })
  if (!done.ok) return `npm ci failed:\n${done.output}`
  return existsSync(NODE) ? null : `npm ci ended well but left no ${NODE}`
}
