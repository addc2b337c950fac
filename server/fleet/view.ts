import type { ReceivedFix } from '#domain/fix.ts'

/** What other nouns may ask the live fleet (memory of one process; docs/decisions/0001). */
export interface FleetView {
  /** The latest honest fix, or null: never a refused or older one. */
  last(unitId: string): ReceivedFix | null
  /** The last few minutes of a unit's fixes, oldest first: enough to judge dwell at a site. */
  recent(unitId: string): readonly ReceivedFix[]
  /** True while the unit's page holds an open socket: an offer reaches it. */
  isReachable(unitId: string): boolean
  /** Re-reads units after a committed change of duty, consent or data, so that the next fix is judged by it. */
  reload(unitIds: readonly string[]): Promise<void>
}
