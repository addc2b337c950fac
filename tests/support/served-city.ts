import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { Role } from '#domain/access.ts'
import { realTicker } from '#server/ticker.ts'
import { CITY, grantFor, PASSWORD, startTestApp, type TestApp } from './app.ts'

const CONSOLE = new URL('../../console/build', import.meta.url).pathname

export interface ServedCity {
  app: TestApp
  /** Where it listens. */
  address: string
  /** A browser context in which an account of this role is signed in. */
  signedIn(browser: Browser, role: Role, options?: BrowserContextOptions): Promise<BrowserContext>
  end(): Promise<void>
}

/** The small city behind a real port, with the built console, for real browsers; only the clock stands still until it is moved. */
export async function serveCity(): Promise<ServedCity> {
  const app = await startTestApp({ parts: { consoleDir: CONSOLE, ticker: realTicker } })
  const address = await app.app.listen()
  let made = 0
  return {
    app,
    address,
    signedIn: async (browser, role, options = {}) => {
      const username = `${role.toLowerCase()}-seen-${++made}`
      await app.account(username, grantFor(role, CITY), PASSWORD)
      const context = await browser.newContext({ baseURL: address, ...options })
      const answer = await context.request.post('/api/session', {
        data: { username, password: PASSWORD },
        headers: { origin: address },
      })
      if (!answer.ok()) throw new Error(await answer.text())
      return context
    },
    end: () => app.end(),
  }
}

/** Opens a page and waits until it has drawn what stands in `mark`. */
export async function open(context: BrowserContext, path: string, mark: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(path)
  await page.locator(mark).first().waitFor()
  return page
}
