import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    browserUrl: string
  }
}

/** A connection to the run's Chromium; closing it closes the contexts opened through it and leaves the others' alone. */
export const openBrowser = (): Promise<Browser> => chromium.connect(inject('browserUrl'))

/** The three screens every page is looked at on. */
export const SCREENS = {
  desk: { viewport: { width: 1920, height: 1080 } },
  laptop: { viewport: { width: 1366, height: 768 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} satisfies Record<string, BrowserContextOptions>
