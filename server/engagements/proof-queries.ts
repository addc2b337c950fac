import { and, asc, desc, eq, gte, inArray, isNull, sql } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { emergencyLog, engagements, proofPhotos, proofs, publicNotices } from '#db/schema/engagements.ts'
import { units } from '#db/schema/fleet.ts'
import { tenants } from '#db/schema/places.ts'
import type { EngagementTimer } from '#domain/engagement.ts'
import type { Instant } from '#domain/instant.ts'
import type { Proof, PublicNotice } from '#domain/proof.ts'
import type { Reader } from '#server/serving.ts'
import type { NoticeFace } from '#wire/routes/engagements.ts'

/** What shows that an engagement is kept, and that it was said to everybody: proofs and public notices. */

export const proofsSince = (db: DbOrTx, engagementId: string, firstDay: string): Promise<Proof[]> =>
  db
    .select()
    .from(proofs)
    .where(and(eq(proofs.engagementId, engagementId), gte(proofs.day, firstDay)))
    .orderBy(desc(proofs.day), asc(proofs.item))

/** The day of which the newest alarm about missing proofs told; null = there has been none. */
export async function lastMissedDay(db: DbOrTx, engagementId: string): Promise<string | null> {
  const { subject, subjectId, n, detail } = emergencyLog
  const [last] = await db
    .select({ day: sql<string>`${detail} ->> 'day'` })
    .from(emergencyLog)
    .where(
      and(
        eq(subject, 'engagement'),
        eq(subjectId, engagementId),
        sql`${detail} ->> 'timer' = ${'proofCheck' satisfies EngagementTimer['kind']}`,
      ),
    )
    .orderBy(desc(n))
    .limit(1)
  return last?.day ?? null
}

export const noticesOf = (db: DbOrTx, engagementId: string): Promise<PublicNotice[]> =>
  db
    .select()
    .from(publicNotices)
    .where(eq(publicNotices.engagementId, engagementId))
    .orderBy(desc(publicNotices.postedAt))

export const addProof = async (
  tx: Tx,
  proof: Proof,
  picture: { image: Buffer; width: number; height: number } | null,
): Promise<void> => {
  await tx.insert(proofs).values(proof)
  if (picture) await tx.insert(proofPhotos).values({ proofId: proof.id, ...picture })
}

export async function photoOf(db: DbOrTx, proofId: string): Promise<{ engagementId: string; image: Buffer } | null> {
  const [row] = await db
    .select({ engagementId: proofs.engagementId, image: proofPhotos.image })
    .from(proofPhotos)
    .innerJoin(proofs, eq(proofs.id, proofPhotos.proofId))
    .where(eq(proofPhotos.proofId, proofId))
  return row ? { engagementId: row.engagementId, image: Buffer.from(row.image) } : null
}

type Crew = readonly { id: string; firmId: string | null }[]

/** The units that a reader is, with the firms they belong to: by them a firm's own people reach its engagements. */
export async function crewOf(db: DbOrTx, { tenant, grants }: Reader): Promise<Crew> {
  const mine = grants.flatMap(({ unitId }) => (unitId === null ? [] : [unitId]))
  if (mine.length === 0) return []
  return db
    .select({ id: units.id, firmId: units.firmId })
    .from(units)
    .where(and(eq(units.tenant, tenant), inArray(units.id, mine)))
}

export const addNotice = async (tx: Tx, notice: PublicNotice): Promise<void> => {
  await tx.insert(publicNotices).values(notice)
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
