import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { communities } from '#db/schema/places.ts'
import { dispatches, tickets } from '#db/schema/tickets.ts'
import { type Grant, type Scope, type Subject, scopeOf } from '#domain/access.ts'
import type { FeedAudience } from '#domain/feed.ts'
import type { Ticket } from '#domain/ticket.ts'

/** Dispatches through which a unit may see a ticket: an offer that stands, a task it has. */
const CONCERNS = ['offered', 'accepted', 'en_route', 'on_site'] as const

const concerned = inArray(dispatches.status, [...CONCERNS])

/**
 * Whom a ticket concerns: its jurisdiction; the units it is offered to or done by, and their firms; the firm that looks after
 * the community. `also` names units and firms that did until now and must be told that they no longer do.
 */
export async function audienceOf(
  db: DbOrTx,
  ticket: Ticket,
  also: { unitIds?: readonly string[]; firmIds?: readonly (string | null)[] } = {},
): Promise<FeedAudience> {
  const asked = db
    .select({ unitId: dispatches.unitId })
    .from(dispatches)
    .where(and(eq(dispatches.ticketId, ticket.id), concerned))
  const named = [...(also.unitIds ?? []), ...(ticket.unitId === null ? [] : [ticket.unitId])]
  const involved = await db
    .select({ id: units.id, firmId: units.firmId })
    .from(units)
    .where(or(inArray(units.id, asked), named.length > 0 ? inArray(units.id, named) : undefined))
  const firmIds = [
    ticket.firmId,
    await keeperOf(db, ticket),
    ...involved.map((unit) => unit.firmId),
    ...(also.firmIds ?? []),
  ]
  return {
    districtCode: ticket.districtCode,
    subdistrictCode: ticket.subdistrictCode,
    neighbourhoodCode: ticket.neighbourhoodCode,
    firmIds: [...new Set(firmIds.filter((id) => id !== null))],
    unitIds: involved.map((unit) => unit.id),
  }
}

async function keeperOf(db: DbOrTx, ticket: Ticket): Promise<string | null> {
  if (ticket.communityId === null) return null
  const [community] = await db
    .select({ firmId: communities.firmId })
    .from(communities)
    .where(eq(communities.id, ticket.communityId))
  return community?.firmId ?? null
}

/** What `may` compares a reader's grants with. */
export const subjectOf = async (db: DbOrTx, ticket: Ticket): Promise<Subject> => ({
  ...(await audienceOf(db, ticket)),
  tenant: ticket.tenant,
  ticketId: ticket.id,
})

/** The same entitlement as a condition on rows: tickets that `grants` may read. */
export function visibleTickets(grants: readonly Grant[]): SQL {
  const ways = grants.map((grant) => {
    const scope = scopeOf(grant.role, 'ticket.read')
    return scope && WITHIN[scope](grant)
  })
  return or(...ways.filter((way) => way !== undefined)) ?? sql`false`
}

const WITHIN: Record<Scope, (grant: Grant) => SQL | undefined> = {
  tenant: () => sql`true`,
  self: () => undefined,
  district: ({ districtCode: code }) => (code === null ? undefined : eq(tickets.districtCode, code)),
  subdistrict: ({ subdistrictCode: code }) => (code === null ? undefined : eq(tickets.subdistrictCode, code)),
  neighbourhood: ({ neighbourhoodCode: code }) => (code === null ? undefined : eq(tickets.neighbourhoodCode, code)),
  cluster: () => undefined,
  ticket: ({ ticketId }) => (ticketId === null ? undefined : eq(tickets.id, ticketId)),
  unit: ({ unitId }) =>
    unitId === null ? undefined : or(eq(tickets.unitId, unitId), offeredTo(sql`${dispatches.unitId} = ${unitId}`)),
  firm: ({ firmId }) => (firmId === null ? undefined : ofFirm(firmId)),
}

const offeredTo = (whom: SQL) =>
  sql`exists (select 1 from ${dispatches} where ${dispatches.ticketId} = ${tickets.id} and ${whom} and ${concerned})`

function ofFirm(firmId: string): SQL | undefined {
  const crew = sql`(select ${units.id} from ${units} where ${units.firmId} = ${firmId})`
  const kept = sql`(select ${communities.id} from ${communities} where ${communities.firmId} = ${firmId})`
  return or(
    eq(tickets.firmId, firmId),
    sql`${tickets.unitId} in ${crew}`,
    sql`${tickets.communityId} in ${kept}`,
    offeredTo(sql`${dispatches.unitId} in ${crew}`),
  )
}
