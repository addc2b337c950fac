import { and, eq, inArray } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { engagements } from '#db/schema/engagements.ts'
import { firms } from '#db/schema/places.ts'
import { SERVING } from '#domain/engagement.ts'
import type { EmergencyService } from '#wire/routes/resident.ts'

/** The emergency provider that serves a community now; null = none does. */
export async function servingFirmOf(db: DbOrTx, communityId: string | null): Promise<string | null> {
  if (communityId === null) return null
  const [serving] = await db
    .select({ firmId: engagements.firmId })
    .from(engagements)
    .where(and(eq(engagements.communityId, communityId), inArray(engagements.status, [...SERVING])))
  return serving?.firmId ?? null
}

/** EC9: what residents are told: who serves them, and since when. */
export async function emergencyServiceOf(db: DbOrTx, communityId: string | null): Promise<EmergencyService | null> {
  if (communityId === null) return null
  const [serving] = await db
    .select({ firmName: firms.name, since: engagements.activeAt, until: engagements.endsAt })
    .from(engagements)
    .innerJoin(firms, eq(firms.id, engagements.firmId))
    .where(and(eq(engagements.communityId, communityId), inArray(engagements.status, [...SERVING])))
  return serving && serving.since !== null ? { ...serving, since: serving.since } : null
}
