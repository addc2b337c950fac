import { like } from 'drizzle-orm'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { user } from '#db/schema/accounts.ts'
import { haversineM } from '#domain/geo.ts'
import { MINUTE_MS } from '#domain/instant.ts'
import type { LogEntry, Ticket } from '#domain/ticket.ts'
import { insertGrant } from '#server/people/queries.ts'
import { type Asker, CITY, grantFor, OTHER_CITY } from '#tests/support/app.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { gradient, photoForm } from '#tests/support/pictures.ts'
import { residentsOf, SLUG } from '#tests/support/residents.ts'
import { open, type ServedCity, serveCity } from '#tests/support/served-city.ts'

const UNIT = `${CITY}-u1`
const OTHER_UNIT = `${CITY}-u4`
const PHONE = { ...SCREENS.phone, locale: 'zh-CN', reducedMotion: 'reduce' as const }
/** Beside the unit's post. */
const HERE = { longitude: 123.4, latitude: 41.4, accuracy: 10 }

let city: ServedCity
let browser: Browser
let dispatcher: Asker

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
  dispatcher = await city.app.withRole('dispatcher')
})
afterAll(async () => {
  await browser?.close()
  await city?.end()
})

async function said<T>(path: string, body: object = {}): Promise<T> {
  const answer = await dispatcher.ask('POST', path, body)
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json()
}
const cardOf = async (id: string) =>
  (await dispatcher.ask('GET', `/api/tickets/${id}`)).json() as { ticket: Ticket; log: LogEntry[] }

/** A report that is offered to units; `batch` to all of them at once. */
async function offered(unitIds: string[]): Promise<{ ticket: Ticket; dispatchIds: Record<string, string> }> {
  const { ticket } = await residentsOf(city.app).reported({
    category: 'burstPipe',
    description: 'the kitchen pipe leaks',
    requesterPhone: '000',
  })
  await said(`/api/tickets/${ticket.id}/triage`, { class: 'ordinary' })
  await said(`/api/tickets/${ticket.id}/place`)
  const { dispatches } = await said<{ dispatches: { id: string; unitId: string }[] }>(
    `/api/tickets/${ticket.id}/offers`,
    {
      unitIds,
      mode: unitIds.length > 1 ? 'batch' : 'sequence',
      confirmBusy: true,
    },
  )
  return { ticket, dispatchIds: Object.fromEntries(dispatches.map((each) => [each.unitId, each.id])) }
}

/** The field page of unit 1 on a phone. */
async function phone(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await city.signedIn(browser, 'fieldWorker', {
    ...PHONE,
    geolocation: HERE,
    permissions: ['geolocation'],
  })
  const page = await open(context, '/go', 'main h2')
  await page.getByText('待命中').waitFor()
  return { context, page }
}

const tap = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).last().click()

/** What the browser keeps of waiting actions, as bytes read for what they could tell. */
const keptText = (page: Page, shelf: 'rows' | 'pages' = 'rows') =>
  page.evaluate(async (shelf) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => {
        request.onsuccess = () => resolve(request.result)
      })
    const db = await done(indexedDB.open('hongguan-outbox'))
    const rows = await done(db.transaction(shelf).objectStore(shelf).getAll())
    db.close()
    const texts = rows.map((row) => JSON.stringify(row) + new TextDecoder().decode(row.sealed))
    return { count: rows.length, text: texts.join('\n') + JSON.stringify({ ...localStorage, ...sessionStorage }) }
  }, shelf)

