import { and, desc, eq } from 'drizzle-orm'
import { engagements } from '#db/schema/engagements.ts'
import type { Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/engagements.ts'
import { communityRoutes } from './communities.ts'
import { courseRoutes, type EngagementShop } from './engagement-routes.ts'
import { poolRoutes } from './pool.ts'
import { poolFileRoutes } from './pool-files.ts'
import { crewOf, reaches } from './proving.ts'
import { selectionRoutes } from './selection-routes.ts'

export function engagementRoutes(shop: EngagementShop): void {
  communityRoutes(shop)
  poolRoutes(shop)
  poolFileRoutes(shop)
  selectionRoutes(shop)
  courseRoutes(shop)
  serveList(shop)
}

const MOST = 1_000

function serveList({ serve, db }: Shop): void {
  serve(wire.engagements, async ({ tenant, reader, query: { status, communityId, firmId, limit = MOST } }) => {
    const rows = await db
      .select()
      .from(engagements)
      .where(
        and(
          eq(engagements.tenant, tenant),
          status && eq(engagements.status, status),
          communityId === undefined ? undefined : eq(engagements.communityId, communityId),
          firmId === undefined ? undefined : eq(engagements.firmId, firmId),
        ),
      )
      .orderBy(desc(engagements.proposedAt), engagements.id)
    const crew = await crewOf(db, reader)
    return rows.filter((row) => reaches(reader, crew, 'engagement.read', row)).slice(0, limit)
  })
}
