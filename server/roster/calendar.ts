import { createHash, randomBytes } from 'node:crypto'
import { and, asc, eq, gt, inArray, isNull } from 'drizzle-orm'
import ical, { ICalCalendarMethod } from 'ical-generator'
import type { DbOrTx } from '#db/connect.ts'
import { calendarLinks, dutyShifts } from '#db/schema/duties.ts'
import { HELD } from '#domain/duty-shift.ts'
import { DAY_MS, type Instant } from '#domain/instant.ts'
import { refused } from '#domain/refusal.ts'
import * as wire from '#wire/routes/duties.ts'
import { clustersOf, kindsOf } from './clusters.ts'
import { unitsOf } from './duty-routes.ts'
import { type RosterShop, serveCommand } from './record.ts'

const DAYS_BACK = 31
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

export function calendarRoutes(shop: RosterShop): void {
  serveCommand(shop, wire.makeCalendarLink, async (tx, { tenant, reader, now }) => {
    const [unitId] = unitsOf(reader, tenant)
    if (unitId === undefined) return refused('unknown')
    await revoke(tx, unitId, now)
    const token = randomBytes(32).toString('base64url')
    await tx.insert(calendarLinks).values({ tokenHash: hashOf(token), tenant, unitId, createdAt: now, revokedAt: null })
    return { answer: { path: `/api/calendar/${token}.ics`, since: now } }
  })
  serveCommand(shop, wire.revokeCalendarLink, async (tx, { tenant, reader, now }) => {
    for (const unitId of unitsOf(reader, tenant)) await revoke(tx, unitId, now)
    return { answer: { ok: true as const } }
  })
  shop.serveRaw(wire.calendarFile, async ({ params, now }, _request, reply) => {
    const file = await calendarOf(shop.db, params.token.replace(/\.ics$/, ''), now)
    if (file === null) return refused('linkExpired')
    return reply
      .header('content-type', 'text/calendar; charset=utf-8')
      .header('content-disposition', 'inline; filename="duty.ics"')
      .header('cache-control', 'private, max-age=300')
      .send(file)
  })
}

const revoke = (tx: DbOrTx, unitId: string, now: Instant) =>
  tx
    .update(calendarLinks)
    .set({ revokedAt: now })
    .where(and(eq(calendarLinks.unitId, unitId), isNull(calendarLinks.revokedAt)))

/** RD10: the shifts as they stand when the file is asked for; nothing in it but when and where. Null = the link has ended. */
async function calendarOf(db: DbOrTx, token: string, now: Instant): Promise<string | null> {
  const [link] = await db
    .select()
    .from(calendarLinks)
    .where(and(eq(calendarLinks.tokenHash, hashOf(token)), isNull(calendarLinks.revokedAt)))
  if (!link) return null
  const shifts = await db
    .select()
    .from(dutyShifts)
    .where(
      and(
        eq(dutyShifts.unitId, link.unitId),
        inArray(dutyShifts.status, [...HELD]),
        gt(dutyShifts.endsAt, now - DAYS_BACK * DAY_MS),
      ),
    )
    .orderBy(asc(dutyShifts.startsAt))
  const kinds = new Map((await kindsOf(db, link.tenant)).map(({ id, name }) => [id, name]))
  const clusters = new Map((await clustersOf(db, link.tenant)).map(({ id, name }) => [id, name]))
  const file = ical({ name: '红管值班', prodId: '//hongguan//duty//ZH', method: ICalCalendarMethod.PUBLISH })
  for (const { id, kind, clusterId, startsAt, endsAt, updatedAt } of shifts)
    file.createEvent({
      id,
      start: new Date(startsAt),
      end: new Date(endsAt),
      stamp: new Date(updatedAt),
      summary: kinds.get(kind) ?? kind,
      location: clusters.get(clusterId) ?? '',
    })
  return file.toString()
}
