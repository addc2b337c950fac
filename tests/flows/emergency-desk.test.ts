import { eq } from 'drizzle-orm'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engagements } from '#db/schema/engagements.ts'
import { poolEntries } from '#db/schema/pool.ts'
import { CITY } from '#tests/support/app.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { aPoolEntry, NEEDS } from '#tests/support/engagement-rows.ts'
import { HOME, taken } from '#tests/support/engagement-world.ts'
import { open, type ServedCity, serveCity } from '#tests/support/served-city.ts'

let city: ServedCity
let browser: Browser

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
  const { db } = city.app
  for (const n of [1, 2])
    await db
      .insert(poolEntries)
      .values(aPoolEntry({ id: `pool-${n}`, tenant: CITY, firmId: `${CITY}-f${n}`, quality: 90 - n }))
  const officer = await city.app.withRole('subdistrictOfficer')
  await taken(officer.ask('POST', `/api/communities/${HOME}/facts`, { needs: NEEDS, areaM2: 10_000, feeRate: 1.5 }))
  await taken(officer.ask('POST', `/api/communities/${HOME}/declare-unmanaged`, { reason: 'the firm has left' }))
})
afterAll(async () => {
  await browser?.close()
  await city?.end()
})

const engaged = () => city.app.db.select().from(engagements).where(eq(engagements.communityId, HOME))

describe('the emergency desk', () => {
  test('[ED3] a plan is made, proved, explained and published from the keyboard, and stays a proposal', async () => {
    const context = await city.signedIn(browser, 'subdistrictOfficer', SCREENS.desk)
    await context.addInitScript(() => localStorage.setItem('hongguan.locale', 'en'))
    const page = await open(context, '/emergency', 'button[data-row]')
    await page.keyboard.press('p')
    await page.waitForURL(/\/emergency\/plans\/.+/)
    await page.getByText('Not solved yet').first().waitFor()
    await page.keyboard.press('s')
    await page.getByText('proved optimal').first().waitFor()
    const places = page.getByRole('region', { name: 'Communities and providers' })
    await places.getByRole('button').first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Share of each term' }).waitFor()
    await page.keyboard.press('Shift+P')
    await page.keyboard.type('agreed with the neighbourhood')
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).press('Enter')
    await page.getByText('Published').first().waitFor()
    expect(await engaged()).toMatchObject([{ status: 'proposed', firmId: `${CITY}-f1` }])
    await context.close()
  })

  test('[ED3] the officer decides, the provider says yes on a phone, and the notice is there for everybody', async () => {
    const context = await city.signedIn(browser, 'subdistrictOfficer', SCREENS.desk)
    await context.addInitScript(() => localStorage.setItem('hongguan.locale', 'en'))
    const [row] = await engaged()
    const page = await open(context, `/emergency/engagements/selections/${row?.selectionId}`, 'form, textarea')
    await page.getByRole('textbox', { name: 'Reason' }).fill('best by work and quality')
    await page.getByRole('button', { name: 'Decide and send the offer' }).click()
    const phone = await city.signedIn(browser, 'providerManager', SCREENS.phone)
    await phone.addInitScript(() => localStorage.setItem('hongguan.locale', 'en'))
    const offer = await open(phone, '/emergency/engagements', 'h2')
    await offer.getByRole('button', { name: 'Accept' }).click()
    await expect.poll(async () => (await engaged())[0]?.status).toBe('accepted')

    await page.goto(`/emergency/engagements/${row?.id}`)
    for (const [step, field, value] of [
      ['Contract', null, null],
      ['Publicise', 'Questions and complaints', 'the sub-district office'],
    ] as const) {
      await page.getByRole('button', { name: step, exact: true }).click()
      const dialog = page.getByRole('dialog')
      if (field) await dialog.getByLabel(field).fill(value)
      await dialog.getByRole('button', { name: step, exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    const link = await page.getByRole('link', { name: 'Public notice' }).getAttribute('href')
    const anybody = await browser.newContext({ baseURL: city.address, ...SCREENS.phone })
    const notice = await open(anybody, link ?? '', 'h1')
    expect(await notice.getByRole('heading', { level: 1 }).innerText()).toBe('应急物业服务公示')
    for (const each of [context, phone, anybody]) await each.close()
  })
})
