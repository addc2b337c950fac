// `npm start`: whatever a fresh clone lacks is made, then the product itself takes over this process.
import { buildConsole, consoleIsStale, consoleStamp } from './console.mjs'
import { installPackages, packagesMissing } from './packages.mjs'
import { become, fail } from './runtime.mjs'

const step = async (what, doing) => {
  process.stdout.write(`${what} …\n`)
  const why = await doing
  if (why) fail(why)
}

if (packagesMissing({ withDev: false })) await step('installing packages', installPackages({ withDev: false }))
const stamp = consoleStamp()
if (consoleIsStale(stamp)) await step('building the console', buildConsole(stamp))
become('cli/main.ts', ['start', ...process.argv.slice(2)])
