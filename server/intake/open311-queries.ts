import { and, desc, eq, gte, inArray, lte, notInArray } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { communities } from '#db/schema/places.ts'
import { tickets } from '#db/schema/tickets.ts'
import type { Instant } from '#domain/instant.ts'
import type { Category } from '#domain/ticket.ts'
import { ENDED } from '#domain/ticket-states.ts'
import { PRIVATE_CATEGORIES, type Public } from './open311-face.ts'

export interface Wanted {
  ids?: string[] | undefined
  categories?: Category[] | undefined
  from: Instant
  to: Instant
  status: 'open' | 'closed' | 'both'
  page: number
  pageSize: number
}

const ofCommunity = and(eq(communities.tenant, tickets.tenant), eq(communities.id, tickets.communityId))
const columns = { ticket: tickets, communityName: communities.name, communitySlug: communities.slug }

/** Only what was reported through Open311: others were promised a link of their own, not a public list. */
const isPublic = (tenant: string) => and(eq(tickets.tenant, tenant), eq(tickets.channel, 'open311'))

export function publicRequests(db: DbOrTx, tenant: string, wanted: Wanted): Promise<Public[]> {
  const { ids, categories, from, to, status, page, pageSize } = wanted
  const ended = inArray(tickets.status, [...ENDED])
  return db
    .select(columns)
    .from(tickets)
    .leftJoin(communities, ofCommunity)
    .where(
      and(
        isPublic(tenant),
        notInArray(tickets.category, [...PRIVATE_CATEGORIES]),
        ids && inArray(tickets.id, ids),
        categories && inArray(tickets.category, categories),
        gte(tickets.reportedAt, from),
        lte(tickets.reportedAt, to),
        status === 'closed' ? ended : undefined,
        status === 'open' ? notInArray(tickets.status, [...ENDED]) : undefined,
      ),
    )
    .orderBy(desc(tickets.reportedAt), desc(tickets.number))
    .limit(pageSize)
    .offset((page - 1) * pageSize)
}

/** By its id, which nobody can guess: whoever holds it is told how a report of any category stands. */
export async function publicRequest(db: DbOrTx, tenant: string, id: string): Promise<Public | null> {
  const [row] = await db
    .select(columns)
    .from(tickets)
    .leftJoin(communities, ofCommunity)
    .where(and(isPublic(tenant), eq(tickets.id, id)))
  return row ?? null
}

/** The community of exactly this name, when there is only one in the city. */
export async function onlyCommunityNamed(db: DbOrTx, tenant: string, name: string): Promise<string | null> {
  const rows = await db
    .select({ id: communities.id })
    .from(communities)
    .where(and(eq(communities.tenant, tenant), eq(communities.name, name)))
    .limit(2)
  return rows.length === 1 ? (rows[0]?.id ?? null) : null
}
