import { existsSync } from 'node:fs'
import { hostProgram, run } from './runtime.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
const isRoot = process.getuid?.() === 0

/** Where the browser of the tests is; installs Debian's Chromium when nothing is found and we may. `{ path }` or `{ why }`. */
export async function findChromium() {
  const named = process.env.CHROME_PATH
  if (named) return existsSync(named) ? { path: named } : { why: `CHROME_PATH names ${named}, which does not exist` }
  const found = hostProgram(...NAMES) ?? (existsSync(MAC) ? MAC : null)
  if (found) return { path: found }
  const why = await aptInstall('chromium')
  const path = why ? null : hostProgram(...NAMES)
  if (path) return { path }
  return {
    why: `The browser tests need Chromium or Chrome. Install the package chromium (apt-get install chromium), or set CHROME_PATH to a Chrome or Chromium program.${why ? `\n${why}` : ''}`,
  }
}

/** Without Chinese fonts every screenshot is boxes. Missing ones are installed when we may; otherwise it is only said. */
export async function ensureChineseFonts() {
  const listed = await run('fc-list', [':lang=zh'])
  if (listed.ok && listed.output.trim() !== '') return null
  const why = await aptInstall('fontconfig', 'fonts-noto-cjk')
  return why && `Chinese fonts are missing (package fonts-noto-cjk): pages are tested, but drawn with boxes. ${why}`
}

async function aptInstall(...packages) {
  const apt = hostProgram('apt-get')
  if (!isRoot || !apt) return isRoot ? 'There is no apt-get here.' : 'Not running as root, so nothing is installed.'
  process.stdout.write(`installing ${packages.join(', ')} …\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run(apt, ['update', '-q'], { env })
  const done = await run(apt, ['install', '-y', '-q', '--no-install-recommends', ...packages], { env })
  return done.ok ? null : `apt-get install ${packages.join(' ')} failed:\n${done.output.slice(-2000)}`
}
