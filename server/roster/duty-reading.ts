import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, or } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { calendarLinks, coverOffers, dutyNotices, dutyShifts, dutySwaps, handOvers } from '#db/schema/duties.ts'
import { units } from '#db/schema/fleet.ts'
import { calendarOf } from '#domain/calendar.ts'
import type { DutyShift } from '#domain/duty-shift.ts'
import { HOUR_MS, type Instant } from '#domain/instant.ts'
import { refused } from '#domain/refusal.ts'
import type { Reader } from '#server/serving.ts'
import type { DutyNow, MyDuty, TeamShift } from '#wire/roster-shapes.ts'
import * as wire from '#wire/routes/duties.ts'
import { clustersOf, kindsOf, leads, tenantOf } from './clusters.ts'
import { unitsOf } from './duty-routes.ts'
import { cardOf, leavesOf, peopleOf, wishesOf } from './people.ts'
import { type RosterShop, serveCommand } from './record.ts'

const AHEAD_MS = 12 * HOUR_MS
const BACK_MS = 2 * HOUR_MS
const SHOWN_DAYS_BACK = 7
const SHOWN_DAYS_AHEAD = 35
const MOST_NOTICES = 50

export function dutyReading(shop: RosterShop): void {
  const { db, serve } = shop
  serve(wire.dutyNow, ({ tenant, reader, query, now }) =>
    dutyNowFor(db, { tenant, reader, now, clusterId: query.clusterId }),
  )
  serve(wire.myDuty, async ({ tenant, reader, query, now }) => {
    const [unitId] = unitsOf(reader, tenant)
    return unitId === undefined ? refused('unknown') : myDutyOf(db, { tenant, unitId, now, ...query })
  })
  serveCommand(shop, wire.readNotices, async (tx, { tenant, reader, body, now }) => {
    const mine = unitsOf(reader, tenant)
    if (mine.length === 0) return refused('unknown')
    await tx
      .update(dutyNotices)
      .set({ readAt: now })
      .where(and(inArray(dutyNotices.unitId, mine), isNull(dutyNotices.readAt), lte(dutyNotices.at, body.upTo)))
    return { answer: { ok: true as const } }
  })
}

interface Asked {
  tenant: string
  reader: Reader
  now: Instant
  clusterId: string | undefined
}

/** RD8: who is on duty, who should be and what is being done about it, in the clusters the reader may see. */
async function dutyNowFor(db: DbOrTx, { tenant, reader, now, clusterId }: Asked): Promise<DutyNow> {
  const clusters = (await clustersOf(db, tenant)).filter(
    (cluster) => leads(reader, 'roster.read', cluster) && (clusterId === undefined || cluster.id === clusterId),
  )
  const ids = ['', ...clusters.map(({ id }) => id)]
  const shifts = await db
    .select()
    .from(dutyShifts)
    .where(
      and(
        eq(dutyShifts.tenant, tenant),
        inArray(dutyShifts.clusterId, ids),
        // A gap is shown however far ahead it lies.
        or(lt(dutyShifts.startsAt, now + AHEAD_MS), eq(dutyShifts.status, 'open')),
        // Who is still on duty long after the end is shown until they have ended.
        or(gt(dutyShifts.endsAt, now - BACK_MS), eq(dutyShifts.status, 'started')),
      ),
    )
    .orderBy(asc(dutyShifts.startsAt), asc(dutyShifts.id))
  const shown = shifts.filter(({ status }) => status !== 'released')
  const gaps = ['', ...shown.map(({ id }) => id)]
  const covers = await db
    .select()
    .from(coverOffers)
    .where(inArray(coverOffers.shiftId, gaps))
    .orderBy(asc(coverOffers.rank))
  const swaps = await db
    .select()
    .from(dutySwaps)
    .where(and(inArray(dutySwaps.clusterId, ids), inArray(dutySwaps.status, ['proposed', 'agreed'])))
  const left = await db
    .select()
    .from(handOvers)
    .where(and(inArray(handOvers.clusterId, ids), or(isNull(handOvers.takenAt), gt(handOvers.takenAt, now - AHEAD_MS))))
    .orderBy(desc(handOvers.dueAt))
  const named = [...shown, ...covers, ...swaps, ...left].map(({ unitId }) => unitId)
  const others = swaps.map(({ otherUnitId }) => otherUnitId)
  const callsigns = await callsignsOf(db, [...named, ...others])
  return { now, clusters, kinds: await kindsOf(db, tenant), shifts: shown, covers, swaps, handOvers: left, callsigns }
}

