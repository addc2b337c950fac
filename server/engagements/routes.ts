import { communityRoutes } from './communities.ts'
import { courseRoutes, type EngagementShop } from './engagement-routes.ts'
import { poolRoutes } from './pool.ts'
import { poolFileRoutes } from './pool-files.ts'
import { selectionRoutes } from './selection-routes.ts'

export function engagementRoutes(shop: EngagementShop): void {
  communityRoutes(shop)
  poolRoutes(shop)
  poolFileRoutes(shop)
  selectionRoutes(shop)
  courseRoutes(shop)
}
