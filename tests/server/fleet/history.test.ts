import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenDb, openDb } from '#db/connect.ts'
import { trailHolds } from '#db/schema/fleet.ts'
import { tenants } from '#db/schema/places.ts'
import type { ReceivedFix } from '#domain/fix.ts'
import { DAY_MS, HOUR_MS } from '#domain/instant.ts'
import { History } from '#server/fleet/history.ts'
import { dropExpired, ensurePartitions } from '#server/fleet/partitions.ts'
import { addTenant, fixAt } from '#tests/support/fleet-city.ts'
import { type ClonedDatabase, cloneDatabase } from '#tests/support/postgres.ts'

const NOW = Date.UTC(2026, 4, 4, 8)
let database: ClonedDatabase
let opened: OpenDb

beforeAll(async () => {
  database = await cloneDatabase()
  opened = openDb(database.url)
  await addTenant(opened.db, 'a')
  await addTenant(opened.db, 'b')
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

const fix = (at: number): ReceivedFix => ({ ...fixAt(at, 0, { headingDeg: 12.5 }), receivedAt: at + 123 })
const rows = (unitId: string) =>
  opened.db.execute<{ at: Date; received_at: Date; why: string | null; heading_deg: number }>(
    sql`select * from fixes where unit_id = ${unitId} order by at`,
  )
const count = async (table: string) =>
  Number((await opened.db.execute<{ n: string }>(sql.raw(`select count(*) as n from ${table}`)))[0]?.n)

describe('history', () => {
  test('[FL14] what is kept is on disk to the millisecond, in the partition of its day', async () => {
    const history = new History(opened.db)
    history.add('a', 'u1', fix(NOW), null)
    history.add('a', 'u1', fix(NOW - DAY_MS), 'older')
    const kept = history.kept()
    await history.flush()
    expect(await kept).toBe(true)
    const [older, latest] = await rows('u1')
    expect(latest).toMatchObject({ at: expect.anything(), why: null, heading_deg: 12.5 })
    expect(new Date(latest?.at ?? 0).getTime()).toBe(NOW)
    expect(new Date(latest?.received_at ?? 0).getTime()).toBe(NOW + 123)
    expect(older?.why).toBe('older')
    expect(await count('fixes_20260503')).toBe(1)
  })

  test('[FL14] a fix sent again is one row', async () => {
    const history = new History(opened.db)
    for (let turn = 0; turn < 3; turn++) {
      history.add('a', 'u2', fix(NOW), null)
      await history.flush()
    }
    expect(await rows('u2')).toHaveLength(1)
    expect(await history.kept()).toBe(true)
  })

  test('[FL13] without Postgres fixes wait, bounded; the oldest are dropped and counted, the rest written later', async () => {
    const away = openDb(database.url, { max: 1 })
    const history = new History(away.db, { maxBatch: 10, maxWaiting: 40 })
    await opened.db.execute(sql`alter table fixes rename to fixes_away`)
    const firstKept: Promise<boolean>[] = []
    for (let n = 0; n < 100; n++) {
      history.add('a', 'u3', fix(NOW + n * 1_000), null)
      firstKept.push(history.kept())
    }
    await history.flush()
    expect(history.waiting).toBeLessThanOrEqual(40)
    expect(history.dropped).toBe(60)
    expect(await firstKept[0]).toBe(false)
    await opened.db.execute(sql`alter table fixes_away rename to fixes`)
    await history.flush()
    expect(history.waiting).toBe(0)
    expect(await firstKept.at(-1)).toBe(true)
    expect(await rows('u3')).toHaveLength(40)
    await away.close()
  })
})

describe('partitions', () => {
  test('making them twice, or from two places at once, is making them once', async () => {
    await Promise.all([ensurePartitions(opened.db, NOW), ensurePartitions(opened.db, NOW)])
    await ensurePartitions(opened.db, NOW)
    expect(await count('fixes_20260427')).toBe(0)
    expect(await count('fixes_20260505')).toBe(0)
  })

  test('[FL15] past the tenant’s days a partition goes, with what a hold names copied first', async () => {
    const history = new History(opened.db)
    const then = NOW - 40 * DAY_MS
    for (const unitId of ['held', 'free']) {
      for (let hour = 0; hour < 5; hour++) history.add('a', unitId, fix(then + hour * HOUR_MS), null)
    }
    await history.flush()
    await opened.db.insert(trailHolds).values({
      ticketId: 't1',
      tenant: 'a',
      unitId: 'held',
      from: then + HOUR_MS,
      to: then + 3 * HOUR_MS,
      reason: 'complaint',
      heldBy: 'x',
      heldAt: NOW,
    })
    expect(await dropExpired(opened.db, NOW)).toEqual(['fixes_20260325'])
    expect(await rows('held')).toHaveLength(0)
    expect(await count("held_fixes where ticket_id = 't1' and unit_id = 'held'")).toBe(3)
    expect(await dropExpired(opened.db, NOW)).toEqual([])
    expect(await rows('u2')).toHaveLength(1)
  })

  test('[FL15] a tenant that keeps less loses its rows where another still keeps its own', async () => {
    await opened.db
      .update(tenants)
      .set({ settings: { offerTtlMs: 25_000, historyDays: 5, tileSources: [] } })
      .where(sql`code = 'b'`)
    const history = new History(opened.db)
    history.add('a', 'mine', fix(NOW - 10 * DAY_MS), null)
    history.add('b', 'theirs', fix(NOW - 10 * DAY_MS), null)
    await history.flush()
    await dropExpired(opened.db, NOW)
    expect(await rows('mine')).toHaveLength(1)
    expect(await rows('theirs')).toHaveLength(0)
  })
})
