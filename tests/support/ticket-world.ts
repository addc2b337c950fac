import { asc, eq } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { alarms, events } from '#db/schema/feed.ts'
import { communities, districts, firms, neighbourhoods, subdistricts } from '#db/schema/places.ts'
import { ticketLog, tickets } from '#db/schema/tickets.ts'
import type { Alarm } from '#domain/alarm.ts'
import type { Instant } from '#domain/instant.ts'
import { isRefused } from '#domain/refusal.ts'
import type { Actor, LogEntry, Ticket } from '#domain/ticket.ts'
import { type ReportInput, reportTicket } from '#server/tickets/report.ts'
import { SITE } from './dispatch-rows.ts'
import { CITY } from './dispatch-world.ts'

/** Two neighbourhoods in two subdistricts of one district, a community in each, each looked after by a firm of its own. */
export async function insertPlaces(db: Db, tenant = CITY): Promise<void> {
  await db.insert(districts).values({ tenant, code: 'D1', name: { zh: '一区', en: 'District 1' }, centre: SITE })
  await db
    .insert(subdistricts)
    .values(
      ['S1', 'S2'].map((code) => ({ tenant, code, districtCode: 'D1', name: code, kind: 'subdistrict' as const })),
    )
  await db.insert(neighbourhoods).values(
    ['1', '2'].map((n) => ({
      tenant,
      code: `N${n}`,
      subdistrictCode: `S${n}`,
      name: n,
      kind: 'neighbourhood' as const,
    })),
  )
  await db.insert(firms).values(['firm-1', 'firm-2'].map((id) => ({ id, tenant, name: id })))
  await db.insert(communities).values(
    [1, 2].map((n) => ({
      id: `community-${n}`,
      tenant,
      slug: `community-${n}`,
      name: `小区 ${n}`,
      districtCode: 'D1',
      subdistrictCode: `S${n}`,
      neighbourhoodCode: `N${n}`,
      lng: SITE[0] + n / 1_000,
      lat: SITE[1],
      households: 100,
      firmId: `firm-${n}`,
    })),
  )
}

export const RESIDENT: Actor = { kind: 'resident', id: null }

/** A report as the resident's page makes it, at community 1 unless told otherwise. */
export async function reportAs(
  db: Db,
  now: Instant,
  changes: Partial<ReportInput> = {},
  actor: Actor = RESIDENT,
): Promise<Ticket> {
  const input: ReportInput = {
    tenant: CITY,
    channel: 'resident',
    category: 'lighting',
    description: 'the lamp is dark',
    communityId: 'community-1',
    ...changes,
  }
  const reported = await db.transaction((tx) => reportTicket(tx, input, actor, now))
  if (isRefused(reported)) throw new Error(reported.why)
  return reported.ticket
}

export async function ticketRow(db: Db, id: string): Promise<Ticket> {
  const [ticket] = await db.select().from(tickets).where(eq(tickets.id, id))
  if (!ticket) throw new Error(`no ticket ${id}`)
  return ticket
}

export const logRows = (db: Db, ticketId: string): Promise<LogEntry[]> =>
  db.select().from(ticketLog).where(eq(ticketLog.ticketId, ticketId)).orderBy(asc(ticketLog.n))

export const alarmRows = (db: Db, ticketId: string): Promise<Alarm[]> =>
  db.select().from(alarms).where(eq(alarms.ticketId, ticketId)).orderBy(asc(alarms.raisedAt), asc(alarms.kind))

export const feedRows = (db: Db, tenant = CITY) =>
  db.select().from(events).where(eq(events.tenant, tenant)).orderBy(asc(events.seq))

export function firstOf<T>(items: readonly T[]): T {
  const [first] = items
  if (first === undefined) throw new Error('the list is empty')
  return first
}
