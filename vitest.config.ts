import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** Seeded runs too long for every change end in .long.test.ts and run by `npm run test:long`. */
const exclude = process.env.HONGGUAN_LONG ? [] : ['**/*.long.test.ts']

/** What is waited for comes when it comes: on a busy machine a second is no sign that it does not. */
const poll = { timeout: 20_000 }

/** A file that talks to a server, a database or a browser may wait for them, but never this long. */
const PATIENCE_MS = 60_000

export default defineConfig({
  test: {
    // Two files at a time, also on two cores: most of them wait for a browser, a database or another process.
    maxWorkers: 2,
    reporters: ['default', './tests/support/reporter.ts'],
    projects: [
      {
        test: {
          name: 'domain',
          // Pure rooms leave nothing behind: a worker serves many files.
          isolate: false,
          include: ['tests/*.test.ts', 'tests/{domain,wire,planning}/**/*.test.ts'],
          exclude,
        },
      },
      {
        test: {
          name: 'server',
          include: ['tests/{server,db,cli,bench}/**/*.test.ts'],
          exclude,
          globalSetup: ['./tests/support/postgres-setup.ts'],
          pool: 'forks',
          expect: { poll },
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
      {
        plugins: [svelte({ configFile: false })],
        // The browser's half of Svelte, so that runes are reactive here too.
        resolve: { conditions: ['browser'] },
        test: { name: 'console', include: ['tests/console/**/*.test.ts'], exclude },
      },
      {
        test: {
          name: 'flows',
          include: ['tests/flows/**/*.test.ts'],
          exclude,
          globalSetup: ['./tests/support/postgres-setup.ts', './tests/support/browser-setup.ts'],
          pool: 'forks',
          expect: { poll },
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
    ],
  },
})
