import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts one Chromium for the whole run; each test file opens contexts of its own in it. */
export default async function setup(project: TestProject) {
  const executablePath = process.env.CHROME_PATH ?? '/usr/bin/chromium'
  // Chromium refuses its sandbox to root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...FLAGS] : FLAGS
  const server = await chromium.launchServer({ executablePath, args, host: '127.0.0.1' })
  project.provide('browserUrl', server.wsEndpoint())
  return () => server.close()
}
