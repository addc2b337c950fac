import { and, asc, desc, eq, getTableColumns, gt, gte, inArray, lte, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { communityCases, communityEpisodes } from '#db/schema/communities.ts'
import { engagements } from '#db/schema/engagements.ts'
import { communities, firms, subdistricts, tenants } from '#db/schema/places.ts'
import { type Calendar, calendarOf } from '#domain/calendar.ts'
import type { CommunityCase, CommunityEpisode } from '#domain/community.ts'
import { TROUBLED } from '#domain/community-status.ts'
import { type EmergencySettings, emergencySettings } from '#domain/emergency-settings.ts'
import type { Engagement } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import type { Firm } from '#domain/units.ts'
import type { Reader } from '#server/serving.ts'
import type { QueryOf } from '#wire/route.ts'
import type { communityCases as communityCasesRoute } from '#wire/routes/communities.ts'
import { visible } from './listing.ts'

/** The city's own numbers and its calendar. */
export interface Ruling {
  settings: EmergencySettings
  calendar: Calendar
}

export async function rulingOf(db: DbOrTx, tenant: string): Promise<Ruling> {
  const { timeZone, settings } = tenants
  const [city] = await db.select({ timeZone, settings }).from(tenants).where(eq(tenants.code, tenant))
  if (!city) throw new Error(`there is no tenant ${tenant}`)
  return { settings: emergencySettings(city.settings.emergency), calendar: calendarOf(city.timeZone) }
}

export async function communityById(db: DbOrTx, tenant: string, id: string): Promise<Community | null> {
  const [community] = await db
    .select()
    .from(communities)
    .where(and(eq(communities.tenant, tenant), eq(communities.id, id)))
  return community ?? null
}

/** The community, held: everything about its status, its contract and its engagements is written under this lock. */
export async function communityForUpdate(tx: Tx, tenant: string, id: string): Promise<Community | null> {
  const [community] = await tx
    .select()
    .from(communities)
    .where(and(eq(communities.tenant, tenant), eq(communities.id, id)))
    .for('no key update')
  return community ?? null
}

export async function caseOf(db: DbOrTx, communityId: string): Promise<CommunityCase | null> {
  const [found] = await db.select().from(communityCases).where(eq(communityCases.communityId, communityId))
  return found ?? null
}

/** Row and, of an episode that has begun, its entry in the history. */
export async function saveCase(tx: Tx, row: CommunityCase): Promise<void> {
  const { communityId, ...rest } = row
  await tx.insert(communityCases).values(row).onConflictDoUpdate({ target: communityCases.communityId, set: rest })
  const { tenant, episode, unmanagedAt, firstRefuseAt, coveredAt } = row
  if (episode === 0 || unmanagedAt === null) return
  await tx
    .insert(communityEpisodes)
    .values({ communityId, episode, tenant, unmanagedAt, firstRefuseAt, coveredAt })
    .onConflictDoUpdate({
      target: [communityEpisodes.communityId, communityEpisodes.episode],
      set: { unmanagedAt, firstRefuseAt, coveredAt },
    })
}

/** Those the reader may read. */
const casesSeen = ({ tenant, grants }: Pick<Reader, 'tenant' | 'grants'>) => {
  const { districtCode, subdistrictCode, neighbourhoodCode, providerFirmId } = communityCases
  const bears = { districtCode, subdistrictCode, neighbourhoodCode, firmId: providerFirmId }
  return and(eq(communityCases.tenant, tenant), visible(grants, 'community.read', bears))
}

export const casesFor = (
  db: DbOrTx,
  reader: Pick<Reader, 'tenant' | 'grants'>,
  { status, after, limit = 1_000 }: QueryOf<typeof communityCasesRoute>,
): Promise<CommunityCase[]> =>
  db
    .select()
    .from(communityCases)
    .where(
      and(
        casesSeen(reader),
        status && eq(communityCases.status, status),
        after === undefined ? undefined : gt(communityCases.communityId, after),
      ),
    )
    .orderBy(asc(communityCases.communityId))
    .limit(limit)

/** What the programme's numbers are made of: communities in trouble, and the episodes that began since. */
export async function coverageFacts(db: DbOrTx, reader: Pick<Reader, 'tenant' | 'grants'>, since: Instant) {
  const cases = await db
    .select()
    .from(communityCases)
    .where(and(casesSeen(reader), inArray(communityCases.status, [...TROUBLED])))
  const episodes = await db
    .select(getTableColumns(communityEpisodes))
    .from(communityEpisodes)
    .innerJoin(communityCases, eq(communityCases.communityId, communityEpisodes.communityId))
    .where(and(casesSeen(reader), gte(communityEpisodes.unmanagedAt, since)))
  return { cases, episodes }
}

export const episodesOf = (db: DbOrTx, communityId: string): Promise<CommunityEpisode[]> =>
  db
    .select()
    .from(communityEpisodes)
    .where(eq(communityEpisodes.communityId, communityId))
    .orderBy(desc(communityEpisodes.episode))

export const engagementsAt = (db: DbOrTx, communityId: string): Promise<Engagement[]> =>
  db
    .select()
    .from(engagements)
    .where(eq(engagements.communityId, communityId))
    .orderBy(desc(engagements.proposedAt), asc(engagements.id))

export const firmsByIds = (db: DbOrTx, ids: readonly (string | null)[]): Promise<Firm[]> => {
  const named = [...new Set(ids.filter((id) => id !== null))]
  return named.length === 0 ? Promise.resolve([]) : db.select().from(firms).where(inArray(firms.id, named))
}

/** As it is called; its code where nobody has named it. */
export async function subdistrictName(
  db: DbOrTx,
  { tenant, subdistrictCode }: Pick<Community, 'tenant' | 'subdistrictCode'>,
): Promise<string> {
  const [found] = await db
    .select({ name: subdistricts.name })
    .from(subdistricts)
    .where(and(eq(subdistricts.tenant, tenant), eq(subdistricts.code, subdistrictCode)))
  return found?.name ?? subdistrictCode
}

export async function isFirm(db: DbOrTx, tenant: string, id: string): Promise<boolean> {
  const [firm] = await db
    .select({ id: firms.id })
    .from(firms)
    .where(and(eq(firms.tenant, tenant), eq(firms.id, id)))
  return firm !== undefined
}

export async function nextCaseDueAt(db: DbOrTx): Promise<Instant | null> {
  const [row] = await db
    .select({ at: communityCases.dueAt })
    .from(communityCases)
    .where(sql`${communityCases.dueAt} is not null`)
    .orderBy(asc(communityCases.dueAt))
    .limit(1)
  return row?.at ?? null
}

/** Communities whose dates say something new, held; those another engine holds are passed over (EN2). */
export const dueCommunities = (tx: Tx, now: Instant, most: number): Promise<{ community: Community; due: Instant }[]> =>
  tx
    .select({ community: communities, due: sql<Instant>`${communityCases.dueAt}`.mapWith(communityCases.dueAt) })
    .from(communityCases)
    .innerJoin(communities, eq(communities.id, communityCases.communityId))
    .where(lte(communityCases.dueAt, now))
    .orderBy(asc(communityCases.dueAt))
    .limit(most)
    .for('no key update', { of: communities, skipLocked: true })

/** Held at once, or not at all: somebody else has it. */
export async function isFree(tx: Tx, communityId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: communities.id })
    .from(communities)
    .where(eq(communities.id, communityId))
    .for('no key update', { skipLocked: true })
  return rows.length > 0
}

/** Who looks after it from now on. */
export const setKeeper = async (tx: Tx, communityId: string, firmId: string | null): Promise<void> => {
  await tx.update(communities).set({ firmId }).where(eq(communities.id, communityId))
}

export const communitiesByIds = (db: DbOrTx, tenant: string, ids: readonly string[]): Promise<Community[]> =>
  db
    .select()
    .from(communities)
    .where(and(eq(communities.tenant, tenant), inArray(communities.id, [...ids])))