describe('the field page', () => {
  test('[FP2, FP3, FP6] goes on in a tunnel, keeps its steps sealed, and sends each once when the network is back', async () => {
    const { context, page } = await phone()
    const { ticket } = await offered([UNIT])
    await page.getByRole('button', { name: '接单' }).click()
    await page.getByRole('button', { name: '出发', exact: true }).waitFor()

    await context.setOffline(true)
    await tap(page, '出发')
    await tap(page, '我已到场')
    await page.getByRole('button', { name: '按定位确认' }).click()
    await tap(page, '已解决')
    await page.getByLabel('处理说明').fill('valve of flat 501 replaced')
    await tap(page, '已解决')
    await page.getByText('3 项操作待发送').waitFor()

    const kept = await keptText(page)
    expect(kept.count).toBe(3)
    // Words, not numbers: keys and moments are full of digits.
    for (const word of ['valve', 'replaced', 'kitchen']) expect(kept.text).not.toContain(word)
    expect((await cardOf(ticket.id)).ticket.status).toBe('accepted')

    await page.close()
    await context.setOffline(false)
    const again = await open(context, '/go', 'main h2')
    await expect.poll(async () => (await cardOf(ticket.id)).ticket.status, { timeout: 20_000 }).toBe('resolved')
    const { log, ticket: solved } = await cardOf(ticket.id)
    expect(
      log.map((entry) => entry.kind).filter((kind) => ['accept', 'depart', 'arrive', 'resolve'].includes(kind)),
    ).toEqual(['accept', 'depart', 'arrive', 'resolve'])
    expect(solved.resolution).toBe('valve of flat 501 replaced')
    await expect.poll(async () => (await keptText(again)).count).toBe(0)
    await context.close()
  })

  test('[FP18, TK23] reloaded in the tunnel it opens with its task and its waiting steps, goes on, and each step counts from its tap', async () => {
    const { context, page } = await phone()
    const { ticket, dispatchIds } = await offered([UNIT])
    await page.getByRole('button', { name: '接单' }).click()
    await page.getByRole('button', { name: '出发', exact: true }).waitFor()
    await page.getByRole('link', { name: '打电话' }).waitFor()
    await page.waitForFunction(async () => (await caches.match('/go')) !== undefined)
    await expect.poll(() => keptText(page, 'pages').then(({ count }) => count)).toBe(1)

    await context.setOffline(true)
    await tap(page, '出发')
    await page.getByText('1 项操作待发送').waitFor()
    const departedAt = city.app.clock.now()
    await page.reload()
    await page.getByText('1 项操作待发送').waitFor()
    await page.getByText('以下为').waitFor()
    expect(await page.getByRole('link', { name: '打电话' }).getAttribute('href')).toContain('tel:')
    await tap(page, '我已到场')
    await page.getByRole('button', { name: '按定位确认' }).click()
    await page.getByText('2 项操作待发送').waitFor()
    const kept = await keptText(page, 'pages')
    for (const word of ['kitchen', ticket.address, ticket.id]) expect(kept.text).not.toContain(word)

    city.app.clock.advance(3 * MINUTE_MS)
    await context.setOffline(false)
    await expect.poll(async () => (await cardOf(ticket.id)).ticket.status, { timeout: 20_000 }).toBe('on_site')
    const { ticket: there, log } = await cardOf(ticket.id)
    expect(there.arrivalGrade).toBe('lateReport')
    for (const kind of ['depart', 'arrive'] as const) {
      const entry = log.find((each) => each.kind === kind)
      expect(Math.abs((entry?.at ?? 0) - departedAt)).toBeLessThan(MINUTE_MS)
      expect(entry?.detail?.tap).toMatchObject({ deliveredAt: departedAt + 3 * MINUTE_MS, doubt: null })
    }
    await page.getByText('已连接').waitFor()
    await said(`/api/dispatches/${dispatchIds[UNIT]}/resolve`, { byPhone: true, note: 'told on the phone' })
    await context.close()
  })

  test('[FP5] the loser of an open grab is told at once, without touching the page', async () => {
    const { context, page } = await phone()
    const { ticket, dispatchIds } = await offered([UNIT, OTHER_UNIT])
    await page.getByRole('button', { name: '接单' }).waitFor()
    await said(`/api/dispatches/${dispatchIds[OTHER_UNIT]}/accept`, { byPhone: true })
    await page.getByText('已被他人接单').waitFor()
    await page.getByText(`第 ${ticket.number} 号单`).waitFor()
    expect(await page.getByRole('button', { name: '接单' }).count()).toBe(0)
    await context.close()
  })

  test('[FP1, FP5] an accept that waited in a tunnel while another took the ticket ends in a notice, never in a task', async () => {
    const { context, page } = await phone()
    const { dispatchIds } = await offered([UNIT, OTHER_UNIT])
    await page.getByRole('button', { name: '接单' }).waitFor()
    await context.setOffline(true)
    await page.getByRole('button', { name: '接单' }).click()
    await page.getByText('未确认前还不算接到').waitFor()
    await said(`/api/dispatches/${dispatchIds[OTHER_UNIT]}/accept`, { byPhone: true })
    await context.setOffline(false)
    await page.getByText('已被他人接单').waitFor({ timeout: 30_000 })
    expect(await page.getByRole('button', { name: '出发' }).count()).toBe(0)
    await context.close()
  })

  test('[FP16] a consent given on the page starts the stream, and withdrawn stops it at once', async () => {
    const { context, page } = await phone()
    const sent = page.waitForRequest((request) => request.url().endsWith('/api/fixes'))
    await page.getByRole('button', { name: '阅读并决定' }).click()
    await tap(page, '同意')
    const [fix] = (await sent).postDataJSON().fixes
    expect(haversineM([fix.lng, fix.lat], [HERE.longitude, HERE.latitude])).toBeLessThan(1)
    await page.getByText('正在上报位置').waitFor()

    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('button', { name: '位置信息告知与同意' }).click()
    await page.getByText('文本版本').waitFor()
    const withdrawn = page.waitForResponse((response) => response.url().endsWith('/api/consents/withdraw'))
    await tap(page, '撤回同意')
    await page.getByText('未同意采集').waitFor()
    expect((await withdrawn).status()).toBe(200)
    const units = (await dispatcher.ask('GET', '/api/units')).json() as { id: string; tracked: boolean }[]
    expect(units.find((unit) => unit.id === UNIT)?.tracked).toBe(false)
    await context.close()
  })
})

