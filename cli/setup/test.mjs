// `npm test`: makes whatever is missing, runs every check, and ends with one line of counts, also when it fails or crashes.
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChineseFonts, findChromium } from './browser.mjs'
import { buildConsole, consoleIsStale, consoleStamp } from './console.mjs'
import { installPackages, packagesMissing } from './packages.mjs'
import { NODE, ROOT, run } from './runtime.mjs'

const tally = { passed: 0, failed: 0, skipped: 0 }
const scratch = mkdtempSync(join(tmpdir(), 'hongguan-test-'))
const args = process.argv.slice(2)
const say = (text) => writeSync(1, `${text}\n`)

process.on('exit', () => {
  rmSync(scratch, { recursive: true, force: true })
  say(`${tally.passed} passed, ${tally.failed} failed${tally.skipped ? `, ${tally.skipped} skipped` : ''}`)
})
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => stop(error?.stack ?? error))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(`stopped by ${signal}`))

function stop(why) {
  say(String(why))
  tally.failed++
  process.exit(1)
}

function count(name, startedAt, why) {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  say(`${why ? '✗' : '✓'} ${name} ${seconds} s${why ? `\n${why}` : ''}`)
  tally[why ? 'failed' : 'passed']++
}

/** One of the checks that reads the sources; it counts as one test. */
async function check(name, script, ...rest) {
  const startedAt = performance.now()
  const done = await run(NODE, [join(ROOT, 'node_modules', script), ...rest])
  count(name, startedAt, done.ok ? null : done.output.trim() || `${script} ended with ${done.code}`)
}

async function build() {
  const startedAt = performance.now()
  const stamp = consoleStamp()
  count('console builds', startedAt, consoleIsStale(stamp) ? await buildConsole(stamp) : null)
}

async function vitest(chromium) {
  const counts = join(scratch, 'counts.json')
  const env = {
    HONGGUAN_TEST_COUNTS: counts,
    CHROME_PATH: chromium,
    ...(args.includes('--long') && { HONGGUAN_LONG: '1' }),
  }
  const program = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...args.filter((arg) => arg !== '--long')]
  Object.assign(process.env, env)
  const done = await run(NODE, program, { stdio: ['ignore', 'inherit', 'inherit'] })
  const seen = readCounts(counts)
  if (!seen) return stop(`vitest ended with ${done.code} before it could count`)
  for (const key of Object.keys(tally)) tally[key] += seen[key]
  if (!done.ok && seen.failed === 0) tally.failed++
  say('\nslowest files')
  for (const { file, ms } of seen.slowest) say(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${file}`)
}

function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

if (packagesMissing({ withDev: true })) {
  say('installing packages …')
  const why = await installPackages({ withDev: true })
  if (why) stop(why)
}
const chromium = await findChromium()
if (chromium.why) stop(chromium.why)
const fonts = await ensureChineseFonts()
if (fonts) say(fonts)

await build()
// Two at a time, the long ones first: more would only take turns.
await Promise.all([
  check('types', 'typescript/bin/tsc', '--noEmit'),
  check(
    'console types',
    'svelte-check/bin/svelte-check',
    '--workspace',
    'console',
    '--tsconfig',
    'tsconfig.json',
    '--fail-on-warnings',
    '--output',
    'human',
  ),
])
await Promise.all([
  check('lint', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings'),
  check('worker types', 'typescript/bin/tsc', '--project', 'console/service-worker').then(() =>
    check('nothing unused', 'knip/bin/knip.js'),
  ),
])
await vitest(chromium.path)
process.exit(tally.failed ? 1 : 0)
