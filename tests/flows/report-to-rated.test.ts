import { asc, eq } from 'drizzle-orm'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { feedHeads } from '#db/schema/feed.ts'
import { dispatches, ticketLog, tickets } from '#db/schema/tickets.ts'
import { SECOND_MS } from '#domain/instant.ts'
import { CITY } from '#tests/support/app.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { SLUG } from '#tests/support/residents.ts'
import { open, type ServedCity, serveCity } from '#tests/support/served-city.ts'

const UNIT = `${CITY}-u1`
const CALLSIGN = 'housekeeper 1'
const CHINESE = { locale: 'zh-CN', reducedMotion: 'reduce' as const }
/** Every step has a moment of its own, and a page that hears of some of them late is still prompt (TK23). */
const STEP_MS = 2 * SECOND_MS

let city: ServedCity
let browser: Browser

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await city?.end()
})

const tap = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).last().click()

/** A dispatcher at a desk, whose console is live. */
async function desk(): Promise<Page> {
  const context = await city.signedIn(browser, 'dispatcher', { ...SCREENS.desk, ...CHINESE })
  const page = await open(context, '/', 'footer dl')
  await page.getByRole('status').getByText('实时', { exact: true }).waitFor()
  return page
}

/** The unit's page on a phone, known to the server as connected: an offer then goes to the page, not to the telephone. */
async function unitsPhone(): Promise<Page> {
  const context = await city.signedIn(browser, 'fieldWorker', { ...SCREENS.phone, ...CHINESE })
  const page = await open(context, '/go', 'main h2')
  const dispatcher = await city.app.withRole('dispatcher')
  const reachable = async () => (await dispatcher.ask('GET', '/api/feed/snapshot')).json().reachable
  await expect.poll(reachable).toContain(UNIT)
  return page
}

/** Reports a dark staircase on the community's page and stays on the page that shows the way of it. */
async function residentWhoReports(): Promise<{ page: Page; number: number }> {
  const context = await browser.newContext({
    baseURL: city.address,
    ...SCREENS.phone,
    ...CHINESE,
  })
  const page = await open(context, `/r/${SLUG}`, 'main h1')
  await page.getByRole('button', { name: '照明' }).click()
  await page.getByLabel('说明情况').fill('the stairs of entrance 3 are dark')
  await tap(page, '提交报修')
  await page.getByText('已收到，谢谢').waitFor()
  await page.getByRole('link', { name: '查看进度' }).click()
  const line = page.getByText(/报修号 \d+/)
  await line.waitFor()
  return { page, number: Number(/报修号 (\d+)/.exec((await line.textContent()) ?? '')?.[1]) }
}

const headOfFeed = async () => {
  const [head] = await city.app.db.select().from(feedHeads).where(eq(feedHeads.tenant, CITY))
  return head?.seq
}

/** The number in the truth bar. */
async function sequenceAt(page: Page): Promise<number> {
  const shown = await page.locator('footer dl div', { hasText: '序号' }).locator('dd').textContent()
  return Number(shown?.replaceAll(/\D/g, ''))
}

const cardOf = (page: Page, number: number) =>
  page.locator('header', { has: page.getByRole('heading', { name: `#${number}` }) })

/** Every console shows this status on the ticket's card, and has come as far as the database; then a moment passes. */
async function allSee(desks: readonly Page[], number: number, status: string): Promise<void> {
  for (const page of desks) {
    await cardOf(page, number).getByText(status, { exact: true }).waitFor()
    await expect.poll(async () => (await sequenceAt(page)) - ((await headOfFeed()) ?? -1)).toBe(0)
  }
  city.app.clock.advance(STEP_MS)
}

/** Triage, order and offer without a mouse: the unit is chosen by the digit that stands beside it. */
async function offerByKeyboard(page: Page, toldTo: (status: string) => Promise<void>): Promise<void> {
  await page.keyboard.press('t')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Control+Enter')
  await toldTo('已研判')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('p')
  await toldTo('已下单')
  const rows = page.getByRole('region', { name: '可派单位' }).getByRole('listitem')
  await rows.filter({ hasText: CALLSIGN }).waitFor()
  const place = (await rows.allTextContents()).findIndex((text) => text.includes(CALLSIGN))
  await page.keyboard.press(String(place + 1))
  await rows.filter({ hasText: CALLSIGN }).getByRole('checkbox', { checked: true }).waitFor()
  await page.keyboard.press('o')
  await toldTo('派单中')
}

async function workOnPhone(page: Page, toldTo: (status: string) => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: '接单' }).click()
  await toldTo('已接单')
  await tap(page, '出发')
  await toldTo('在途')
  await tap(page, '我已到场')
  await page.getByRole('button', { name: '按定位确认' }).click()
  await toldTo('已到场')
  await tap(page, '已解决')
  await page.getByLabel('处理说明').fill('a new lamp on the third floor')
  await tap(page, '已解决')
  await toldTo('已解决')
}

async function rate(page: Page): Promise<void> {
  await page.getByRole('radio', { name: '4 星 满意' }).check({ force: true })
  await page.getByLabel('想说的话').fill('quick, and kind')
  await tap(page, '提交评价')
  await page.getByText('谢谢您的评价').waitFor()
}

describe('from report to rating', () => {
  test('[P10] a resident, two dispatchers and a unit bring one report to its rating, and both consoles see each step', async () => {
    const desks = [await desk(), await desk()]
    const phone = await unitsPhone()
    const { page: resident, number } = await residentWhoReports()
    const toldTo = (status: string) => allSee(desks, number, status)

    for (const page of desks) {
      await page.getByRole('button', { name: `#${number}` }).waitFor()
      await page.keyboard.press('j')
    }
    await toldTo('已报修')
    await offerByKeyboard(desks[0] as Page, toldTo)
    await workOnPhone(phone, toldTo)
    await rate(resident)
    await toldTo('已评单')

    const { db } = city.app
    const [ticket] = await db.select().from(tickets).where(eq(tickets.number, number))
    expect(ticket).toMatchObject({
      status: 'rated',
      channel: 'resident',
      rating: 4,
      ratingText: 'quick, and kind',
      resolution: 'a new lamp on the third floor',
      unitId: UNIT,
      reportedBy: { kind: 'resident' },
      placedBy: { kind: 'user' },
      acceptedBy: { kind: 'unit', id: UNIT },
      ratedBy: { kind: 'resident' },
    })
    const moments = [ticket?.reportedAt, ticket?.placedAt, ticket?.acceptedAt, ticket?.resolvedAt, ticket?.ratedAt]
    expect(moments).not.toContain(null)
    expect(moments.every((at, n) => n === 0 || Number(at) > Number(moments[n - 1]))).toBe(true)

    const log = await db
      .select()
      .from(ticketLog)
      .where(eq(ticketLog.ticketId, ticket?.id as string))
      .orderBy(asc(ticketLog.n))
    expect(log.map(({ n, kind }) => `${n} ${kind}`)).toEqual(
      ['report', 'triage', 'place', 'offer', 'accept', 'depart', 'arrive', 'resolve', 'rate'].map(
        (kind, n) => `${n + 1} ${kind}`,
      ),
    )
    const sent = await db
      .select()
      .from(dispatches)
      .where(eq(dispatches.ticketId, ticket?.id as string))
    expect(sent).toMatchObject([{ unitId: UNIT, via: 'page', status: 'done', grade: 'selfReport' }])
  })
})
