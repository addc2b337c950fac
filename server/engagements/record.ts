import { randomUUID } from 'node:crypto'
import { and, desc, eq, inArray, isNull } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { user } from '#db/schema/accounts.ts'
import { emergencyLog } from '#db/schema/engagements.ts'
import { alarms } from '#db/schema/feed.ts'
import type { Alarm, EngagementAlarm } from '#domain/alarm.ts'
import type { EmergencyLogEntry, EmergencySubject } from '#domain/emergency-log.ts'
import type { FeedAudience } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import type { Actor } from '#domain/ticket.ts'
import { appendEvents, type NewEvent } from '#server/feed/append.ts'
import { type Change, recordAll } from '#server/tickets/record.ts'

/** Who does it, when. */
export interface Act {
  tenant: string
  actor: Actor
  now: Instant
}

/**
 * What a transaction has still to tell. From its first event on it holds the head of the feed and must wait for nobody, so
 * verbs hand their events back and whoever began the transaction tells them all at its end.
 */
export interface Pending {
  events: NewEvent[]
  tickets: Change[]
}

export const pending = (...parts: readonly Partial<Pending>[]): Pending => ({
  events: parts.flatMap(({ events = [] }) => events),
  tickets: parts.flatMap(({ tickets = [] }) => tickets),
})

/** The last statement of a transaction of this module. */
export async function announce(tx: Tx, { events, tickets }: Pending): Promise<void> {
  await recordAll(tx, tickets)
  await appendEvents(tx, events)
}

export interface Logged {
  subject: EmergencySubject
  subjectId: string
  kind: string
  reason?: string | null
  detail?: Record<string, unknown> | null
}

/** EM1: every decision is kept with who made it, when and why. Whoever writes holds the subject's row. */
export async function appendLog(
  tx: Tx,
  { subject, subjectId, kind, reason = null, detail = null }: Logged,
  { tenant, actor, now }: Act,
): Promise<EmergencyLogEntry> {
  const [last] = await tx
    .select({ n: emergencyLog.n })
    .from(emergencyLog)
    .where(and(eq(emergencyLog.subject, subject), eq(emergencyLog.subjectId, subjectId)))
    .orderBy(desc(emergencyLog.n))
    .limit(1)
  const entry = { subject, subjectId, n: (last?.n ?? 0) + 1, tenant, kind, at: now, actor, reason, detail }
  await tx.insert(emergencyLog).values(entry)
  return entry
}

/** Oldest first. */
export const logOf = (db: DbOrTx, subject: EmergencySubject, subjectId: string): Promise<EmergencyLogEntry[]> =>
  db
    .select()
    .from(emergencyLog)
    .where(and(eq(emergencyLog.subject, subject), eq(emergencyLog.subjectId, subjectId)))
    .orderBy(emergencyLog.n)

/** Who the accounts in a log are, as they are called aloud: a role and a number. */
export async function namesIn(db: DbOrTx, actors: readonly (Actor | null)[]): Promise<Record<string, string>> {
  const ids = new Set(
    actors.flatMap((actor) => (actor && actor.id !== null && actor.kind !== 'unit' ? [actor.id] : [])),
  )
  if (ids.size === 0) return {}
  const rows = await db
    .select({ id: user.id, name: user.name })
    .from(user)
    .where(inArray(user.id, [...ids]))
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]))
}

/** Where a community lies. */
export interface Place {
  communityId: string
  districtCode: string
  subdistrictCode: string
  neighbourhoodCode: string
}

export const audienceAt = (place: Omit<Place, 'communityId'>, ...firmIds: (string | null)[]): FeedAudience => ({
  districtCode: place.districtCode,
  subdistrictCode: place.subdistrictCode,
  neighbourhoodCode: place.neighbourhoodCode,
  firmIds: [...new Set(firmIds.filter((id) => id !== null))],
  unitIds: [],
})

/** EM2: alarms about a community ring for the officers of its place, and for no firm. */
export async function raiseAlarms(
  tx: Tx,
  kinds: readonly EngagementAlarm[],
  place: Place,
  { tenant, actor, now }: Act,
  late = false,
): Promise<NewEvent[]> {
  if (kinds.length === 0) return []
  const { communityId } = place
  const raised: Alarm[] = kinds.map((kind) => ({
    id: randomUUID(),
    tenant,
    kind,
    ticketId: null,
    unitId: null,
    communityId,
    raisedAt: now,
    late,
    acknowledgedAt: null,
    acknowledgedBy: null,
  }))
  await tx.insert(alarms).values(raised)
  return [{ tenant, kind: 'alarm:raised', at: now, actor, audience: audienceAt(place), state: { alarms: raised } }]
}

/** Alarms about a community that have become pointless fall silent by themselves. */
export async function settleAlarms(
  tx: Tx,
  isSettled: (kind: EngagementAlarm) => boolean,
  place: Place,
  { tenant, actor, now }: Act,
): Promise<NewEvent[]> {
  const open = await tx
    .select()
    .from(alarms)
    .where(and(eq(alarms.communityId, place.communityId), isNull(alarms.acknowledgedAt)))
    .for('update')
  const over = open.filter(({ kind }) => isSettled(kind as EngagementAlarm))
  if (over.length === 0) return []
  const settled = await tx
    .update(alarms)
    .set({ acknowledgedAt: now, acknowledgedBy: actor.id ?? actor.kind })
    .where(
      inArray(
        alarms.id,
        over.map(({ id }) => id),
      ),
    )
    .returning()
  const audience = audienceAt(place)
  return [{ tenant, kind: 'alarm:acknowledged', at: now, actor, audience, state: { alarms: settled } }]
}
