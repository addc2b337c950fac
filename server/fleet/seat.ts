import type { ReceivedFix } from '#domain/fix.ts'
import { heardAt } from '#domain/freshness.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import { EMPTY_TRACK, type FixRefusal, type Track } from '#domain/judge.ts'
import type { Unit } from '#domain/units.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'
import { type CellEntry, packState } from '#wire/fleet-frame.ts'
import type { LiveCell } from './live-city.ts'

/** Everything the live fleet holds of one unit. Rebuilt from the rows after a restart, from the next fixes after that. */
export interface Seat extends CellEntry {
  unit: Unit
  /** Why no fix may be taken now; null = it may. */
  barred: FixRefusal | null
  /** Fixes from before this moment were taken off duty or before consent. */
  since: Instant
  track: Track
  /** Oldest first, thinned: enough to judge dwell. */
  recent: ReceivedFix[]
  /** Where it is drawn; null = nowhere. */
  cell: LiveCell | null
}

const RECENT_MS = 3 * MINUTE_MS
const RECENT_STEP_MS = 5 * SECOND_MS

export function newSeat(unit: Unit, consentedAt: Instant | null): Seat {
  const seat: Seat = {
    index: unit.index,
    wx: 0,
    wy: 0,
    state: 0,
    heardAt: 0,
    unit,
    barred: 'offDutyFix',
    since: 0,
    track: EMPTY_TRACK,
    recent: [],
    cell: null,
  }
  reseat(seat, unit, consentedAt)
  return seat
}

/** FL9: positions are taken on duty or on a task, with consent, and only those of that time. */
export function reseat(seat: Seat, unit: Unit, consentedAt: Instant | null): void {
  const wasBarred = seat.barred !== null
  seat.unit = unit
  seat.index = unit.index
  seat.barred = barredBy(unit, consentedAt)
  // From duty to a task and back is one stretch of duty, whatever `dutySince` says.
  if (wasBarred || seat.barred) seat.since = Math.max(unit.dutySince, consentedAt ?? 0)
}

function barredBy(unit: Unit, consentedAt: Instant | null): FixRefusal | null {
  if (!unit.tracked || consentedAt === null) return 'noConsent'
  return unit.duty === 'offDuty' ? 'offDutyFix' : null
}

/** What a unit looks like on the map after its newest fix. */
export function draw(seat: Seat, fix: ReceivedFix): void {
  seat.wx = worldX(fix.lng)
  seat.wy = worldY(fix.lat)
  seat.heardAt = heardAt(fix)
  redraw(seat, fix)
}

/** The same place under another duty. */
export function redraw(seat: Seat, fix: ReceivedFix): void {
  seat.state = packState(seat.unit.duty, fix.source, fix.headingDeg)
}

/** Keeps one fix in five seconds and always the newest. */
export function remember(seat: Seat, fix: ReceivedFix): void {
  const { recent } = seat
  const before = recent.at(-2)
  if (before && fix.at - before.at < RECENT_STEP_MS) recent[recent.length - 1] = fix
  else recent.push(fix)
  while (recent[0] && fix.at - recent[0].at > RECENT_MS) recent.shift()
}
