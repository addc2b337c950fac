import type { Fix } from '#domain/fix.ts'
import { refused } from '#domain/refusal.ts'
import type { Shop } from '#server/serving.ts'
import { within } from '#server/within.ts'
import type { BodyOf } from '#wire/route.ts'
import { reportFixes } from '#wire/routes/fleet.ts'
import { consentRoutes } from './consent-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import type { Fleet } from './fleet.ts'
import { trailRoutes } from './trail-routes.ts'
import { permits, unitRoutes } from './unit-routes.ts'

export type FleetShop = Shop & { fleet: Fleet }

export function fleetRoutes(shop: FleetShop): void {
  unitRoutes(shop)
  deviceRoutes(shop)
  consentRoutes(shop)
  serveReports(shop)
  trailRoutes(shop)
}

/** What is answered is on disk; a page that hears nothing sends the same fixes again. */
const KEPT_WITHIN_MS = 5_000

/** A field page's own position: the unit is the account's, whatever the body says. */
function serveReports({ serve, fleet }: FleetShop): void {
  serve(reportFixes, async ({ reader, body, now }) => {
    const unit = fleet.live.seat(body.unitId)?.unit
    if (!unit || !permits(reader, 'fleet.report', unit)) return refused('unknown')
    const { verdicts, kept } = fleet.take(unit.id, body.fixes.map(asFix), now)
    const refusals = verdicts.flatMap((verdict, index) =>
      verdict.verdict === 'refused' ? [{ index, why: verdict.why }] : [],
    )
    const taken = verdicts.length - refusals.length
    if (taken > 0 && !(await within(kept, KEPT_WITHIN_MS))) return refused('overloaded')
    return { taken, refused: refusals }
  })
}

const asFix = (given: BodyOf<typeof reportFixes>['fixes'][number]): Fix => ({
  at: given.at,
  lng: given.lng,
  lat: given.lat,
  accuracyM: given.accuracyM ?? null,
  speedMps: given.speedMps ?? null,
  headingDeg: given.headingDeg ?? null,
  altitudeM: null,
  batteryPct: null,
  source: 'page',
})
