import { and, asc, eq, gt } from 'drizzle-orm'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { events } from '#db/schema/feed.ts'
import { chance, seededRandom, wholeBetween } from '#domain/random.ts'
import { headOf } from '#server/feed/log.ts'
import { type Asker, CITY } from '#tests/support/app.ts'
import { openBrowser, SCREENS } from '#tests/support/browser.ts'
import { type FollowingConsole, followConsole } from '#tests/support/following-console.ts'
import { residentsOf } from '#tests/support/residents.ts'
import { open, type ServedCity, serveCity } from '#tests/support/served-city.ts'

const MANY = 1_000
const WRITERS = 8
const CUTS = 50

let city: ServedCity
let browser: Browser
let dispatcher: Asker
let ticketIds: string[]

beforeAll(async () => {
  city = await serveCity()
  browser = await openBrowser()
  dispatcher = await city.app.withRole('dispatcher')
  const residents = residentsOf(city.app)
  const reported = await Promise.all(Array.from({ length: WRITERS }, () => residents.reported()))
  ticketIds = reported.map(({ ticket }) => ticket.id)
})
afterAll(async () => {
  await browser?.close()
  await city?.end()
})

const head = async () => (await headOf(city.app.db, CITY))?.seq ?? 0
const logAfter = (seq: number) =>
  city.app.db
    .select({ seq: events.seq, kind: events.kind, at: events.at, actor: events.actor, state: events.state })
    .from(events)
    .where(and(eq(events.tenant, CITY), gt(events.seq, seq)))
    .orderBy(asc(events.seq))

/** Commits so many events through the product's own doors, several at a time on different tickets. */
async function commitMany(onCommit: (count: number) => void = () => undefined): Promise<void> {
  let [begun, done] = [0, 0]
  const writer = async (ticketId: string) => {
    while (begun < MANY) {
      const text = `note ${++begun}`
      const answer = await dispatcher.ask('POST', `/api/tickets/${ticketId}/note`, { text })
      if (answer.statusCode !== 200) throw new Error(answer.body)
      onCommit(++done)
    }
  }
  await Promise.all(ticketIds.map(writer))
}

/** Every number since `before` exactly once and in order, each event as it stands in the database. */
async function expectComplete(console: FollowingConsole, before: number): Promise<void> {
  const last = await head()
  expect(last - before).toBe(MANY)
  await console.reached(last)
  expect(console.applied.map(({ seq }) => seq)).toEqual(Array.from({ length: MANY }, (_, n) => before + 1 + n))
  expect(console.applied).toEqual(await logAfter(before))
}

describe('a console that was cut off', () => {
  test(`[P2] has all ${MANY} events that were committed meanwhile, each once and in order, without a new snapshot`, async () => {
    const console = await followConsole(city.address, dispatcher)
    const before = await head()
    console.cut()
    await commitMany()
    expect(console.applied).toEqual([])
    console.heal()
    await expectComplete(console, before)
    expect(console.follower.counts.snapshots).toBe(1)
    console.end()
  })

  test(`[P2] ${CUTS} times at random, and loses frames besides, has every event of ${MANY} once and in order`, async () => {
    const random = seededRandom(22, 'cuts')
    const stretch = MANY / CUTS
    // In each stretch of commits the cable is pulled once, stays so for a while, and one frame is lost after it is back.
    const plan = new Map<number, (console: FollowingConsole) => void>()
    for (let n = 0; n < CUTS; n++) {
      const pulledAt = n * stretch + wholeBetween(random, 1, stretch / 2)
      const healedAt = pulledAt + wholeBetween(random, 1, stretch / 2 - 1)
      plan.set(pulledAt, (console) => console.cut())
      plan.set(healedAt, (console) => {
        console.heal()
        if (chance(random, 0.5)) console.loseNext()
      })
    }
    expect(plan.size).toBe(2 * CUTS)
    const console = await followConsole(city.address, dispatcher)
    const before = await head()
    await commitMany((count) => plan.get(count)?.(console))
    await expectComplete(console, before)
    expect(console.follower.counts.refetches).toBeGreaterThan(0)
    console.end()
  })
})

/** The figure beside this word in the truth bar. */
const figure = (page: Page, word: string) => page.locator('footer dl > div', { hasText: word }).locator('dd')
const seqShown = async (page: Page) => Number((await figure(page, 'Sequence').innerText()).replaceAll(',', ''))

describe('the dispatch console in a browser', () => {
  test(`[P2, DK4] shows that it is cut off, and after ${MANY} events stands where the log stands`, async () => {
    const context = await city.signedIn(browser, 'dispatcher', SCREENS.desk)
    await context.addInitScript(() => localStorage.setItem('hongguan.locale', 'en'))
    const page = await open(context, '/', 'footer [role=status]')
    const live = page.locator('footer [role=status]', { hasText: 'Live' })
    await live.waitFor()
    const before = await head()
    await expect.poll(() => seqShown(page)).toBe(before)

    await context.setOffline(true)
    await page.getByRole('alert').filter({ hasText: 'Connection lost' }).waitFor()
    await commitMany()
    expect(await seqShown(page)).toBe(before)

    await context.setOffline(false)
    await live.waitFor({ timeout: 30_000 })
    const last = await head()
    expect(last - before).toBe(MANY)
    await expect.poll(() => seqShown(page), { timeout: 10_000 }).toBe(last)
    expect(await page.getByRole('alert').filter({ hasText: 'Connection lost' }).count()).toBe(0)
    await context.close()
  })
})
