import type { Tx } from '#db/connect.ts'
import { FENCE } from '#domain/arrival.ts'
import type { ReceivedFix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import { trailPoints } from '#server/fleet/trail.ts'
import type { FleetView } from '#server/fleet/view.ts'

/**
 * A unit's fixes of the minutes before a past moment, oldest first: what memory still holds of them and what has been written
 * down. No person reads them (FL18): they speak for the unit's own claim.
 */
export async function heardBefore(tx: Tx, fleet: FleetView, unitId: string, at: Instant): Promise<ReceivedFix[]> {
  const from = at - FENCE.windowMs
  const byMoment = new Map<Instant, ReceivedFix>()
  for (const { why, ...point } of await trailPoints(tx, unitId, { from, to: at }))
    if (why === null) byMoment.set(point.at, { ...point, altitudeM: null, batteryPct: null })
  for (const fix of fleet.recent(unitId)) if (fix.at >= from && fix.at <= at) byMoment.set(fix.at, fix)
  return [...byMoment.values()].sort((a, b) => a.at - b.at)
}
