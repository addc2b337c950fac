import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '#domain/access.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { residentsOf } from '#tests/support/residents.ts'
import { open, type ServedCity, serveCity } from '#tests/support/served-city.ts'

let city: ServedCity
let browser: Browser
let token: string

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
  const reported = await residentsOf(city.app).reported()
  token = reported.token
})
afterAll(async () => {
  await browser?.close()
  await city?.end()
})

interface Look {
  name: string
  path: () => string
  role: Role | null
  screen: keyof typeof SCREENS
}

const LOOKS: Look[] = [
  { name: 'the dispatch console', path: () => '/', role: 'dispatcher', screen: 'desk' },
  { name: 'the dispatch console on a phone', path: () => '/', role: 'dispatcher', screen: 'phone' },
  { name: 'the sign-in page', path: () => '/login', role: null, screen: 'laptop' },
  { name: 'the field page', path: () => '/go', role: 'fieldWorker', screen: 'phone' },
  { name: "a community's report page", path: () => '/r/testville-c1', role: null, screen: 'phone' },
  { name: "a resident's ticket", path: () => `/t/${token}`, role: null, screen: 'phone' },
  { name: "the neighbourhood's orders", path: () => '/orders', role: 'neighbourhoodWorker', screen: 'laptop' },
  { name: 'the units of the administration', path: () => '/admin/units', role: 'cityAdmin', screen: 'laptop' },
  { name: 'the accounts of the administration', path: () => '/admin/accounts', role: 'cityAdmin', screen: 'laptop' },
]

describe('every page is clean to axe', () => {
  for (const look of LOOKS)
    test(`[UI1] ${look.name}, light and dark, in both languages`, async () => {
      const found = [...(await violationsOf(look, 'zh-CN')), ...(await violationsOf(look, 'en'))]
      expect(found).toEqual([])
    })
})

async function violationsOf(look: Look, language: string): Promise<string[]> {
  const options: BrowserContextOptions = { ...SCREENS[look.screen], colorScheme: 'light', reducedMotion: 'reduce' }
  const context = look.role
    ? await city.signedIn(browser, look.role, options)
    : await browser.newContext({ baseURL: city.address, ...options })
  await context.addInitScript((chosen) => localStorage.setItem('hongguan.locale', chosen), language)
  const page = await open(context, look.path(), 'main h1, main [role=list], main form, main button')
  expect(await page.evaluate(() => document.documentElement.lang)).toBe(language)
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    for (const { id, nodes } of violations)
      found.push(`${language}, ${colorScheme}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  }
  await context.close()
  return found
}
