import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '#domain/access.ts'
import { CITY } from '#tests/support/app.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { CLUSTER, MONDAY, worker } from '#tests/support/duty-world.ts'
import { taken } from '#tests/support/engagement-world.ts'
import { residentsOf } from '#tests/support/residents.ts'
import { type ServedCity, serveCity } from '#tests/support/served-city.ts'

let city: ServedCity
let browser: Browser
let token: string
let rosterId: string

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
  const reported = await residentsOf(city.app).reported()
  token = reported.token
  const supervisor = await city.app.withRole('shiftSupervisor')
  await taken(supervisor.ask('POST', `/api/roster-people/${CITY}-u1/keep`, worker(1)[1]))
  const drafted = { name: 'the next weeks', clusterIds: [CLUSTER], firstDay: MONDAY, days: 14 }
  const roster = await taken<{ id: string }>(supervisor.ask('POST', '/api/rosters', drafted))
  rosterId = roster.id
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
  { name: 'the communities in trouble', path: () => '/emergency', role: 'subdistrictOfficer', screen: 'desk' },
  { name: 'the pool of providers', path: () => '/emergency/pool', role: 'housingAuthority', screen: 'laptop' },
  { name: "a provider's engagements", path: () => '/emergency/engagements', role: 'providerManager', screen: 'phone' },
  { name: 'the response times', path: () => '/response', role: 'manager', screen: 'desk' },
  { name: 'the monthly report', path: () => '/response/report', role: 'manager', screen: 'laptop' },
  { name: 'the ratings of firms', path: () => '/response/ratings', role: 'housingAuthority', screen: 'laptop' },
  { name: 'where to station people', path: () => '/response/stations', role: 'manager', screen: 'desk' },
  { name: 'what would have happened', path: () => '/response/policy', role: 'manager', screen: 'laptop' },
  {
    name: 'what plans are measured by',
    path: () => '/emergency/plans/weights',
    role: 'housingAuthority',
    screen: 'laptop',
  },
  { name: 'the rosters', path: () => '/rosters', role: 'shiftSupervisor', screen: 'laptop' },
  { name: 'the desk of a roster', path: () => `/rosters/${rosterId}`, role: 'shiftSupervisor', screen: 'desk' },
  { name: 'who is on duty now', path: () => '/rosters/now', role: 'shiftSupervisor', screen: 'laptop' },
  {
    name: 'the demand of a cluster',
    path: () => `/rosters/clusters/${CLUSTER}`,
    role: 'shiftSupervisor',
    screen: 'desk',
  },
  { name: 'the own duty on a phone', path: () => '/duty', role: 'fieldWorker', screen: 'phone' },
  { name: 'the accounts of the administration', path: () => '/admin/accounts', role: 'cityAdmin', screen: 'laptop' },
]

/** Something of the page itself is there. */
const DRAWN = 'main :is(h1, h2, [role=list], form, button, p):visible'
const LANGUAGES = ['zh-CN', 'en'] as const

describe('every page is clean to axe', () => {
  for (const look of LOOKS)
    test(`[UI1] ${look.name}, light and dark, in both languages`, async () => {
      const page = await pageOf(look)
      const found: string[] = []
      for (const language of LANGUAGES) found.push(...(await violationsOf(page, look, language)))
      expect(found).toEqual([])
      await page.close()
    })
})

/** Signed in once for all the pages that a role sees on a screen. */
const contexts = new Map<string, Promise<BrowserContext>>()

async function pageOf({ role, screen }: Look): Promise<Page> {
  const options: BrowserContextOptions = { ...SCREENS[screen], colorScheme: 'light', reducedMotion: 'reduce' }
  const key = `${role} ${screen}`
  const made =
    contexts.get(key) ??
    (role ? city.signedIn(browser, role, options) : browser.newContext({ baseURL: city.address, ...options }))
  contexts.set(key, made)
  return (await made).newPage()
}

async function violationsOf(page: Page, look: Look, language: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(look.path())
  await page.evaluate((chosen) => localStorage.setItem('hongguan.locale', chosen), language)
  await page.reload()
  await page.locator(DRAWN).first().waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe(language)
  // The names and the order of things are the same in the dark; only how they are seen is not.
  const light = await analysed(page)
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  return [...light, ...(await analysed(page, ['color-contrast']))].map((found) => `${language}: ${found}`)
}

async function analysed(page: Page, rules?: string[]): Promise<string[]> {
  // Our pages have no frames: the older way needs no page of its own for each analysis.
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  return violations.map(
    ({ id, nodes }) =>
      `${isDark ? 'dark' : 'light'}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  )
}
