import type { ReceivedFix } from '#domain/fix.ts'
import { heardAt } from '#domain/freshness.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { FixRefusal } from '#domain/judge.ts'
import type { DutyState, TravelMode, Unit } from '#domain/units.ts'
import { worldX, worldY } from '#wire/fleet-cells.ts'
import { type CellEntry, packState } from '#wire/fleet-frame.ts'
import type { LiveCell } from './live-city.ts'
import type { LiveTenant } from './live-tenant.ts'

/** Everything the live fleet holds of one unit. Rebuilt from the rows after a restart, from the next fixes after that. */
export interface Seat extends CellEntry {
  home: LiveTenant
  unit: Unit
  /** Copies of the unit's, so that a fix is judged and drawn without going there. */
  id: string
  mode: TravelMode
  duty: DutyState
  /** Why no fix may be taken now; null = it may. */
  barred: FixRefusal | null
  /** Where its latest fix is in the tenant's records. */
  slot: number
  /** The rest of its track (domain/judge.ts): the newest jump, and how many agree with it. */
  doubted: ReceivedFix | null
  agreeing: number
  /** Oldest first, one in five seconds: with the latest, enough to judge dwell. */
  recent: ReceivedFix[]
  /** Where it is drawn; null = nowhere. */
  cell: LiveCell | null
}

const RECENT_MS = 3 * MINUTE_MS
const RECENT_STEP_MS = 5 * SECOND_MS

export function newSeat(unit: Unit, consentedAt: Instant | null, home: LiveTenant): Seat {
  const seat: Seat = {
    index: unit.index,
    wx: 0,
    wy: 0,
    state: 0,
    heardAt: 0,
    home,
    unit,
    id: unit.id,
    mode: unit.mode,
    duty: unit.duty,
    barred: 'offDutyFix',
    slot: home.records.add(),
    doubted: null,
    agreeing: 0,
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
  seat.mode = unit.mode
  seat.duty = unit.duty
  seat.barred = barredBy(unit, consentedAt)
  // From duty to a task and back is one stretch of duty, whatever `dutySince` says.
  if (wasBarred || seat.barred) seat.home.records.setSince(seat.slot, Math.max(unit.dutySince, consentedAt ?? 0))
}

function barredBy(unit: Unit, consentedAt: Instant | null): FixRefusal | null {
  if (!unit.tracked || consentedAt === null) return 'noConsent'
  return unit.duty === 'offDuty' ? 'offDutyFix' : null
}

/** What a unit looks like on the map after its newest fix. */
export function draw(seat: Seat, fix: ReceivedFix): void {
  seat.wx = worldX(fix.lng)
  seat.wy = worldY(fix.lat)
  seat.heardAt = seat.home.city.since(heardAt(fix))
  redraw(seat, fix)
}

/** The same place under another duty. */
export function redraw(seat: Seat, fix: ReceivedFix): void {
  seat.state = packState(seat.duty, fix.source, fix.headingDeg)
}

/** Keeps one fix in five seconds; the latest itself is in the records. */
export function remember({ recent, slot, home }: Seat, fix: ReceivedFix): void {
  if (fix.at - home.records.rememberedAt(slot) < RECENT_STEP_MS) return
  home.records.setRememberedAt(slot, fix.at)
  recent.push({ ...fix })
  while (recent[0] && fix.at - recent[0].at > RECENT_MS) recent.shift()
}

/** Everything is forgotten: off duty, or without consent. */
export function forget(seat: Seat): void {
  seat.home.records.clear(seat.slot)
  seat.doubted = null
  seat.agreeing = 0
  seat.recent = []
}
