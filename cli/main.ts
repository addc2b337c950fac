import { enableCompileCache } from 'node:module'
import { ROOT } from './root.ts'

// Types are stripped once and compiled code is kept: half of what a start would otherwise spend on its own sources.
enableCompileCache(`${ROOT}node_modules/.cache/hongguan-compile`)
const { runCommandLine } = await import('./program.ts')
const status = await runCommandLine(process.argv.slice(2))
// Connections that HTTP clients keep for a next request would hold the process for a minute: what is said is said, so it ends.
process.stdout.write('', () => process.exit(status))
