import { and, asc, eq, gt, inArray, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { DbOrTx } from '#db/connect.ts'
import { events, feedHeads } from '#db/schema/feed.ts'
import { units } from '#db/schema/fleet.ts'
import { tenants } from '#db/schema/places.ts'
import { areas, ticketAreas } from '#db/schema/response.ts'
import { ticketLog, tickets } from '#db/schema/tickets.ts'
import type { Area } from '#domain/response.ts'
import type { TimedEntry, TimedTicket } from '#domain/response-facts.ts'

/** Epoch milliseconds straight from the database: a tenth of the work of reading its text as a date. */
const ms = (column: PgColumn): SQL => sql`(extract(epoch from ${column}) * 1000)::float8`

const TIMED: Readonly<Record<keyof TimedTicket, PgColumn | SQL>> = {
  id: tickets.id,
  number: tickets.number,
  status: tickets.status,
  round: tickets.round,
  reportedAt: ms(tickets.reportedAt),
  triagedAt: ms(tickets.triagedAt),
  acceptedAt: ms(tickets.acceptedAt),
  enRouteAt: ms(tickets.enRouteAt),
  onSiteAt: ms(tickets.onSiteAt),
  planSubmittedAt: ms(tickets.planSubmittedAt),
  resolvedAt: ms(tickets.resolvedAt),
  ratedAt: ms(tickets.ratedAt),
  visitedAt: ms(tickets.visitedAt),
  rating: tickets.rating,
  arrivalGrade: tickets.arrivalGrade,
  mergedInto: tickets.mergedInto,
  lng: tickets.lng,
  lat: tickets.lat,
  address: tickets.address,
  districtCode: tickets.districtCode,
  subdistrictCode: tickets.subdistrictCode,
  neighbourhoodCode: tickets.neighbourhoodCode,
  communityId: tickets.communityId,
  category: tickets.category,
  class: tickets.class,
  priority: tickets.priority,
  origin: tickets.origin,
  channel: tickets.channel,
  imported: tickets.imported,
  policyVersion: tickets.policyVersion,
  firmId: tickets.firmId,
  unitId: tickets.unitId,
  arriveBreached: tickets.arriveBreached,
  areaCode: ticketAreas.areaCode,
}
const LIST = sql.join(
  Object.entries(TIMED).map(([key, value]) => sql`${value} as ${sql.identifier(key)}`),
  sql`, `,
)

/** Read raw, as the driver hands rows over: a whole history goes through here. */
const timed = async (db: DbOrTx, tenant: string, which: SQL): Promise<TimedTicket[]> => {
  const rows = await db.execute(sql`
    select ${LIST} from ${tickets} left join ${ticketAreas} on ${ticketAreas.ticketId} = ${tickets.id}
    where ${tickets.tenant} = ${tenant} and ${which}`)
  return [...rows] as unknown as TimedTicket[]
}

/** The tickets after a number, in order: how a copy is built without holding anybody up. */
export const timedTicketsAfter = (db: DbOrTx, tenant: string, number: number, limit: number): Promise<TimedTicket[]> =>
  timed(db, tenant, sql`${tickets.number} > ${number} order by ${tickets.number} limit ${limit}`)

export const timedTicketsOf = (
  db: DbOrTx,
  tenant: string,
  { ids, numbers }: { ids: readonly string[]; numbers: readonly number[] },
): Promise<TimedTicket[]> =>
  timed(db, tenant, sql`(${inArray(tickets.id, [...ids])} or ${inArray(tickets.number, [...numbers])})`)

export async function timedLogs(db: DbOrTx, ticketIds: readonly string[]): Promise<Map<string, TimedEntry[]>> {
  if (ticketIds.length === 0) return new Map()
  const { ticketId, kind, at, class: known, policyVersion, grade, detail } = ticketLog
  const rows = await db
    .select({ ticketId, kind, at, class: known, policyVersion, grade, detail })
    .from(ticketLog)
    .where(inArray(ticketId, [...ticketIds]))
    .orderBy(asc(ticketId), asc(ticketLog.n))
  return Map.groupBy(rows, (row) => row.ticketId)
}

export async function firmsOfUnits(db: DbOrTx, tenant: string): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: units.id, firmId: units.firmId })
    .from(units)
    .where(and(eq(units.tenant, tenant), isNotNull(units.firmId)))
  return new Map(rows.map(({ id, firmId }) => [id, firmId as string]))
}

export interface Touched {
  ids: string[]
  numbers: number[]
}

/** Tickets that the events of a span of the feed tell of. */
export async function ticketsTouched(db: DbOrTx, tenant: string, after: number, to: number): Promise<Touched> {
  const [row] = await db
    .select({
      ids: sql<string[] | null>`jsonb_agg(distinct ticket.value ->> 'id') filter (where ticket.value is not null)`,
      numbers: sql<number[] | null>`jsonb_agg(distinct history.value) filter (where history.value is not null)`,
    })
    .from(events)
    .leftJoin(sql`lateral jsonb_array_elements(${events.state} -> 'tickets') as ticket(value)`, sql`true`)
    .leftJoin(sql`lateral jsonb_array_elements(${events.state} -> 'history') as history(value)`, sql`true`)
    .where(and(eq(events.tenant, tenant), gt(events.seq, after), lte(events.seq, to)))
  return { ids: row?.ids ?? [], numbers: row?.numbers ?? [] }
}

export const ownAreas = (db: DbOrTx, tenant: string): Promise<Area[]> =>
  db.select({ code: areas.code, name: areas.name }).from(areas).where(eq(areas.tenant, tenant)).orderBy(asc(areas.code))

/** Where a tenant's feed stands, and by which clock its hours are counted. */
export interface ZonedHead {
  epoch: string
  seq: number
  oldest: number
  timeZone: string
}

export async function zonedHead(db: DbOrTx, tenant: string): Promise<ZonedHead | null> {
  const { epoch, seq, oldest } = feedHeads
  const [head] = await db
    .select({ epoch, seq, oldest, timeZone: tenants.timeZone })
    .from(feedHeads)
    .innerJoin(tenants, eq(tenants.code, feedHeads.tenant))
    .where(eq(feedHeads.tenant, tenant))
  return head ?? null
}
