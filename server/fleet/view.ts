import type { ReceivedFix } from '#domain/fix.ts'
import type { Unit } from '#domain/units.ts'

/** What other nouns may ask the live fleet (memory of one process; docs/decisions/0001). */
export interface FleetView {
  /** Every unit of a tenant as its row was last read: thousands without a query. What is decided on is read from the rows. */
  units(tenant: string): Iterable<Unit>
  /** The latest honest fix, or null: never a refused or older one. */
  last(unitId: string): ReceivedFix | null
  /** The last few minutes of a unit's fixes, oldest first: enough to judge dwell at a site. */
  recent(unitId: string): readonly ReceivedFix[]
  /** True while the unit's page holds an open socket: an offer reaches it. */
  isReachable(unitId: string): boolean
  /** Re-reads units after a committed change of duty, consent or data, so that the next fix is judged by it. */
  reload(unitIds: readonly string[]): Promise<void>
}
