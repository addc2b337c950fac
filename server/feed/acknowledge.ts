import { and, eq } from 'drizzle-orm'
import type { Db, Tx } from '#db/connect.ts'
import { dutyShifts } from '#db/schema/duties.ts'
import { alarms } from '#db/schema/feed.ts'
import { communities } from '#db/schema/places.ts'
import { tickets } from '#db/schema/tickets.ts'
import { may } from '#domain/access.ts'
import { type Alarm, acknowledgedBy } from '#domain/alarm.ts'
import type { FeedAudience } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { Actor } from '#domain/ticket.ts'
import { carryOut } from '#server/commands.ts'
import type { Command, Reader } from '#server/serving.ts'
import { audienceOf } from '#server/tickets/audience.ts'
import { appendEvent } from './append.ts'

/** FD7: the first to acknowledge silences every console; who comes second is told so. */
export const acknowledge = (
  db: Db,
  command: Command,
  id: string,
  reader: Reader,
  actor: Actor,
  now: Instant,
): Promise<{ ok: true } | Refused<'unknown' | 'notAllowed' | 'alreadyAcknowledged' | 'keyReused'>> =>
  carryOut(db, command, now, async (tx) => {
    const alarm = await alarmForUpdate(tx, reader.tenant, id)
    if (!alarm) return refused('unknown')
    const audience = await audienceOfAlarm(tx, alarm)
    const action = acknowledgedBy(alarm.kind)
    if (!may(reader.grants, action, { tenant: alarm.tenant, ...audience })) return refused('notAllowed')
    if (alarm.acknowledgedAt !== null) return refused('alreadyAcknowledged')
    const acknowledged: Alarm = { ...alarm, acknowledgedAt: now, acknowledgedBy: reader.displayName }
    await tx.update(alarms).set(acknowledged).where(eq(alarms.id, id))
    const state = { alarms: [acknowledged] }
    await appendEvent(tx, { tenant: alarm.tenant, kind: 'alarm:acknowledged', at: now, actor, audience, state })
    return { ok: true } as const
  })

async function alarmForUpdate(tx: Tx, tenant: string, id: string): Promise<Alarm | null> {
  const [alarm] = await tx
    .select()
    .from(alarms)
    .where(and(eq(alarms.tenant, tenant), eq(alarms.id, id)))
    .for('update')
  return alarm ?? null
}

async function audienceOfAlarm(tx: Tx, alarm: Alarm): Promise<FeedAudience> {
  const nobody = { districtCode: null, subdistrictCode: null, neighbourhoodCode: null, firmIds: [], unitIds: [] }
  if (alarm.shiftId != null) return { ...nobody, ...(await placeOfShift(tx, alarm.shiftId)) }
  if (alarm.communityId !== null) return { ...nobody, ...(await placeOfCommunity(tx, alarm.communityId)) }
  if (alarm.ticketId === null) return nobody
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, alarm.ticketId))
  return ticket ? audienceOf(tx, ticket) : nobody
}

async function placeOfShift(tx: Tx, id: string): Promise<Partial<FeedAudience>> {
  const [place] = await tx
    .select({ subdistrictCodes: dutyShifts.subdistrictCodes })
    .from(dutyShifts)
    .where(eq(dutyShifts.id, id))
  return place ?? {}
}

async function placeOfCommunity(tx: Tx, id: string): Promise<Partial<FeedAudience>> {
  const { districtCode, subdistrictCode, neighbourhoodCode } = communities
  const [place] = await tx
    .select({ districtCode, subdistrictCode, neighbourhoodCode })
    .from(communities)
    .where(eq(communities.id, id))
  return place ?? {}
}
