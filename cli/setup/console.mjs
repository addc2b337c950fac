import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NODE, ownPath, ROOT, run } from './runtime.mjs'

const SOURCES = ['console', 'wire', 'domain', 'planning', 'vite.config.ts', 'package-lock.json']
/** What builds and their tools leave among the sources. */
const MADE = new Set([
  'build',
  '.svelte-kit',
  'node_modules',
  'paraglide',
  'cache',
  'README.md',
  '.meta.json',
  '.gitignore',
])
const STAMP = join(ROOT, 'console/build/.stamp')
/** Written by a build and wanted by the type checker; gone when somebody cleans the tree by hand. */
const PRODUCTS = [
  'console/build/index.html',
  'console/node_modules/$app/tsconfig.json',
  'console/lib/paraglide/runtime.js',
]

/** A hash over the contents of everything the console is built from; it is also the version a console reports. */
export function consoleStamp() {
  const hash = createHash('sha256')
  for (const source of SOURCES) hashTree(hash, source)
  return hash.digest('hex').slice(0, 16)
}

export function consoleIsStale(stamp) {
  if (PRODUCTS.some((path) => !existsSync(join(ROOT, path)))) return true
  return !existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stamp
}

/** Builds the console and marks the build with its stamp. Answers what went wrong, or null. */
export async function buildConsole(stamp) {
  const env = { ...ownPath(), HONGGUAN_CONSOLE_STAMP: stamp, NODE_ENV: 'production' }
  const done = await run(NODE, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { env })
  if (!done.ok) return `the console does not build:\n${done.output}`
  writeFileSync(STAMP, stamp)
  return null
}

function hashTree(hash, path) {
  const found = statSync(join(ROOT, path), { throwIfNoEntry: false })
  if (found?.isFile()) hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)))
  if (!found?.isDirectory()) return
  for (const name of readdirSync(join(ROOT, path)).sort()) if (!MADE.has(name)) hashTree(hash, `${path}/${name}`)
}
