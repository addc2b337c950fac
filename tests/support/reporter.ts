import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

/** Writes what `npm test` adds up in its last line, into the file HONGGUAN_TEST_COUNTS names. */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]) {
    const path = process.env.HONGGUAN_TEST_COUNTS
    if (path) writeFileSync(path, JSON.stringify(countOf(modules, unhandled.length)))
  }
}

function countOf(modules: readonly TestModule[], unhandled: number) {
  const counts = { passed: 0, failed: unhandled, skipped: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      // A test still pending at the end never ran: its worker died, or a hook before it did.
      counts[state === 'pending' ? 'failed' : state]++
    }
    // A file that does not load has no tests to fail.
    counts.failed += module.errors().length
  }
  const slowest = modules
    .map((module) => ({ file: relative(process.cwd(), module.moduleId), ms: Math.round(module.diagnostic().duration) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 5)
  return { ...counts, slowest }
}
