import { CUT_AFTER_MS } from '#console/lib/feed/truth.ts'
import type { Asked } from '#domain/cover.ts'
import type { CoverState } from '#domain/cover-state.ts'

/** The server tells the cover at least every six seconds; two of those missed, and the number is no longer one. */
export const OLD_AFTER_MS = 13_000

export interface CoverFacts {
  asked: Asked
  /** Real time since the server was last heard; null = never. */
  silentMs: number | null
  isOffline: boolean
  /** The cover itself has not been told for too long, whatever else was. */
  isOld: boolean
}

/** DK16: a cover that was told of another question, before the link was cut, or too long ago, is not shown as one. */
export function coverFace(
  state: CoverState | null,
  { asked, silentMs, isOffline, isOld }: CoverFacts,
): CoverState | null {
  const isCut = isOffline || silentMs === null || silentMs > CUT_AFTER_MS
  return state && !isCut && !isOld && state.asked === asked ? state : null
}

/** Share of the households, rounded down: what is not whole is not claimed. */
export const coverPercent = (state: CoverState | null): number | null =>
  state && state.all.households > 0 ? Math.floor((100 * state.covered.households) / state.all.households) : null
