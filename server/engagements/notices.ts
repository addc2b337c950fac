import { randomBytes, randomUUID } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { engagements, publicNotices } from '#db/schema/engagements.ts'
import { firms, subdistricts, tenants } from '#db/schema/places.ts'
import { PEOPLE_OF } from '#domain/community.ts'
import type { Engagement } from '#domain/engagement.ts'
import { proofItemsOf } from '#domain/engagement-steps.ts'
import type { Instant } from '#domain/instant.ts'
import type { NoticeContent, PublicNotice } from '#domain/proof.ts'
import type { NoticeFace } from '#wire/routes/engagements.ts'
import type { Held } from './community-steps.ts'
import type { Act } from './record.ts'

/** EP3: what the sheet says is kept as it was posted, whatever changes afterwards. */
export async function postNotice(
  tx: Tx,
  held: Held,
  engagement: Engagement,
  contact: string,
  act: Act,
): Promise<PublicNotice> {
  const notice: PublicNotice = {
    id: randomUUID(),
    tenant: act.tenant,
    engagementId: engagement.id,
    communityId: engagement.communityId,
    slug: randomBytes(9).toString('base64url'),
    content: await contentOf(tx, held, engagement, contact),
    postedAt: act.now,
    postedBy: act.actor,
    takenDownAt: null,
  }
  await tx.insert(publicNotices).values(notice)
  return notice
}

async function contentOf(tx: Tx, { community }: Held, engagement: Engagement, contact: string): Promise<NoticeContent> {
  const { needs, mode, decidedAt, fee, selectionId, startsAt, endsAt } = engagement
  const [firm] = await tx.select({ name: firms.name }).from(firms).where(eq(firms.id, engagement.firmId))
  const [subdistrict] = await tx
    .select({ name: subdistricts.name })
    .from(subdistricts)
    .where(and(eq(subdistricts.tenant, community.tenant), eq(subdistricts.code, community.subdistrictCode)))
  return {
    communityName: community.name,
    firmName: firm?.name ?? '',
    subdistrictName: subdistrict?.name ?? community.subdistrictCode,
    services: proofItemsOf(engagement).map((item) => ({
      item,
      people: item === 'refuse' ? 0 : needs[PEOPLE_OF[item]],
    })),
    lifts: needs.lifts,
    startsAt: startsAt as Instant,
    endsAt: endsAt as Instant,
    fee,
    mode,
    decidedAt,
    lotteryId: mode === 'lottery' ? selectionId : null,
    contact,
  }
}

/** The sheet's link goes on telling that it was there, and that it no longer holds. */
export const takeDownNotices = async (tx: Tx, engagementId: string, now: Instant): Promise<void> => {
  await tx
    .update(publicNotices)
    .set({ takenDownAt: now })
    .where(and(eq(publicNotices.engagementId, engagementId), isNull(publicNotices.takenDownAt)))
}

export async function noticeFace(db: DbOrTx, slug: string): Promise<NoticeFace | null> {
  const [row] = await db
    .select({ notice: publicNotices, status: engagements.status, activeAt: engagements.activeAt, city: tenants })
    .from(publicNotices)
    .innerJoin(engagements, eq(engagements.id, publicNotices.engagementId))
    .innerJoin(tenants, eq(tenants.code, publicNotices.tenant))
    .where(eq(publicNotices.slug, slug))
  if (!row) return null
  const { content, postedAt, takenDownAt } = row.notice
  const { name, locale, timeZone } = row.city
  return {
    slug,
    tenantName: name,
    locale,
    timeZone,
    content,
    postedAt,
    takenDownAt,
    status: row.status,
    activeAt: row.activeAt,
  }
}
