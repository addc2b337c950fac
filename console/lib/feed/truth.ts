import type { Truth } from '#wire/sockets.ts'

/** A heartbeat comes each second; after this long without one the feed is cut, well inside the five seconds of P8. */
export const CUT_AFTER_MS = 3_000

/** The engine beats at least every second; silence beyond this is shown. */
export const ENGINE_LATE_MS = 5_000

/** Commit to publish beyond this is shown as a lag. */
export const PUBLISH_LATE_MS = 2_000

/** Below this share of fresh positions on duty the map is not to be trusted. */
export const FRESH_SHARE_LOW = 0.5

export const LINK_STATES = ['connecting', 'live', 'catchingUp', 'cut'] as const
export type LinkState = (typeof LINK_STATES)[number]

export interface LinkFacts {
  isConnected: boolean
  /** The browser says that it has no network, and nothing was heard since. */
  isOffline: boolean
  /** Milliseconds of real time since the server was last heard; null = never. */
  heardAgoMs: number | null
  feed: 'starting' | 'following' | 'catchingUp'
  /** A first snapshot could not be had for this long. */
  waitingMs: number
}

/** DK4: live only while the server is heard and nothing is missing; silence is a cut however the socket calls itself. */
export function linkState({ isConnected, isOffline, heardAgoMs, feed, waitingMs }: LinkFacts): LinkState {
  const isSilent = heardAgoMs === null ? waitingMs > CUT_AFTER_MS : heardAgoMs > CUT_AFTER_MS
  if (isSilent || isOffline) return 'cut'
  if (heardAgoMs === null || feed === 'starting') return 'connecting'
  return feed === 'catchingUp' || !isConnected ? 'catchingUp' : 'live'
}

export type TruthWarning = 'engineSilent' | 'publishLate' | 'fewFresh'

/** What of a heartbeat is out of order although the link itself is live. */
export function warningsOf(truth: Truth): TruthWarning[] {
  const warnings: TruthWarning[] = []
  if (truth.engineAt !== null && truth.now - truth.engineAt > ENGINE_LATE_MS) warnings.push('engineSilent')
  if (truth.publishLagMs !== null && truth.publishLagMs > PUBLISH_LATE_MS) warnings.push('publishLate')
  if (truth.onDuty > 0 && truth.fresh / truth.onDuty < FRESH_SHARE_LOW) warnings.push('fewFresh')
  return warnings
}
