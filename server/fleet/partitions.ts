import { sql } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { tenants } from '#db/schema/places.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import { JUDGE_LIMITS } from '#domain/judge.ts'

/** Two processes that make or drop the same day wait for each other. */
const LOCK = sql`select pg_advisory_xact_lock(hashtext('hongguan fixes'))`

export const dayOf = (at: Instant): Instant => Math.floor(at / DAY_MS) * DAY_MS

const stamp = (day: Instant) => new Date(day).toISOString().slice(0, 10)
const nameOf = (day: Instant) => `fixes_${stamp(day).replaceAll('-', '')}`
const startOf = (name: string): Instant => Date.parse(name.replace(/^fixes_(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'))

/** Every day that a fix judged around `now` can fall into has its partition. */
export async function ensurePartitions(db: Db, now: Instant): Promise<void> {
  const days: Instant[] = []
  for (let day = dayOf(now - JUDGE_LIMITS.maxAgeMs); day <= dayOf(now) + DAY_MS; day += DAY_MS) days.push(day)
  await ensureDays(db, days)
}

export async function ensureDays(db: Db, days: readonly Instant[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(LOCK)
    for (const day of days) {
      await tx.execute(
        sql.raw(
          `create table if not exists ${nameOf(day)} partition of fixes for values from ('${stamp(day)} 00:00:00+00') to ('${stamp(day + DAY_MS)} 00:00:00+00')`,
        ),
      )
    }
  })
}

/**
 * FL15: exact history ends after each tenant's days: a partition beyond the longest goes as a whole, rows of tenants with
 * less go from those that stay. What a hold names is copied first. Answers the partitions dropped.
 */
export async function dropExpired(db: Db, now: Instant): Promise<string[]> {
  const kept = (await db.select({ code: tenants.code, settings: tenants.settings }).from(tenants)).map((tenant) => ({
    code: tenant.code,
    cutoff: now - tenant.settings.historyDays * DAY_MS,
  }))
  const last = Math.min(now - DAY_MS, ...kept.map(({ cutoff }) => cutoff))
  return db.transaction(async (tx) => {
    await tx.execute(LOCK)
    for (const { code, cutoff } of kept) {
      await tx.execute(holdBack(code, cutoff))
      await tx.execute(sql`delete from fixes where tenant = ${code} and at < ${iso(cutoff)} and at >= ${iso(last)}`)
    }
    const partitions = await tx.execute<{ name: string }>(
      sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'fixes'::regclass`,
    )
    const expired = partitions.map(({ name }) => name).filter((name) => startOf(name) + DAY_MS <= last)
    for (const name of expired) await tx.execute(sql.raw(`drop table ${name}`))
    return expired
  })
}

const iso = (at: Instant) => sql`${new Date(at).toISOString()}::timestamptz`

const holdBack = (tenant: string, cutoff: Instant) => sql`
  insert into held_fixes
  select h.ticket_id, f.* from fixes f join trail_holds h
    on h.tenant = f.tenant and h.unit_id = f.unit_id and f.at between h.from and h.to
  where f.tenant = ${tenant} and f.at < ${iso(cutoff)}
  on conflict do nothing`
