import type { ReceivedFix } from './fix.ts'
import { haversineM } from './geo.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from './instant.ts'
import type { LngLat } from './places.ts'
import type { EvidenceGrade } from './ticket.ts'
import type { TravelMode } from './units.ts'

/** Numbers of the fence around a ticket's point. A community is some 200 m across and its point often only its centre. */
export const FENCE = {
  radiusM: 120,
  /** How much of a fix's own uncertainty widens the fence. */
  allowanceM: 40,
  /** A coarser fix shows a quarter, not a place. */
  accuracyLimitM: 100,
  dwellMs: 15 * SECOND_MS,
  /** A tap counts the fixes of this long before it, and the newest may not be older than `newestMs`. */
  windowMs: 3 * MINUTE_MS,
  newestMs: MINUTE_MS,
  /** A scanned code is not believed while an accurate fix stands this far away: it was photographed. */
  codeReachM: 1_000,
}

/** Faster than this between two fixes near the site is a made-up position, not a ride. Metres per second. */
const PLAUSIBLE_MPS: Readonly<Record<TravelMode, number>> = { foot: 8, ebike: 17, car: 42 }

/** What speaks for somebody standing at the site. */
export interface ArrivalClaim {
  site: LngLat
  mode: TravelMode
  /** The unit's last minutes, oldest first. */
  fixes: readonly ReceivedFix[]
  /** A code was sent with the claim, and whether it is this site's. */
  siteCode: 'right' | 'wrong' | 'none'
  by: 'unit' | 'dispatcher'
  /** The claim came later than the tap it speaks of, and `now` is the moment it claims. */
  isLate?: boolean
  now: Instant
}

/** Why no geofence: shown to managers beside the grade. */
export type FenceVerdict = 'inside' | 'noFix' | 'coarse' | 'outside' | 'tooShort' | 'jumped'

export interface Arrival {
  grade: EvidenceGrade
  fence: FenceVerdict
  /** Of the newest usable fix; null without one. */
  distanceM: number | null
  dwellMs: number
  siteCode: ArrivalClaim['siteCode']
}

/** AR1: the strongest of the evidence gives the grade: geofence, site code, own word, own word told late, dispatcher's word. */
export function gradeArrival(claim: ArrivalClaim): Arrival {
  const fence = judgeFence(claim.isLate ? asSeenBy(claim) : claim)
  const evidence = { ...fence, siteCode: claim.siteCode }
  if (fence.fence === 'inside') return { ...evidence, grade: 'geofence' }
  // A code says where, never when: told late it is a word like any other.
  if (claim.isLate) return { ...evidence, grade: 'lateReport' }
  const isElsewhere = fence.distanceM !== null && fence.distanceM > FENCE.codeReachM
  if (claim.siteCode === 'right' && !isElsewhere) return { ...evidence, grade: 'siteQr' }
  return { ...evidence, grade: claim.by === 'unit' ? 'selfReport' : 'dispatcherWord' }
}

/** AR5: of an arrival told late counts what the server had heard by the moment claimed: what came after could be made to fit. */
const asSeenBy = (claim: ArrivalClaim): ArrivalClaim => ({
  ...claim,
  fixes: claim.fixes.filter(({ receivedAt }) => receivedAt <= claim.now),
})

/** AR2: inside = accurate, recent fixes that stayed within the fence up to now for the dwell; AR3: and none of them jumped there. */
function judgeFence(claim: ArrivalClaim): Pick<Arrival, 'fence' | 'distanceM' | 'dwellMs'> {
  const { site, now } = claim
  // The window is measured by the device's own clock, which orders its fixes; how new the newest is, by ours.
  const latest = claim.fixes.at(-1)?.at ?? 0
  const recent = claim.fixes.filter((fix) => latest - fix.at <= FENCE.windowMs)
  const usable = recent.filter((fix) => fix.accuracyM !== null && fix.accuracyM <= FENCE.accuracyLimitM)
  const newest = usable.at(-1)
  if (!newest || now - newest.receivedAt > FENCE.newestMs) {
    return { fence: recent.length > 0 && !newest ? 'coarse' : 'noFix', distanceM: null, dwellMs: 0 }
  }
  const distanceM = Math.round(haversineM([newest.lng, newest.lat], site))
  const firstInside = usable.findLastIndex((fix) => !isWithin(fix, site)) + 1
  if (firstInside === usable.length) return { fence: 'outside', distanceM, dwellMs: 0 }
  const dwellMs = newest.at - (usable[firstInside] as ReceivedFix).at
  // The step into the fence is judged with those inside it; a jump long before, elsewhere, says nothing about here.
  const steps = usable.slice(Math.max(0, firstInside - 1))
  if (hasJump(steps, PLAUSIBLE_MPS[claim.mode])) return { fence: 'jumped', distanceM, dwellMs }
  return { fence: dwellMs < FENCE.dwellMs ? 'tooShort' : 'inside', distanceM, dwellMs }
}

const isWithin = (fix: ReceivedFix, site: LngLat) =>
  haversineM([fix.lng, fix.lat], site) <= FENCE.radiusM + Math.min(fix.accuracyM ?? 0, FENCE.allowanceM)

/** A step longer than the plausible ride and both fixes' uncertainty together. */
function hasJump(fixes: readonly ReceivedFix[], plausibleMps: number): boolean {
  return fixes.some((to, index) => {
    const from = fixes[index - 1]
    if (!from) return false
    const stepM = haversineM([from.lng, from.lat], [to.lng, to.lat])
    const slackM = (from.accuracyM ?? 0) + (to.accuracyM ?? 0)
    return stepM - slackM > (plausibleMps * Math.max(0, to.at - from.at)) / SECOND_MS
  })
}