describe("a community's report page", () => {
  test('[FP9] fire shows the number to call before there is anything to fill in', async () => {
    const context = await browser.newContext({ baseURL: city.address, ...PHONE })
    const page = await open(context, `/r/${SLUG}`, 'main h1')
    await page.getByRole('button', { name: '火情' }).click()
    const call = page.getByRole('link', { name: '拨打 119' })
    await call.waitFor()
    expect(await call.getAttribute('href')).toBe('tel:119')
    expect(await page.locator('textarea').count()).toBe(0)
    await page.getByRole('button', { name: '已拨打，继续报告' }).click()
    await page.locator('textarea').waitFor()
    await context.close()
  })

  test('[FP17] a hasty double tap makes one report, and its link shows the way of it', async () => {
    const context = await browser.newContext({ baseURL: city.address, ...PHONE })
    const page = await open(context, `/r/${SLUG}`, 'main h1')
    await page.getByRole('button', { name: '照明' }).click()
    await page.getByLabel('说明情况').fill('the stairs of entrance 7 are dark')
    await page.getByRole('button', { name: '提交报修' }).dblclick()
    await page.getByText('已收到，谢谢').waitFor()
    const found = (await dispatcher.ask('GET', '/api/tickets?text=entrance%207')).json() as Ticket[]
    expect(found).toHaveLength(1)
    await page.getByRole('link', { name: '查看进度' }).click()
    await page.getByText(`报修号 ${found[0]?.number}`).waitFor()
    await page.locator('[aria-current=step]', { hasText: '已收到' }).waitFor()
    await context.close()
  })
})

describe('a picture on the orders page', () => {
  test('[FP19] is seen by an account with grants in several cities, which must say for which it asks', async () => {
    const { token, ticket } = await residentsOf(city.app).reported()
    const { payload, headers } = photoForm(await gradient(80, 60).jpeg().toBuffer())
    const sent = await city.app.app.http.inject({ method: 'POST', url: `/api/t/${token}/photos`, payload, headers })
    expect(sent.statusCode).toBe(200)
    const context = await city.signedIn(browser, 'neighbourhoodWorker', { ...SCREENS.laptop, locale: 'zh-CN' })
    const [worker] = await city.app.db.select().from(user).where(like(user.username, 'neighbourhoodworker-seen-%'))
    const elsewhere = grantFor('neighbourhoodWorker', OTHER_CITY)
    await city.app.db.transaction((tx) => insertGrant(tx, elsewhere, worker?.id as string))
    await context.addInitScript((code) => localStorage.setItem('hongguan.tenant', JSON.stringify(code)), CITY)
    const page = await open(context, '/orders', 'main button')
    await page.getByRole('button', { name: `第 ${ticket.number} 号单` }).click()
    const picture = page.getByRole('img', { name: '报修照片' }).first()
    await picture.waitFor()
    expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(80)
    await context.close()
  })
})
