import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { communities, tenants } from '#db/schema/places.ts'
import type { TicketAlarm } from '#domain/alarm.ts'
import { isEmergency } from '#domain/categories.ts'
import { bboxContains } from '#domain/geo.ts'
import type { Instant } from '#domain/instant.ts'
import type { Bbox, Community } from '#domain/places.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import type { Actor, Category, Channel, Origin, Priority, Ticket, TicketClass, WorkField } from '#domain/ticket.ts'
import { type Stages, withHistory } from '#domain/ticket-history.ts'
import { report } from '#domain/ticket-report.ts'
import type { NewLogEntry } from '#domain/ticket-step.ts'
import { handOff } from '#domain/ticket-verbs.ts'
import { nextTicketNumber } from '#server/feed/append.ts'
import { keepRequester } from './queries.ts'
import { record } from './record.ts'

/** A report from any channel, parsed. It needs a community or a point; jurisdiction comes from the community alone (TK8). */
export interface ReportInput {
  tenant: string
  channel: Channel
  category: Category
  description: string
  address?: string | undefined
  communityId?: string | undefined
  lng?: number | undefined
  lat?: number | undefined
  class?: TicketClass | undefined
  priority?: Priority | undefined
  workField?: WorkField | undefined
  origin?: Origin | undefined
  requesterName?: string | undefined
  requesterPhone?: string | undefined
  /** SHA-256 of the resident's single-ticket token. */
  tokenHash?: string | undefined
  handedOffTo?: string | undefined
  /** When the resident spoke; the moment of entry when left out. */
  reportedAt?: Instant | undefined
  /** History: no clock, no alarm; the stages its source names are logged at their own moments. */
  imported?: { stages: Stages } | undefined
}

export type ReportRefusal = 'unknown' | 'badRequest' | 'outsideTenant'

/** Gathers the place, numbers the ticket and keeps it with its log, its requester, its alarms and its event. */
export async function reportTicket(
  tx: Tx,
  input: ReportInput,
  actor: Actor,
  now: Instant,
): Promise<{ ok: true; ticket: Ticket } | Refused<ReportRefusal>> {
  const place = await placeOf(tx, input)
  if (!place.ok) return place
  const { tenant, channel, category, description, reportedAt } = input
  const { class: known, priority, workField, origin } = input
  const number = await nextTicketNumber(tx, tenant)
  const { lng, lat, address, site } = place
  const made = report(
    {
      id: randomUUID(),
      tenant,
      number,
      channel,
      category,
      description,
      address,
      lng,
      lat,
      site,
      class: known,
      priority,
      workField,
      origin,
      reportedAt,
      imported: input.imported !== undefined,
    },
    actor,
    now,
  )
  const { ticket, entries } = furtherOf(made.ticket, input, actor, now)
  const alarms = alarmsOf(ticket)
  const kept = await record(tx, { before: null, ticket, entries: [made.entry, ...entries], actor, now, alarms })
  const { requesterName: name = null, requesterPhone: phone = null, tokenHash = null } = input
  await keepRequester(tx, ticket.id, { name: name || null, phone: phone || null, tokenHash })
  return { ok: true, ticket: kept }
}

/** What the same call tells beyond the report itself: the hand-off to an emergency number, or a past. */
function furtherOf(
  ticket: Ticket,
  input: ReportInput,
  actor: Actor,
  now: Instant,
): { ticket: Ticket; entries: NewLogEntry[] } {
  if (input.imported) return withHistory(ticket, input.imported.stages, actor)
  if (!input.handedOffTo) return { ticket, entries: [] }
  const handed = handOff(ticket, { to: input.handedOffTo }, actor, now)
  return handed.ok ? { ticket: handed.ticket, entries: [handed.entry] } : { ticket, entries: [] }
}

/** Whoever types the report in the control room need not be rung for it; fire, gas, crime and medical cases always ring. */
function alarmsOf(ticket: Ticket): TicketAlarm[] {
  if (isEmergency(ticket)) return ['emergencyReport']
  return ticket.channel === 'console' ? [] : ['newTicket']
}

type Place =
  | { ok: true; lng: number; lat: number; address: string; site: Parameters<typeof report>[0]['site'] }
  | Refused<ReportRefusal>

async function placeOf(tx: Tx, input: ReportInput): Promise<Place> {
  const community = input.communityId ? await communityOf(tx, input.tenant, input.communityId) : null
  if (input.communityId && !community) return refused('unknown')
  const lng = input.lng ?? community?.lng
  const lat = input.lat ?? community?.lat
  if (lng === undefined || lat === undefined) return refused('badRequest')
  const bbox = await bboxOf(tx, input.tenant)
  if (!bbox) return refused('unknown')
  if (!bboxContains(bbox, [lng, lat])) return refused('outsideTenant')
  return { ok: true, lng, lat, address: input.address ?? community?.name ?? '', site: community && siteOf(community) }
}

const siteOf = ({ id, districtCode, subdistrictCode, neighbourhoodCode, firmId }: Community) => ({
  communityId: id,
  districtCode,
  subdistrictCode,
  neighbourhoodCode,
  firmId,
})

async function communityOf(tx: Tx, tenant: string, id: string): Promise<Community | null> {
  const [community] = await tx
    .select()
    .from(communities)
    .where(and(eq(communities.tenant, tenant), eq(communities.id, id)))
  return community ?? null
}

async function bboxOf(tx: Tx, code: string): Promise<Bbox | null> {
  const [tenant] = await tx.select({ bbox: tenants.bbox }).from(tenants).where(eq(tenants.code, code))
  return tenant?.bbox ?? null
}
