import type { FleetView } from '#server/fleet/view.ts'
import type { Identify, Shop } from '#server/serving.ts'
import { type ReportLimits, reportLimits } from './limits.ts'
import { open311Routes } from './open311.ts'
import { photoRoutes } from './photos.ts'
import { residentRoutes } from './resident.ts'

export interface IntakeShop extends Shop {
  fleet: FleetView
  /** Links of residents are drawn from it (HONGGUAN_SECRET). */
  secret: string
  /** Who an API key in an Open311 report belongs to. */
  identify: Identify
  /** True: Open311 takes reports with an API key only. */
  open311ByKeyOnly: boolean
  limits?: ReportLimits
}

/** Every way in for people and programs without an account, and the photos of all. */
export function intakeRoutes(shop: IntakeShop): void {
  const { limits = reportLimits() } = shop
  residentRoutes({ ...shop, limits })
  open311Routes({ ...shop, limits })
  photoRoutes(shop)
}
