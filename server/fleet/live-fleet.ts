import type { Fix, ReceivedFix } from '#domain/fix.ts'
import { freshnessOf, STALE_AFTER_MS } from '#domain/freshness.ts'
import type { Instant } from '#domain/instant.ts'
import { EMPTY_TRACK, type FixVerdict, JUDGE_LIMITS, type JudgeLimits, judge, refusedFix } from '#domain/judge.ts'
import type { Bbox } from '#domain/places.ts'
import type { Unit } from '#domain/units.ts'
import { FanOut } from './fan-out.ts'
import type { History } from './history.ts'
import { LiveCity } from './live-city.ts'
import type { Reach } from './reach.ts'
import type { RosterRow } from './roster.ts'
import { draw, newSeat, redraw, remember, reseat, type Seat } from './seat.ts'

/** Verdicts of one report, and whether what was kept of it has reached the disk. */
export interface Taken {
  verdicts: FixVerdict[]
  kept: Promise<boolean>
}

export interface LiveTenant {
  code: string
  bounds: Bbox
  city: LiveCity
  fanOut: FanOut
  seats: Set<Seat>
}

/** Share of a tenant's duty that is seen: for the truth bar. */
export interface FleetCounts {
  onDuty: number
  fresh: number
}

export interface LiveOptions {
  limits?: JudgeLimits
  staleAfterMs?: typeof STALE_AFTER_MS
}

/**
 * The positions of all tenants, in the memory of this one process (docs/decisions/0001). Everything here is immediate: no
 * call waits for a database or a console.
 */
export class LiveFleet {
  readonly #seats = new Map<string, Seat>()
  readonly #tenants = new Map<string, LiveTenant>()
  readonly #history: Pick<History, 'add' | 'kept'>
  readonly #reach: Reach
  readonly #limits: JudgeLimits
  readonly #staleAfterMs: typeof STALE_AFTER_MS

  constructor(history: Pick<History, 'add' | 'kept'>, reach: Reach, options: LiveOptions = {}) {
    this.#history = history
    this.#reach = reach
    this.#limits = options.limits ?? JUDGE_LIMITS
    this.#staleAfterMs = options.staleAfterMs ?? STALE_AFTER_MS
  }

  get tenants(): Iterable<LiveTenant> {
    return this.#tenants.values()
  }

  tenant(code: string): LiveTenant | null {
    return this.#tenants.get(code) ?? null
  }

  seat(unitId: string): Seat | null {
    return this.#seats.get(unitId) ?? null
  }

  /** Puts units as their rows are now. A unit that may no longer be tracked leaves the map at once (FL9). */
  put(rows: readonly RosterRow[], bounds: ReadonlyMap<string, Bbox>): void {
    for (const [code, bbox] of bounds) {
      const known = this.#tenants.get(code)
      if (known) known.bounds = bbox
      else this.#tenants.set(code, newTenant(code, bbox))
    }
    for (const { unit, consentedAt } of rows) {
      const seat = this.#seats.get(unit.id)
      if (seat) this.#change(seat, unit, consentedAt)
      else this.#add(newSeat(unit, consentedAt))
    }
  }

  /** Judges a report, oldest fix first, and shows and keeps what passes. */
  take(unitId: string, fixes: readonly Fix[], now: Instant): Taken {
    const seat = this.#seats.get(unitId)
    const tenant = seat && this.#tenants.get(seat.unit.tenant)
    if (!seat || !tenant) return { verdicts: fixes.map(() => refusedFix('unknownUnit')), kept: Promise.resolve(true) }
    const verdicts = fixes.map((fix) => this.#takeOne(tenant, seat, fix, now))
    return { verdicts, kept: this.#history.kept() }
  }

  counts(code: string, now: Instant): FleetCounts {
    const counts = { onDuty: 0, fresh: 0 }
    for (const { unit, track } of this.#tenants.get(code)?.seats ?? []) {
      if (unit.duty === 'offDuty') continue
      counts.onDuty++
      if (freshnessOf(track.last, unit.duty, now, this.#staleAfterMs) === 'fresh') counts.fresh++
    }
    return counts
  }

  *units(code: string): Iterable<Unit> {
    for (const { unit } of this.#tenants.get(code)?.seats ?? []) yield unit
  }

  last(unitId: string): ReceivedFix | null {
    return this.#seats.get(unitId)?.track.last ?? null
  }

  recent(unitId: string): readonly ReceivedFix[] {
    return this.#seats.get(unitId)?.recent ?? []
  }

  isReachable(unitId: string): boolean {
    return this.#reach.isReachable(unitId)
  }

  #takeOne({ city, bounds, code }: LiveTenant, seat: Seat, fix: Fix, now: Instant): FixVerdict {
    if (seat.barred) return refusedFix(seat.barred)
    if (fix.at < seat.since) return refusedFix('beforeDuty')
    const received = receive(fix, now)
    const { verdict, track } = judge(seat.track, received, seat.unit.mode, bounds, this.#limits)
    if (verdict.verdict === 'refused') return verdict
    this.#history.add(code, seat.unit.id, received, verdict.verdict === 'trail' ? verdict.why : null)
    seat.track = track
    if (verdict.verdict === 'latest') {
      remember(seat, received)
      draw(seat, received)
      city.place(seat)
    }
    return verdict
  }

  #add(seat: Seat) {
    this.#seats.set(seat.unit.id, seat)
    this.#tenants.get(seat.unit.tenant)?.seats.add(seat)
  }

  #change(seat: Seat, unit: Seat['unit'], consentedAt: Instant | null) {
    const tenant = this.#tenants.get(unit.tenant)
    const hasMovedFirm = seat.unit.firmId !== unit.firmId
    reseat(seat, unit, consentedAt)
    if (seat.cell && hasMovedFirm) tenant?.fanOut.owe(seat.cell)
    if (seat.barred) {
      seat.track = EMPTY_TRACK
      seat.recent = []
      tenant?.city.remove(seat)
    } else if (seat.track.last && seat.cell) {
      redraw(seat, seat.track.last)
      tenant?.city.place(seat)
    }
  }
}

function newTenant(code: string, bounds: Bbox): LiveTenant {
  const city = new LiveCity()
  return { code, bounds, city, fanOut: new FanOut(city), seats: new Set() }
}

/** Field by field: twenty thousand of these a second are made. */
const receive = (fix: Fix, receivedAt: Instant): ReceivedFix => ({
  at: fix.at,
  lng: fix.lng,
  lat: fix.lat,
  accuracyM: fix.accuracyM,
  speedMps: fix.speedMps,
  headingDeg: fix.headingDeg,
  altitudeM: fix.altitudeM,
  batteryPct: fix.batteryPct,
  source: fix.source,
  receivedAt,
})
