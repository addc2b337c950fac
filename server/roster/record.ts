import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import { dutyNotices } from '#db/schema/duties.ts'
import { alarms } from '#db/schema/feed.ts'
import { rosterLog } from '#db/schema/rosters.ts'
import type { Alarm, DutyAlarm } from '#domain/alarm.ts'
import type { DutyNotice, DutyNoticeKind, DutyShift } from '#domain/duty-shift.ts'
import type { FeedAudience, FeedKind, FeedState } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import { isRefused, type Refused } from '#domain/refusal.ts'
import type { Actor } from '#domain/ticket.ts'
import { carryOut } from '#server/commands.ts'
import { appendEvent, type NewEvent } from '#server/feed/append.ts'
import type { FleetView } from '#server/fleet/view.ts'
import type { Ask, Reader, Shop } from '#server/serving.ts'
import type { ErrorCode } from '#wire/codes.ts'
import type { AnswerOf, Route } from '#wire/route.ts'

/** What rosters and duty are given: the live fleet must hear of changed duty. */
export interface RosterShop extends Shop {
  fleet: FleetView
}

/** Who does it, when. */
export interface Act {
  tenant: string
  actor: Actor
  now: Instant
}

export interface InCluster {
  tenant: string
  clusterId: string
  subdistrictCodes: string[]
}

/** What a verb leaves behind: its answer, what is to be told at the end of the transaction, and what follows the commit. */
export interface Told<A> {
  answer: A
  events?: NewEvent[]
  /** Units the live fleet must read again. */
  reload?: string[]
  after?: () => void
}

/** Events are written last: from the first on, the transaction holds the head of the feed. */
export async function tellAll(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  for (const event of events) await appendEvent(tx, event)
}

/** One command: carried out once, told, and followed up after the commit. */
export function serveCommand<R extends Route>(
  shop: Shop & Partial<Pick<RosterShop, 'fleet'>>,
  route: R,
  decide: (tx: Tx, ask: Ask<R> & { reader: Reader }, act: Act) => Promise<Told<AnswerOf<R>> | Refused<ErrorCode>>,
): void {
  shop.serve(route, async (asked) => {
    const ask = asked as Ask<R> & { reader: Reader }
    const { tenant, actor, now } = ask
    let told: Told<AnswerOf<R>> | null = null
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      const done = await decide(tx, ask, { tenant, actor, now })
      if (isRefused(done)) return done
      told = done as Told<AnswerOf<R>>
      await tellAll(tx, told.events ?? [])
      return told.answer
    })
    if (isRefused(answer)) return answer as Refused<ErrorCode>
    const { reload = [], after } = (told ?? {}) as Partial<Told<AnswerOf<R>>>
    if (reload.length > 0) await shop.fleet?.reload(reload)
    shop.wake(tenant)
    after?.()
    return answer as AnswerOf<R>
  })
}

export const audienceOf = (subdistrictCodes: string[], unitIds: (string | null)[] = []): FeedAudience => ({
  districtCode: null,
  subdistrictCode: subdistrictCodes.length === 1 ? (subdistrictCodes[0] ?? null) : null,
  subdistrictCodes,
  neighbourhoodCode: null,
  firmIds: [],
  unitIds: [...new Set(unitIds.filter((id) => id !== null))],
})

export const eventOf = (
  kind: FeedKind,
  { tenant, actor, now }: Act,
  audience: FeedAudience,
  state: FeedState,
): NewEvent => ({ tenant, kind, at: now, actor, audience, state })

interface Logged {
  subject: (typeof rosterLog.$inferInsert)['subject']
  subjectId: string
  kind: string
  reason?: string | null
  detail?: Record<string, unknown> | null
}

/** RP1: every decision is kept with who made it, when and why. */
export async function appendRosterLog(
  tx: Tx,
  { subject, subjectId, kind, reason = null, detail = null }: Logged,
  { tenant, actor, now }: Act,
): Promise<void> {
  await tx
    .insert(rosterLog)
    .values({ id: randomUUID(), tenant, subject, subjectId, kind, at: now, actor, reason, detail })
}

/** What is told to one person on their own page. */
export async function notice(
  tx: Tx,
  kind: DutyNoticeKind,
  people: readonly { unitId: string; shift: Pick<DutyShift, 'id' | 'day' | 'kind'> | null }[],
  act: Act,
): Promise<NewEvent[]> {
  if (people.length === 0) return []
  const rows: DutyNotice[] = people.map(({ unitId, shift }) => ({
    id: randomUUID(),
    tenant: act.tenant,
    unitId,
    kind,
    at: act.now,
    shiftId: shift?.id ?? null,
    day: shift?.day ?? null,
    shiftKind: shift?.kind ?? null,
    readAt: null,
  }))
  await tx.insert(dutyNotices).values(rows)
  const units = rows.map(({ unitId }) => unitId)
  return [eventOf('duty:noticed', act, audienceOf([], units), { notices: rows })]
}

/** RD5: alarms of duty ring for the supervisors of the cluster and for the dispatch room. */
export async function raiseDutyAlarm(
  tx: Tx,
  kind: DutyAlarm,
  shift: Pick<DutyShift, 'id' | 'unitId' | 'subdistrictCodes'>,
  act: Act,
  late = false,
): Promise<NewEvent> {
  const alarm: Alarm = {
    id: randomUUID(),
    tenant: act.tenant,
    kind,
    ticketId: null,
    unitId: shift.unitId,
    communityId: null,
    shiftId: shift.id,
    raisedAt: act.now,
    late,
    acknowledgedAt: null,
    acknowledgedBy: null,
  }
  await tx.insert(alarms).values(alarm)
  return eventOf('alarm:raised', act, audienceOf(shift.subdistrictCodes), { alarms: [alarm] })
}
