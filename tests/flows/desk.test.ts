import { eq } from 'drizzle-orm'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { units } from '#db/schema/fleet.ts'
import { tickets } from '#db/schema/tickets.ts'
import { CITY } from '#tests/support/app.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { residentsOf } from '#tests/support/residents.ts'
import { open, type ServedCity, serveCity } from '#tests/support/served-city.ts'

const CHINESE = { locale: 'zh-CN', reducedMotion: 'reduce' as const }

let city: ServedCity
let browser: Browser
let reported: ReturnType<typeof residentsOf>['reported']

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
  reported = residentsOf(city.app).reported
})
afterAll(async () => {
  await browser?.close()
  await city?.end()
})

async function desk(): Promise<Page> {
  const context = await city.signedIn(browser, 'dispatcher', { ...SCREENS.desk, ...CHINESE })
  const page = await open(context, '/', 'footer dl')
  await page.getByRole('status').getByText('实时', { exact: true }).waitFor()
  return page
}

const alarms = (page: Page) => page.getByRole('region', { name: '告警' })
const row = (page: Page, number: number) =>
  page.getByRole('region', { name: '工单队列' }).getByRole('button', { name: `#${number}` })

/** Where the map stands: its panes and its scale. */
const standOf = (page: Page) =>
  page.evaluate(() => [
    document.querySelector<HTMLElement>('.leaflet-map-pane')?.style.transform,
    document.querySelector('.leaflet-control-scale-line')?.textContent,
  ])

describe('two desks', () => {
  test('[DK12] fall silent together: what one acknowledges is gone at the other', async () => {
    const [one, two] = [await desk(), await desk()]
    const { ticket } = await reported()
    for (const page of [one, two]) await alarms(page).getByText(`#${ticket.number}`).waitFor()
    await one.keyboard.press('a')
    // The button waits a moment so that no press meant for another alarm takes this one.
    await expect
      .poll(async () => {
        await one.keyboard.press('a')
        return alarms(two).getByText('没有未确认的告警').isVisible()
      })
      .toBe(true)
    await alarms(one).getByText('没有未确认的告警').waitFor()
    for (const page of [one, two]) await page.context().close()
  })
})

describe('a desk at which news arrives', () => {
  test('[DK13] keeps its map, its selection and a half-written report', async () => {
    const page = await desk()
    const { ticket } = await reported()
    await row(page, ticket.number).click()
    const card = page.getByRole('heading', { name: `#${ticket.number}` })
    await card.waitFor()
    const before = await standOf(page)
    const { ticket: later } = await reported({ category: 'burstPipe' })
    await row(page, later.number).waitFor()
    await alarms(page).getByText('另有').waitFor()
    await card.waitFor()
    expect(await standOf(page)).toEqual(before)
    await page.keyboard.press('n')
    await page.getByLabel('情况描述').fill('half a sentence')
    const { ticket: last } = await reported()
    await row(page, last.number).click()
    await page.keyboard.press('n')
    expect(await page.getByLabel('情况描述').inputValue()).toBe('half a sentence')
    await page.context().close()
  })

  test('[DK14] takes what is typed into a field for text', async () => {
    const page = await desk()
    await page.keyboard.press('n')
    const field = page.getByLabel('详细地址')
    await field.click()
    await page.keyboard.type('jkmaxn/?')
    expect(await field.inputValue()).toBe('jkmaxn/?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByRole('heading', { name: '新工单' }).waitFor()
    await page.context().close()
  })
})

describe('the command bar', () => {
  const say = async (page: Page, line: string) => {
    // What was open before takes the keys until it is gone, and it goes a moment after the server has answered.
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('/')
    const bar = page.getByRole('combobox', { name: '命令栏' })
    await bar.fill(line)
    const first = page.getByRole('listbox', { name: '命令栏' }).getByRole('option').first()
    await first.waitFor()
    return first
  }
  /** Said once the page has heard of what came before: until then it may say that it is not possible yet. */
  const carryOut = async (page: Page, line: string) => {
    const first = await say(page, line)
    await expect.poll(() => first.textContent()).not.toContain('现在不能')
    await page.keyboard.press('Enter')
  }

  test('[DK15] carries out verb and object, opens the form where more is asked, and does nothing where it cannot be', async () => {
    const page = await desk()
    const { ticket } = await reported()
    await row(page, ticket.number).waitFor()
    const statusOf = async () => (await city.app.db.select().from(tickets).where(eq(tickets.id, ticket.id)))[0]?.status
    const dutyOf = async () =>
      (
        await city.app.db
          .select()
          .from(units)
          .where(eq(units.id, `${CITY}-u4`))
      )[0]?.duty

    const early = await say(page, `close ${ticket.number}`)
    expect(await early.textContent()).toContain('现在不能')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `#${ticket.number}` }).waitFor()

    await carryOut(page, `triage ${ticket.number}`)
    await page.getByRole('dialog').getByText('普通').first().click()
    await page.keyboard.press('Control+Enter')
    await expect.poll(statusOf).toBe('triaged')
    await carryOut(page, `${ticket.number} 下单`)
    await expect.poll(statusOf).toBe('placed')
    await carryOut(page, 'assign housekeeper 4')
    await expect.poll(statusOf).toBe('offered')

    await carryOut(page, 'duty housekeeper 4 off')
    await expect.poll(dutyOf).toBe('offDuty')
    await page.context().close()
  })
})
