import { enableCompileCache } from 'node:module'
import { ROOT } from './root.ts'

// Types are stripped once and compiled code is kept: half of what a start would otherwise spend on its own sources.
enableCompileCache(`${ROOT}node_modules/.cache/hongguan-compile`)
const { runCommandLine } = await import('./program.ts')
process.exitCode = await runCommandLine(process.argv.slice(2))
