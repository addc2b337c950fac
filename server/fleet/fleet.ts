import type { Db } from '#db/connect.ts'
import type { Grant } from '#domain/access.ts'
import type { Fix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import { HOUR_MS, SECOND_MS } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import type { Clock } from '#server/clock.ts'
import type { Ticker } from '#server/ticker.ts'
import { fleetAudience } from './audience.ts'
import { DeviceBook } from './device-book.ts'
import type { FrameSink, Watching } from './fan-out.ts'
import { HISTORY_LIMITS, History, type HistoryLimits } from './history.ts'
import { type FleetCounts, LiveFleet, type LiveOptions, type Taken } from './live-fleet.ts'
import { dropExpired } from './partitions.ts'
import { Reach } from './reach.ts'
import { RosterReader } from './roster.ts'
import type { FleetView } from './view.ts'

/** A console draws four times a second: often enough to look live, seldom enough to be cheap. */
const TICK_MS = 250
const FLUSH_MS = 500
const DEVICES_MS = 30 * SECOND_MS

export interface FleetOptions extends LiveOptions {
  db: Db
  clock: Clock
  ticker: Ticker
  historyLimits?: HistoryLimits
}

/** The fleet of this process: what app.ts hands to the doors (take, identify, watch, reach) and to other nouns (FleetView). */
export interface Fleet extends FleetView {
  take(unitId: string, fixes: readonly Fix[], now: Instant): Taken
  /** null: the reader may watch nobody. */
  join(grants: readonly Grant[], tenant: string, sink: FrameSink): Watching | null
  counts(tenant: string, now: Instant): FleetCounts
  /** Whose page connected or left since the last call. */
  reachChanges(): { unit: Unit; isReachable: boolean }[]
  /** Reads new and changed tenants and their units. */
  reloadAll(): Promise<void>
  live: LiveFleet
  reach: Reach
  devices: DeviceBook
  history: History
  /** Stops ticking and writes what waits. */
  stop(): Promise<void>
}

export async function openFleet({ db, clock, ticker, historyLimits, ...options }: FleetOptions): Promise<Fleet> {
  const history = new History(db, historyLimits ?? HISTORY_LIMITS)
  const reach = new Reach()
  const live = new LiveFleet(history, reach, options)
  const roster = new RosterReader(db, live)
  const devices = new DeviceBook(db, (unitId) => roster.read([unitId]))
  await roster.readAll()
  await devices.load()
  void dropExpired(db, clock.now()).catch(() => undefined)
  const stops = [
    ticker.every(TICK_MS, () => {
      for (const tenant of live.tenants) tenant.fanOut.tick(clock.now())
    }),
    ticker.every(FLUSH_MS, () => void history.flush()),
    ticker.every(FLUSH_MS, () => void roster.retry()),
    ticker.every(DEVICES_MS, () => void devices.refresh(clock.now()).catch(() => undefined)),
    ticker.every(HOUR_MS, () => void dropExpired(db, clock.now()).catch(() => undefined)),
  ]
  return {
    live,
    reach,
    devices,
    history,
    take: (unitId, fixes, now) => live.take(unitId, fixes, now),
    join(grants, tenant, sink) {
      const audience = fleetAudience(grants, tenant)
      return (audience && live.tenant(tenant)?.fanOut.join(audience, sink)) ?? null
    },
    counts: (tenant, now) => live.counts(tenant, now),
    units: (tenant) => live.units(tenant),
    last: (unitId) => live.last(unitId),
    recent: (unitId) => live.recent(unitId),
    isReachable: (unitId) => live.isReachable(unitId),
    reachChanges: () =>
      reach.takeChanged().flatMap((unitId) => {
        const seat = live.seat(unitId)
        return seat ? [{ unit: seat.unit, isReachable: reach.isReachable(unitId) }] : []
      }),
    reload: (unitIds) => roster.read(unitIds),
    reloadAll: () => roster.readAll(),
    async stop() {
      for (const stop of stops) stop()
      await history.flush()
      await devices.refresh(clock.now()).catch(() => undefined)
    },
  }
}
