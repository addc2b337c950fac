import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RosterHead } from '#domain/duty-roster.ts'
import { CITY } from '#tests/support/app.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { CLUSTER, MONDAY, worker } from '#tests/support/duty-world.ts'
import { taken } from '#tests/support/engagement-world.ts'
import { open, type ServedCity, serveCity } from '#tests/support/served-city.ts'
import type { RosterCard } from '#wire/roster-shapes.ts'

let city: ServedCity
let browser: Browser
let roster: RosterHead
const [, person] = worker(1)

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
  const supervisor = await city.app.withRole('shiftSupervisor')
  await taken(supervisor.ask('POST', `/api/roster-people/${CITY}-u1/keep`, person))
  // Asked for at no hour, and known: who is on duty has a skill that the cluster wants.
  const week = Array.from({ length: 168 }, () => 0)
  await taken(supervisor.ask('POST', `/api/duty-clusters/${CLUSTER}/demand`, { skill: 'plumbingElectrical', week }))
  const draft = { name: 'next weeks', clusterIds: [CLUSTER], firstDay: MONDAY, days: 14 }
  roster = await taken<RosterHead>(supervisor.ask('POST', '/api/rosters', draft))
})
afterAll(async () => {
  await browser?.close()
  await city?.end()
})

const kept = async () => {
  const supervisor = await city.app.withRole('shiftSupervisor')
  return (await taken<RosterCard>(supervisor.ask('GET', `/api/rosters/${roster.id}`))).roster
}

describe('the desk of a roster', () => {
  test('[P12] shifts are set, undone and judged from the keyboard, published, and seen on the phone of the person', async () => {
    const context = await city.signedIn(browser, 'shiftSupervisor', SCREENS.desk)
    await context.addInitScript(() => localStorage.setItem('hongguan.locale', 'en'))
    const page = await open(context, `/rosters/${roster.id}`, '[data-row="0"][data-column="0"]')
    const cell = (column: number) => page.locator(`[data-row="0"][data-column="${column}"]`)
    await cell(0).click()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('d')
    expect(await cell(1).innerText()).toBe('D8')
    // A night that ends as the morning begins: the rest is too short, and the cell says so at once.
    await cell(0).click()
    await page.keyboard.press('5')
    await cell(1).getByText('!').waitFor({ timeout: 5_000 })
    await page.keyboard.press('Control+z')
    expect(await cell(0).innerText()).toBe('D8')
    await cell(5).click()
    await page.keyboard.press('d')
    await page.keyboard.press('Delete')
    expect(await cell(5).innerText()).toBe('')
    await expect.poll(async () => (await kept()).entries.map(({ day }) => day).sort()).toEqual([MONDAY, '2026-03-10'])
    await page.getByText('Saved (revision').first().waitFor()
    await page.keyboard.press('r')
    await page.getByRole('button', { name: 'Publish' }).waitFor()
    await page.keyboard.press('Shift+P')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('the next weeks')
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await expect.poll(async () => (await kept()).status).toBe('published')

    const phone = await city.signedIn(browser, 'fieldWorker', SCREENS.phone)
    await phone.addInitScript(() => localStorage.setItem('hongguan.locale', 'en'))
    const duty = await open(phone, '/duty', 'main h2')
    expect(await duty.getByRole('region', { name: 'Shift' }).innerText()).toContain('Mon, Mar 9')
    for (const each of [context, phone]) await each.close()
  })
})
