import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alarms, events } from '#db/schema/feed.ts'
import type { FeedRange } from '#domain/feed.ts'
import { seededRandom, wholeBetween } from '#domain/random.ts'
import type { Unit } from '#domain/units.ts'
import { type Asker, CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import type { FeedSnapshot } from '#wire/routes/feed.ts'

let world: TestApp
let dispatcher: Asker

beforeAll(async () => {
  world = await startTestApp()
  dispatcher = await world.withRole('dispatcher')
})
afterAll(() => world.end())

const snapshot = async (who: Asker) => (await who.ask('GET', '/api/feed/snapshot')).json<FeedSnapshot>()
const since = async (who: Asker, { to, epoch }: { to: number; epoch: string }) =>
  (await who.ask('GET', `/api/feed?since=${to}&epoch=${epoch}`)).json<FeedRange>()
const report = (community: number) =>
  dispatcher.ask('POST', '/api/tickets', {
    category: 'gas',
    description: 'a smell',
    communityId: `${CITY}-c${community}`,
  })
const duty = (unit: number, to: string) => dispatcher.ask('POST', `/api/units/${CITY}-u${unit}/duty`, { duty: to })

/** What a console does with events: it puts rows by id. */
function apply(state: FeedSnapshot, range: FeedRange): FeedSnapshot {
  const [tickets, units] = [
    new Map(state.tickets.map((row) => [row.id, row])),
    new Map(state.units.map((row) => [row.id, row])),
  ]
  for (const event of range.events) {
    for (const row of event.state.tickets ?? []) tickets.set(row.id, row)
    for (const row of event.state.units ?? []) units.set(row.id, row)
  }
  return { ...state, to: range.to, tickets: [...tickets.values()], units: [...units.values()] }
}
const facts = ({ to, epoch, tickets, units }: FeedSnapshot) => ({
  to,
  epoch,
  tickets: tickets.toSorted((a, b) => a.number - b.number),
  units: units.toSorted((a: Unit, b: Unit) => a.index - b.index),
})

describe('snapshot and refetch', () => {
  test('[FD5] a snapshot taken amid writes, with the events after it, is what a later snapshot says', async () => {
    const random = seededRandom(5, 'feed')
    const writing = Array.from({ length: 4 }, async () => {
      for (let n = 0; n < 10; n++) {
        if (n % 2) await report(wholeBetween(random, 1, 3))
        else await duty(wholeBetween(random, 1, 4), wholeBetween(random, 0, 1) ? 'onDuty' : 'offDuty')
      }
    })
    const amid: FeedSnapshot[] = []
    for (let n = 0; n < 6; n++) amid.push(await snapshot(dispatcher))
    await Promise.all(writing)
    const last = await snapshot(dispatcher)
    expect(last.tickets).toHaveLength(20)
    for (const early of amid) expect(facts(apply(early, await since(dispatcher, early)))).toEqual(facts(last))
  })

  test('[FD3] each reader’s snapshot holds what is theirs', async () => {
    const [field, provider, office, manager] = await Promise.all(
      (['fieldWorker', 'providerManager', 'subdistrictOfficer', 'manager'] as const).map((role) =>
        world.withRole(role),
      ),
    )
    const all = await snapshot(dispatcher)
    const mine = async (who: Asker | undefined) => (who ? snapshot(who) : all)
    expect((await mine(field)).units.map(({ index }) => index)).toEqual([1])
    expect((await mine(field)).tickets).toEqual([])
    expect((await mine(provider)).units.map(({ index }) => index)).toEqual([1, 4])
    expect((await mine(provider)).firms.map(({ id }) => id)).toEqual([`${CITY}-f1`])
    expect((await mine(office)).tickets.every(({ subdistrictCode }) => subdistrictCode === 'S1')).toBe(true)
    expect((await mine(manager)).alarms).toEqual([])
    expect(all.alarms.length).toBeGreaterThan(0)
    const other = await world.withRole('dispatcher', 'elsewhere')
    expect((await snapshot(other)).tickets).toEqual([])
  })

  test('[FD6] another epoch is refused with 410', async () => {
    const answer = await dispatcher.ask('GET', '/api/feed?since=0&epoch=none')
    expect([answer.statusCode, answer.json().error.code]).toEqual([410, 'historyLost'])
  })
})

describe('alarms', () => {
  test('[FD7] of ten who acknowledge at once one does, by one event, and nobody hears it again', async () => {
    await report(1)
    const [alarm] = (await snapshot(dispatcher)).alarms.filter(({ acknowledgedAt }) => acknowledgedAt === null)
    if (!alarm) throw new Error('no alarm')
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => dispatcher.ask('POST', `/api/alarms/${alarm.id}/acknowledge`)),
    )
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(9)
    const [row] = await world.db.select().from(alarms).where(eq(alarms.id, alarm.id))
    expect(row).toMatchObject({ acknowledgedAt: T0, acknowledgedBy: dispatcher.username })
    const told = await world.db.select().from(events).where(eq(events.kind, 'alarm:acknowledged'))
    expect(told.map(({ state }) => state)).toEqual([{ alarms: [row] }])
    expect((await snapshot(dispatcher)).alarms.map(({ id }) => id)).not.toContain(alarm.id)
  })

  test('an alarm of another tenant is unknown, and a reader without the right may not', async () => {
    const [alarm] = (await snapshot(dispatcher)).alarms
    const other = await world.withRole('dispatcher', 'elsewhere')
    expect((await other.ask('POST', `/api/alarms/${alarm?.id}/acknowledge`)).statusCode).toBe(404)
    const field = await world.withRole('fieldWorker')
    expect((await field.ask('POST', `/api/alarms/${alarm?.id}/acknowledge`)).statusCode).toBe(403)
  })
})
