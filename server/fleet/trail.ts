import { randomUUID } from 'node:crypto'
import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { user } from '#db/schema/accounts.ts'
import { trailReadings } from '#db/schema/fleet.ts'
import type { FixSource } from '#domain/fix.ts'
import { HOUR_MS, type Instant, SECOND_MS } from '#domain/instant.ts'
import type { Playback, TrailPoint, TrailReading } from '#wire/routes/fleet.ts'

export interface Span {
  from: Instant
  to: Instant
}

/** Why somebody looks, and for which ticket. */
export interface Purpose extends Span {
  reason: string
  ticketId?: string | undefined
}

/** A working week; longer spans are several readings. */
export const MOST_TRAIL_MS = 7 * 24 * HOUR_MS
export const MOST_PLAYBACK_MS = 12 * HOUR_MS
/** Points in one answer: some ten megabytes. */
const MOST_TRAIL_POINTS = 100_000
const MOST_PLAYBACK_POINTS = 400_000
const FINEST_STEP_MS = 10 * SECOND_MS

const moment = (at: Instant) => sql`${new Date(at).toISOString()}::timestamptz`
const ms = (column: SQL) => sql`(extract(epoch from ${column}) * 1000)::float8`

/** All that is kept of a unit's fixes in the span, what a hold has kept among them, oldest first. */
export async function trailPoints(db: DbOrTx, unitId: string, { from, to }: Span): Promise<TrailPoint[]> {
  const part = (table: SQL) => sql`
    select at, received_at, lng, lat, accuracy_m, speed_mps, heading_deg, source, why from ${table}
    where unit_id = ${unitId} and at >= ${moment(from)} and at <= ${moment(to)}`
  const rows = await db.execute<{
    moment: number
    received: number
    lng: number
    lat: number
    accuracy_m: number | null
    speed_mps: number | null
    heading_deg: number | null
    source: FixSource
    why: string | null
  }>(sql`
    select distinct on (kept.at) ${ms(sql`kept.at`)} as moment, ${ms(sql`received_at`)} as received, lng, lat, accuracy_m, speed_mps,
      heading_deg, source, why
    from (${part(sql`fixes`)} union all ${part(sql`held_fixes`)}) as kept(at, received_at, lng, lat, accuracy_m, speed_mps,
      heading_deg, source, why)
    order by kept.at limit ${MOST_TRAIL_POINTS}`)
  return rows.map((row) => ({
    at: Math.round(row.moment),
    receivedAt: Math.round(row.received),
    lng: row.lng,
    lat: row.lat,
    accuracyM: row.accuracy_m,
    speedMps: row.speed_mps,
    headingDeg: row.heading_deg,
    source: row.source,
    why: row.why,
  }))
}

/** Steps wide enough that all units of the tenant fit into one answer. */
export function playbackStepMs({ from, to }: Span, unitCount: number): number {
  const finest = ((to - from) * unitCount) / MOST_PLAYBACK_POINTS
  return Math.max(FINEST_STEP_MS, Math.ceil(finest / SECOND_MS) * SECOND_MS)
}

/** Of each unit the last honest fix of each step. */
export async function playbackOf(db: DbOrTx, tenant: string, { from, to }: Span, stepMs: number): Promise<Playback> {
  const rows = await db.execute<{ unit_id: string; step: number; lng: number; lat: number }>(sql`
    select distinct on (unit_id, step) unit_id, step, lng, lat
    from (
      select unit_id, at, lng, lat, floor((${ms(sql`at`)} - ${from}) / ${stepMs})::int as step
      from fixes where tenant = ${tenant} and at >= ${moment(from)} and at <= ${moment(to)} and why is null
    ) as stepped order by unit_id, step, at desc`)
  const byUnit = new Map<string, Playback['units'][number]['points']>()
  for (const { unit_id, step, lng, lat } of rows) {
    const points = byUnit.get(unit_id) ?? []
    byUnit.set(unit_id, points)
    points.push([step, rounded(lng), rounded(lat)])
  }
  return { from, to, stepMs, units: [...byUnit].map(([unitId, points]) => ({ unitId, points })) }
}

/** Five decimals are a metre: half the bytes and nothing lost on a slider. */
const rounded = (degrees: number) => Math.round(degrees * 1e5) / 1e5

const READINGS_A_STATEMENT = 2_000

/** FL18: every reading is written down, one row a subject, before its answer leaves. */
export async function recordReadings(
  tx: Tx,
  tenant: string,
  readerId: string,
  unitIds: readonly string[],
  purpose: Purpose,
  now: Instant,
): Promise<void> {
  const { from, to, reason, ticketId = null } = purpose
  for (let start = 0; start < unitIds.length; start += READINGS_A_STATEMENT) {
    const some = unitIds.slice(start, start + READINGS_A_STATEMENT)
    await tx
      .insert(trailReadings)
      .values(
        some.map((unitId) => ({ id: randomUUID(), tenant, at: now, readerId, unitId, from, to, ticketId, reason })),
      )
  }
}

/** Newest first; a reader is named by its account (role and number). */
export async function readingsOf(
  db: DbOrTx,
  tenant: string,
  unitId: string | undefined,
  limit: number,
): Promise<TrailReading[]> {
  const rows = await db
    .select({ reading: trailReadings, name: user.name })
    .from(trailReadings)
    .leftJoin(user, eq(user.id, trailReadings.readerId))
    .where(and(eq(trailReadings.tenant, tenant), unitId === undefined ? undefined : eq(trailReadings.unitId, unitId)))
    .orderBy(desc(trailReadings.at))
    .limit(limit)
  return rows.map(({ reading: { id, at, unitId, from, to, ticketId, reason, readerId }, name }) => ({
    id,
    at,
    reader: name ?? readerId,
    unitId,
    from,
    to,
    ticketId,
    reason,
  }))
}
