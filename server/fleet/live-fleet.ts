import type { Fix, ReceivedFix } from '#domain/fix.ts'
import { heardAt, STALE_AFTER_MS } from '#domain/freshness.ts'
import type { Instant } from '#domain/instant.ts'
import { type FixVerdict, JUDGE_LIMITS, type JudgeLimits, judge, refusedFix, type Track } from '#domain/judge.ts'
import type { Bbox } from '#domain/places.ts'
import type { Unit } from '#domain/units.ts'
import { blankFix } from './fix-records.ts'
import type { History } from './history.ts'
import { type LiveTenant, newTenant } from './live-tenant.ts'
import type { Reach } from './reach.ts'
import type { RosterRow } from './roster.ts'
import { draw, forget, newSeat, redraw, remember, reseat, type Seat } from './seat.ts'

/** Verdicts of one report, and whether what was kept of it has reached the disk. */
export interface Taken {
  verdicts: FixVerdict[]
  kept: Promise<boolean>
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
  /** What is being judged, and by what: good for one call, copied by whoever keeps it. */
  readonly #fix = blankFix()
  readonly #last = blankFix()
  readonly #before: Track = { last: null, doubted: null, agreeing: 0 }

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
      else this.#add(unit, consentedAt)
    }
  }

  /** Judges a report, oldest fix first, and shows and keeps what passes. */
  take(unitId: string, fixes: readonly Fix[], now: Instant): Taken {
    const seat = this.#seats.get(unitId)
    if (!seat) return { verdicts: fixes.map(() => refusedFix('unknownUnit')), kept: Promise.resolve(true) }
    const verdicts = new Array<FixVerdict>(fixes.length)
    for (let n = 0; n < fixes.length; n++) verdicts[n] = this.#takeOne(seat, fixes[n] as Fix, now)
    return { verdicts, kept: this.#history.kept() }
  }

  counts(code: string, now: Instant): FleetCounts {
    const tenant = this.#tenants.get(code)
    return { onDuty: tenant?.onDuty ?? 0, fresh: tenant?.records.countFresh(now) ?? 0 }
  }

  *units(code: string): Iterable<Unit> {
    for (const { unit } of this.#tenants.get(code)?.seats ?? []) yield unit
  }

  last(unitId: string): ReceivedFix | null {
    const seat = this.#seats.get(unitId)
    return seat?.home.records.read(seat.slot) ?? null
  }

  recent(unitId: string): readonly ReceivedFix[] {
    const kept = this.#seats.get(unitId)?.recent ?? []
    const last = this.last(unitId)
    return last && last.at !== kept.at(-1)?.at ? [...kept, last] : kept
  }

  isReachable(unitId: string): boolean {
    return this.#reach.isReachable(unitId)
  }

  #takeOne(seat: Seat, given: Fix, now: Instant): FixVerdict {
    const { city, bounds, code, records } = seat.home
    if (seat.barred) return refusedFix(seat.barred)
    if (given.at < records.since(seat.slot)) return refusedFix('beforeDuty')
    const fix = receive(given, now, this.#fix)
    const before = this.#before
    before.last = records.readInto(seat.slot, this.#last) ? this.#last : null
    before.doubted = seat.doubted
    before.agreeing = seat.agreeing
    const { verdict, track } = judge(before, fix, seat.mode, bounds, this.#limits)
    if (verdict.verdict === 'refused') return verdict
    this.#history.add(code, seat.id, fix, verdict.verdict === 'trail' ? verdict.why : null)
    if (track.doubted !== seat.doubted) seat.doubted = track.doubted && { ...track.doubted }
    seat.agreeing = track.agreeing
    if (verdict.verdict === 'latest') {
      records.write(seat.slot, fix)
      remember(seat, fix)
      draw(seat, fix)
      records.setFreshUntil(seat.slot, heardAt(fix) + this.#staleAfterMs[fix.source])
      city.place(seat)
    }
    return verdict
  }

  #add(unit: Unit, consentedAt: Instant | null) {
    const tenant = this.#tenants.get(unit.tenant)
    if (!tenant) return
    const seat = newSeat(unit, consentedAt, tenant)
    this.#seats.set(unit.id, seat)
    tenant.seats.add(seat)
    if (unit.duty !== 'offDuty') tenant.onDuty++
  }

  #change(seat: Seat, unit: Unit, consentedAt: Instant | null) {
    const { city, fanOut, records } = seat.home
    const hasMovedFirm = seat.unit.firmId !== unit.firmId
    seat.home.onDuty += Number(unit.duty !== 'offDuty') - Number(seat.unit.duty !== 'offDuty')
    reseat(seat, unit, consentedAt)
    if (hasMovedFirm) for (const cell of city.hauntsOf(seat)) fanOut.owe(cell)
    const last = records.read(seat.slot)
    if (seat.barred) {
      forget(seat)
      city.remove(seat)
    } else if (last && seat.cell) {
      redraw(seat, last)
      city.place(seat)
    }
  }
}

/** Fills an object that is used again and again: twenty thousand fixes a second leave no litter behind. */
function receive(fix: Fix, receivedAt: Instant, into: ReceivedFix): ReceivedFix {
  into.at = fix.at
  into.lng = fix.lng
  into.lat = fix.lat
  into.accuracyM = fix.accuracyM
  into.speedMps = fix.speedMps
  into.headingDeg = fix.headingDeg
  into.altitudeM = fix.altitudeM
  into.batteryPct = fix.batteryPct
  into.source = fix.source
  into.receivedAt = receivedAt
  return into
}