export async function callsignsOf(db: DbOrTx, ids: readonly (string | null)[]): Promise<Record<string, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return {}
  const rows = await db.select({ id: units.id, callsign: units.callsign }).from(units).where(inArray(units.id, wanted))
  return Object.fromEntries(rows.map(({ id, callsign }) => [id, callsign]))
}

interface MyAsked {
  tenant: string
  unitId: string
  now: Instant
  from?: string | undefined
  to?: string | undefined
  team?: boolean | undefined
}

/** RD9: a person sees the own roster; the team's shifts when asked for, and nothing private of anybody. */
async function myDutyOf(db: DbOrTx, { tenant, unitId, now, from, to, team }: MyAsked): Promise<MyDuty> {
  const calendar = calendarOf((await tenantOf(db, tenant)).timeZone)
  const first = from ?? calendar.dayOf(calendar.plusDays(now, -SHOWN_DAYS_BACK))
  const last = to ?? calendar.dayOf(calendar.plusDays(now, SHOWN_DAYS_AHEAD))
  const [row] = await peopleOf(db, tenant, [unitId])
  const cluster = (await clustersOf(db, tenant)).find(({ id }) => id === row?.person.clusterIds[0]) ?? null
  const inDays = and(eq(dutyShifts.tenant, tenant), gte(dutyShifts.day, first), lte(dutyShifts.day, last))
  const shifts = await db
    .select()
    .from(dutyShifts)
    .where(and(inDays, eq(dutyShifts.unitId, unitId)))
    .orderBy(asc(dutyShifts.startsAt))
  const covers = await db
    .select({ offer: coverOffers, shift: dutyShifts })
    .from(coverOffers)
    .innerJoin(dutyShifts, eq(dutyShifts.id, coverOffers.shiftId))
    .where(and(eq(coverOffers.unitId, unitId), eq(coverOffers.status, 'offered')))
  return {
    unitId,
    person: row ? cardOf(row, true) : null,
    kinds: await kindsOf(db, tenant),
    cluster,
    shifts: shifts.filter(({ status }) => status !== 'released'),
    team: team && cluster ? await teamShifts(db, cluster.id, { first, last }) : null,
    covers,
    ...(await exchangesOf(db, unitId, cluster?.id ?? '', now)),
    leaves: await leavesOf(db, [unitId], first, '9999-99-99'),
    wishes: await wishesOf(db, [unitId], first, '9999-99-99'),
  }
}

async function exchangesOf(db: DbOrTx, unitId: string, clusterId: string, now: Instant) {
  const open = inArray(dutySwaps.status, ['proposed', 'agreed'])
  const mine = or(eq(dutySwaps.unitId, unitId), eq(dutySwaps.otherUnitId, unitId))
  const forAll = and(isNull(dutySwaps.otherUnitId), eq(dutySwaps.clusterId, clusterId))
  const swaps = await db
    .select()
    .from(dutySwaps)
    .where(and(open, or(mine, forAll), gt(dutySwaps.expiresAt, now)))
  const waiting = and(
    eq(handOvers.clusterId, clusterId),
    isNull(handOvers.takenAt),
    gt(handOvers.dueAt, now - AHEAD_MS),
  )
  const left = await db.select().from(handOvers).where(waiting).orderBy(desc(handOvers.dueAt))
  const notices = await db
    .select()
    .from(dutyNotices)
    .where(eq(dutyNotices.unitId, unitId))
    .orderBy(desc(dutyNotices.at))
    .limit(MOST_NOTICES)
  const [link] = await db
    .select({ since: calendarLinks.createdAt })
    .from(calendarLinks)
    .where(and(eq(calendarLinks.unitId, unitId), isNull(calendarLinks.revokedAt)))
  return { swaps, handOvers: left, notices, calendarSince: link?.since ?? null }
}

async function teamShifts(
  db: DbOrTx,
  clusterId: string,
  { first, last }: { first: string; last: string },
): Promise<TeamShift[]> {
  const rows: DutyShift[] = await db
    .select()
    .from(dutyShifts)
    .where(
      and(
        eq(dutyShifts.clusterId, clusterId),
        gte(dutyShifts.day, first),
        lte(dutyShifts.day, last),
        inArray(dutyShifts.status, ['confirmed', 'started', 'ended']),
      ),
    )
    .orderBy(asc(dutyShifts.startsAt))
  const callsigns = await callsignsOf(
    db,
    rows.map(({ unitId }) => unitId),
  )
  return rows.flatMap(({ id, unitId, day, kind, startsAt, endsAt }) =>
    unitId === null ? [] : [{ shiftId: id, unitId, callsign: callsigns[unitId] ?? '', day, kind, startsAt, endsAt }],
  )
}
