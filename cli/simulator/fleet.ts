import { type Instant, SECOND_MS } from '#domain/instant.ts'
import type { LngLat } from '#domain/places.ts'
import { between, seededRandom } from '#domain/random.ts'
import type { Unit } from '#domain/units.ts'
import { nearbyIndex } from './nearby.ts'
import { openPhones } from './phones.ts'
import { openTracker, type Tracker } from './trackers.ts'
import { advance, fixOf, ROUND_M, release, sendTo, type Walker, walkerOf } from './walker.ts'

export interface FleetOptions {
  url: string
  secrets: ReadonlyMap<string, string>
  communities: readonly LngLat[]
  seed: number
  /** Units with a device socket of their own; the others post as phones do. */
  maxSockets: number
  /** Served seconds in one real second. */
  speed: number
}

export interface SimulatedFleet {
  /** Takes units as they are now: those on duty with consent move and report, the others fall silent. */
  seat(units: Iterable<Unit>, now: Instant): void
  /** Sends units to the sites of their tasks and lets all others go; `sites` by unit. */
  task(sites: ReadonlyMap<string, LngLat>, now: Instant): void
  /** Moves and reports whoever is due. */
  tick(now: Instant): void
  walker(unitId: string): Walker | null
  counts(): { units: number; sockets: number }
  close(): void
}

interface Member {
  walker: Walker
  places: LngLat[]
  secret: string
  tracker: Tracker | null
  isOnDuty: boolean
  reportsAt: Instant
}

/** Seconds between reports: of a device on a socket and of a phone, moving and standing. Well inside the stale limits of 60 and 120. */
const EVERY_S = { socket: { moving: 6, standing: 40 }, phone: { moving: 40, standing: 85 }, task: 5 }
/** At the start nobody waits longer than this for its first report. */
const FIRST_WITHIN_S = 6

export function simulatedFleet(options: FleetOptions): SimulatedFleet {
  const { url, secrets, seed, speed } = options
  const nearby = nearbyIndex(options.communities)
  const phones = openPhones(url)
  const jitter = seededRandom(seed, 'jitter')
  const members = new Map<string, Member>()
  let sockets = 0

  const join = (unit: Unit, now: Instant): Member => {
    const places = nearby([unit.postLng, unit.postLat], ROUND_M[unit.mode])
    const secret = secrets.get(unit.id) as string
    const tracker = sockets < options.maxSockets ? openTracker(url, secret, jitter) : null
    if (tracker) sockets++
    const reportsAt = now + Math.floor(between(jitter, 0.5, FIRST_WITHIN_S) * SECOND_MS * speed)
    return { walker: walkerOf(unit, places, seed, now), places, secret, tracker, isOnDuty: true, reportsAt }
  }
  const everyMs = ({ walker, tracker }: Member): number => {
    const pace = tracker ? EVERY_S.socket : EVERY_S.phone
    const usual = walker.speedMps > 0 ? pace.moving : pace.standing
    // A faster clock brings more reports a real second; below one a second they would only be noise.
    return (
      Math.max(walker.site && walker.speedMps > 0 ? EVERY_S.task : usual, speed) *
      SECOND_MS *
      between(jitter, 0.85, 1.1)
    )
  }
  const report = (member: Member, now: Instant) => {
    advance(member.walker, member.places, now)
    const fix = fixOf(member.walker, now)
    if (member.tracker?.isWanted) member.tracker.report(fix)
    else if (!member.tracker) phones.report(member.secret, fix)
    member.reportsAt = now + Math.round(everyMs(member))
  }
  return {
    seat: (units, now) => {
      for (const unit of units) {
        if (!secrets.has(unit.id)) continue
        const isOnDuty = unit.duty !== 'offDuty' && unit.tracked
        const member = members.get(unit.id)
        if (member) member.isOnDuty = isOnDuty
        else if (isOnDuty) members.set(unit.id, join(unit, now))
      }
    },
    task: (sites, now) => {
      for (const [unitId, { walker }] of members) {
        const site = sites.get(unitId)
        if (site) sendTo(walker, site, now)
        else release(walker, now)
      }
    },
    tick: (now) => {
      for (const member of members.values()) if (member.isOnDuty && member.reportsAt <= now) report(member, now)
    },
    walker: (unitId) => members.get(unitId)?.walker ?? null,
    counts: () => ({ units: [...members.values()].filter(({ isOnDuty }) => isOnDuty).length, sockets }),
    close: () => {
      phones.close()
      for (const { tracker } of members.values()) tracker?.close()
    },
  }
}
