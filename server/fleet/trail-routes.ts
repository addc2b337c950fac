import { and, desc, eq, inArray } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { trailHolds } from '#db/schema/fleet.ts'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import { may } from '#domain/access.ts'
import { DAY_MS } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask } from '#server/serving.ts'
import * as wire from '#wire/routes/fleet.ts'
import * as kept from './queries.ts'
import type { FleetShop } from './routes.ts'
import {
  MOST_PLAYBACK_MS,
  MOST_TRAIL_MS,
  playbackOf,
  playbackStepMs,
  readingsOf,
  recordReadings,
  trailPoints,
} from './trail.ts'
import { permits } from './unit-routes.ts'

const MOST_READINGS = 1_000

export function trailRoutes({ db, serve, fleet }: FleetShop): void {
  serve(wire.trail, async ({ tenant, reader, params, query, now }) => {
    if (query.to < query.from || query.to - query.from > MOST_TRAIL_MS) return refused('badRequest')
    return db.transaction(async (tx) => {
      const unit = await kept.unitById(tx, tenant, params.id)
      if (!unit || !permits(reader, 'trail.read', unit) || !(await isOwn(tx, tenant, query.ticketId)))
        return refused('unknown')
      await recordReadings(tx, tenant, reader.userId, [unit.id], query, now)
      const { from, to } = query
      return { unitId: unit.id, from, to, points: await trailPoints(tx, unit.id, query) }
    })
  })

  serve(wire.playback, async ({ tenant, reader, query, now }) => {
    if (!may(reader.grants, 'trail.read', { tenant })) return refused('notAllowed')
    if (query.to < query.from || query.to - query.from > MOST_PLAYBACK_MS) return refused('badRequest')
    const unitCount = fleet.live.tenant(tenant)?.seats.size ?? 0
    return db.transaction(async (tx) => {
      if (!(await isOwn(tx, tenant, query.ticketId))) return refused('unknown')
      const played = await playbackOf(tx, tenant, query, playbackStepMs(query, unitCount))
      const seen = played.units.map(({ unitId }) => unitId)
      await recordReadings(tx, tenant, reader.userId, seen, query, now)
      return played
    })
  })

  serve(wire.trailReadings, ({ tenant, query }) => readingsOf(db, tenant, query.unitId, query.limit ?? MOST_READINGS))

  serve(wire.ownReadings, async ({ tenant, reader, params }) => {
    const unit = await kept.unitById(db, tenant, params.id)
    if (!unit || !permits(reader, 'trail.readOwn', unit)) return refused('unknown')
    return readingsOf(db, tenant, unit.id, MOST_READINGS)
  })

  serve(wire.holdTrail, (ask) => carryOut(db, ask.command, ask.now, (tx) => holdTrail(tx, ask)))
}

/** A reading may name a ticket, but only one of its own tenant. */
async function isOwn(db: DbOrTx, tenant: string, ticketId: string | undefined): Promise<boolean> {
  if (ticketId === undefined) return true
  const rows = await db
    .select({ id: tickets.id })
    .from(tickets)
    .where(and(eq(tickets.tenant, tenant), eq(tickets.id, ticketId)))
  return rows.length === 1
}

/** FL15: the trail of whoever did the ticket, from acceptance to its end (or a day from now), is kept past the limit. */
async function holdTrail(
  tx: Tx,
  { tenant, reader, params, body, now }: Ask<typeof wire.holdTrail>,
): Promise<{ ok: true } | Refused<'unknown' | 'notAllowed' | 'notInThisState'>> {
  if (!may(reader.grants, 'trail.read', { tenant })) return refused('notAllowed')
  if (!(await isOwn(tx, tenant, params.id))) return refused('unknown')
  const [task] = await tx
    .select()
    .from(dispatches)
    .where(
      and(
        eq(dispatches.ticketId, params.id),
        inArray(dispatches.status, ['accepted', 'en_route', 'on_site', 'done', 'returned']),
      ),
    )
    .orderBy(desc(dispatches.offeredAt))
    .limit(1)
  if (!task) return refused('notInThisState')
  const hold = {
    ticketId: params.id,
    tenant,
    unitId: task.unitId,
    from: task.answeredAt ?? task.offeredAt,
    to: task.endedAt ?? now + DAY_MS,
    reason: body.reason,
    heldBy: reader.userId,
    heldAt: now,
  }
  await tx.insert(trailHolds).values(hold).onConflictDoUpdate({ target: trailHolds.ticketId, set: hold })
  return { ok: true }
}
