import { calendarRoutes } from './calendar.ts'
import { dutyReading } from './duty-reading.ts'
import { dutyRoutes } from './duty-routes.ts'
import { rosterFileRoutes } from './files.ts'
import { monthRoutes } from './month.ts'
import { payrollRoutes } from './payroll.ts'
import { peopleRoutes } from './people-routes.ts'
import { rosterRoutes } from './roster-routes.ts'
import { type RunShop, runRoutes } from './run-routes.ts'
import { setupRoutes } from './setup-routes.ts'
import { slotRoutes } from './slot-routes.ts'
import { teamRoutes } from './team-routes.ts'

/** Rosters and duty: set up, drafted, published, lived with; and the volunteers beside them. */
export function dutyRosterRoutes(shop: RunShop): void {
  setupRoutes(shop)
  peopleRoutes(shop)
  rosterRoutes(shop)
  rosterFileRoutes(shop)
  runRoutes(shop)
  monthRoutes(shop)
  dutyRoutes(shop)
  dutyReading(shop)
  calendarRoutes(shop)
  payrollRoutes(shop)
  teamRoutes(shop)
  slotRoutes(shop)
}
