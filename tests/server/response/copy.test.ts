import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tx } from '#db/connect.ts'
import { events, feedHeads } from '#db/schema/feed.ts'
import { tenants } from '#db/schema/places.ts'
import { tickets } from '#db/schema/tickets.ts'
import { HOUR_MS, MINUTE_MS } from '#domain/instant.ts'
import type { Actor, Ticket } from '#domain/ticket.ts'
import { reopen } from '#domain/ticket-closing.ts'
import { logEntry } from '#domain/ticket-step.ts'
import { newEpoch } from '#server/feed/log.ts'
import { openResponse } from '#server/response/response.ts'
import { record } from '#server/tickets/record.ts'
import { reportTicket } from '#server/tickets/report.ts'
import { type Asker, CITY, OTHER_CITY, startTestApp, T0, type TestApp } from '#tests/support/app.ts'
import { allFacts, expectedRows, KEYS, rounded } from '#tests/support/response-oracle.ts'
import type { ResponseAnswer } from '#wire/routes/response.ts'

const ACTOR: Actor = { kind: 'api', id: 'test' }

let app: TestApp
let manager: Asker

beforeAll(async () => {
  app = await startTestApp()
  manager = await app.withRole('manager')
})
afterAll(() => app.end())

const asked = async (query: string, who = manager): Promise<ResponseAnswer> => {
  const answer = await who.ask('GET', `/api/response?${query}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

/** One thing that is done to a ticket of the city; which one is drawn, so that any order comes about. */
type Deed =
  | { do: 'report'; community: number; category: 'lighting' | 'lifeService'; at: number }
  | { do: 'arrive' | 'resolve' | 'cancel' | 'reopen' | 'move'; which: number; after: number }

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    do: fc.constant('report' as const),
    community: fc.integer({ min: 1, max: 3 }),
    category: fc.constantFrom('lighting' as const, 'lighting' as const, 'lifeService' as const),
    at: fc.integer({ min: 0, max: 72 }),
  }),
  fc.record({
    do: fc.constantFrom('arrive' as const, 'resolve' as const, 'cancel' as const, 'reopen' as const, 'move' as const),
    which: fc.nat(),
    after: fc.integer({ min: -5, max: 90 }),
  }),
)

const reported = (tx: Tx, community: number, category: 'lighting' | 'lifeService', hours: number, tenant = CITY) =>
  reportTicket(
    tx,
    {
      tenant,
      channel: 'replay',
      category,
      description: 'x',
      communityId: `${tenant}-c${community}`,
      reportedAt: T0 - hours * HOUR_MS,
    },
    ACTOR,
    T0,
  )

async function carry(tx: Tx, deed: Deed): Promise<void> {
  if (deed.do === 'report') {
    await reported(tx, deed.community, deed.category, deed.at)
    return
  }
  const all = await tx.select().from(tickets).where(eq(tickets.tenant, CITY)).orderBy(tickets.number)
  const before = all[deed.which % Math.max(1, all.length)]
  if (!before) return
  const change = changeOf(before, deed)
  if (change) await record(tx, { before, actor: ACTOR, now: T0, ...change })
}

function changeOf(ticket: Ticket, { do: verb, after }: Exclude<Deed, { do: 'report' }>) {
  const at = ticket.reportedAt + after * MINUTE_MS
  const entry = logEntry(ticket, 'note', ACTOR, T0)
  const set = (changes: Partial<Ticket>) => ({ ticket: { ...ticket, ...changes }, entries: [entry] })
  switch (verb) {
    case 'arrive':
      return set({ status: 'on_site', onSiteAt: at, unitId: `${CITY}-u1`, acceptedAt: ticket.reportedAt })
    case 'resolve':
      return set({ status: 'closed', resolvedAt: at + MINUTE_MS })
    case 'cancel':
      return set({ status: 'cancelled' })
    case 'move':
      return set({ lng: ticket.lng + 0.05, firmId: `${CITY}-f2` })
    default: {
      const done = reopen(ticket, { reason: 'again' }, ACTOR, at)
      return done.ok ? { ticket: done.ticket, entries: [done.entry] } : null
    }
  }
}

describe('the copy', () => {
  test('[RT9] answers the same whatever the order of commits, however they are split, and whenever it looked', async () => {
    const history = fc.array(
      fc.record({ deeds: fc.array(deed, { minLength: 1, maxLength: 6 }), looks: fc.boolean() }),
      { minLength: 4, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(history, async (commits) => {
        for (const { deeds, looks } of commits) {
          await app.db.transaction(async (tx) => {
            for (const each of deeds) await carry(tx, each)
          })
          if (looks) await app.app.response.current(CITY)
        }
        const facts = await allFacts(app.db, CITY)
        for (const [by, keyOf] of Object.entries(KEYS))
          for (const metric of ['arrive', 'solve'] as const) {
            const { rows, total, excluded } = await asked(`metric=${metric}&${by}`)
            expect(rounded(rows)).toEqual(rounded(expectedRows(facts, metric, keyOf)))
            const [all = { n: 0, p50: null, p90: null }] = expectedRows(facts, metric, () => '')
            expect(rounded([{ ...total, key: '' }])).toEqual(rounded([{ ...all, key: '' }]))
            expect(total.n + excluded.reduce((sum, { n }) => sum + n, 0)).toBe(facts.length)
          }
      }),
      { numRuns: 6, seed: 5341 },
    )
    expect(await app.db.$count(tickets)).toBeGreaterThan(30)
  })

  test('[RT9] built anew is what it was when it was followed', async () => {
    const queries = [...Object.keys(KEYS), 'by=unit', 'by=provider', 'by=hourOfWeek', 'metric=solve&by=area']
    const followed = await Promise.all(queries.map((query) => asked(query)))
    await app.restart()
    const anew = await Promise.all(queries.map((query) => asked(query)))
    expect(anew.map(({ rows }) => rounded(rows))).toEqual(followed.map(({ rows }) => rounded(rows)))
  })

  test('[RT9] has what was committed a moment before it is asked, in every tenant its own', async () => {
    const other = await app.withRole('manager', OTHER_CITY)
    const counted = async (who: Asker) =>
      (await asked('metric=accept', who)).excluded.reduce((sum, { n }) => sum + n, 0)
    const [here, there] = [await counted(manager), await counted(other)]
    for (let i = 1; i <= 20; i++) {
      await app.db.transaction((tx) => reported(tx, 1, 'lighting', 1, OTHER_CITY))
      expect(await counted(other)).toBe(there + i)
    }
    expect(await counted(manager)).toBe(here)
  })

  test('[RT9] begins anew when history was lost or put back, and when the city’s clock is another', async () => {
    const before = await asked('by=hourOfWeek')
    // A change that no event tells: only a copy built anew has it.
    const [some] = await app.db.select().from(tickets).where(eq(tickets.status, 'closed')).limit(1)
    await app.db
      .update(tickets)
      .set({ category: 'gas' })
      .where(eq(tickets.id, some?.id ?? ''))
    expect((await asked('category=gas')).excluded).toEqual([])
    await newEpoch(app.db, CITY)
    const told = await asked('category=gas&metric=accept')
    expect(told.total.n + told.excluded.reduce((sum, { n }) => sum + n, 0)).toBeGreaterThan(0)
    await app.db.update(tenants).set({ timeZone: 'Asia/Tokyo' }).where(eq(tenants.code, CITY))
    const later = await asked('by=hourOfWeek')
    const shifted = before.rows.map(({ key, ...figures }) => ({ ...figures, key: String((Number(key) + 1) % 168) }))
    expect(rounded(later.rows)).toEqual(rounded(shifted))
    await app.db.update(tenants).set({ timeZone: 'Asia/Shanghai' }).where(eq(tenants.code, CITY))
  })

  test('[RT9] that the feed no longer reaches back to is built anew', async () => {
    await app.app.response.current(CITY)
    const { seq } = (await app.db.select().from(feedHeads).where(eq(feedHeads.tenant, CITY)))[0] ?? { seq: 0 }
    await app.db.transaction((tx) => reported(tx, 2, 'lighting', 1))
    await app.db.transaction(async (tx) => {
      await tx.delete(events).where(eq(events.tenant, CITY))
      await tx
        .update(feedHeads)
        .set({ oldest: sql`${feedHeads.seq} + 1` })
        .where(eq(feedHeads.tenant, CITY))
    })
    const facts = await allFacts(app.db, CITY)
    const { total, excluded } = await asked('')
    expect(total.n + excluded.reduce((sum, { n }) => sum + n, 0)).toBe(facts.length)
    expect((await app.app.response.state(CITY)).seq).toBeGreaterThan(seq)
  })

  test('[RT13] compares itself with PostgreSQL row by row, and finds what is missing, surplus or different', async () => {
    const auditor = await app.withRole('auditor')
    const verified = async () => (await auditor.ask('GET', '/api/response/verify?after=0')).json()
    const count = await app.db.$count(tickets, eq(tickets.tenant, CITY))
    expect(await verified()).toMatchObject({ tickets: count, wrong: [] })
    const [first] = await app.db.select().from(tickets).where(eq(tickets.tenant, CITY)).orderBy(tickets.number).limit(1)
    await app.db
      .update(tickets)
      .set({ class: 'major' })
      .where(eq(tickets.id, first?.id ?? ''))
    await app.db.update(tickets).set({ number: 900_000 }).where(eq(tickets.number, 2))
    const { wrong } = await verified()
    expect(new Set(wrong.map(({ number, why }: { number: number; why: string }) => `${number} ${why}`))).toEqual(
      new Set(['1 different', '2 surplus', '900000 missing']),
    )
    expect(wrong.find(({ number }: { number: number }) => number === 1).columns).toContain('class')
  })

  test('[RT9] is kept by its own beat while the server listens, within two seconds', async () => {
    await app.app.listen()
    await app.db.transaction((tx) => reported(tx, 2, 'lighting', 1))
    const behind = await app.app.response.state(CITY)
    expect(behind.seq).toBeLessThan(behind.headSeq)
    app.ticker.pass(2_000)
    await expect.poll(async () => (await app.app.response.state(CITY)).seq).toBe(behind.headSeq)
  })
})

describe('a copy on disk', () => {
  test('[RT9] is found again by the next server, and one that cannot be read is built again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'response-'))
    const file = join(folder, 'copy.duckdb')
    const log = pino({ level: 'silent' })
    const countIn = async () => {
      const response = openResponse({ db: app.db, ticker: app.ticker, log, file })
      const rows = await response.ask(OTHER_CITY, ({ columns, facts }) =>
        columns(`select count(*)::integer from ${facts}`),
      )
      const facts = await response.ask(OTHER_CITY, async (reading) => reading.facts)
      await response.stop()
      return [rows?.[0]?.[0], facts]
    }
    const first = await countIn()
    expect(await countIn()).toEqual(first)
    writeFileSync(file, 'no database at all')
    expect((await countIn())[0]).toBe(first[0])
    rmSync(folder, { recursive: true })
  })
})
