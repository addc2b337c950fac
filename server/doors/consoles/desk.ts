import type { Grant } from '#domain/access.ts'
import type { Asked } from '#domain/cover.ts'
import type { CoverState } from '#domain/cover-state.ts'
import type { Instant } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import type { Identify } from '#server/serving.ts'
import type { CellWindow, Truth } from '#wire/sockets.ts'

/** One console's subscription to the fleet. */
export interface Watching {
  watch(window: CellWindow | null, now: Instant): Uint8Array
  stop(): void
}

/** A frame goes out only while the last one has left: a slow console skips frames. */
export interface FrameSink {
  isWritable(): boolean
  send(frame: Uint8Array): void
}

/** One console's subscription to the live cover. */
export interface CoverWatching {
  watch(asked: Asked | false): Promise<CoverState | null>
  stop(): void
}

/** What stands behind the consoles' door; app.ts says who does it. */
export interface ConsoleDesk {
  identify: Identify
  version: string
  /** null: these grants may watch nobody. */
  watchFleet(grants: readonly Grant[], tenant: string, sink: FrameSink): Watching | null
  /** null: these grants may not see the cover. */
  watchCover(grants: readonly Grant[], tenant: string, send: (state: CoverState) => void): CoverWatching | null
  /** A unit's page opened or closed its socket. */
  enter(unitId: string): void
  leave(unitId: string): void
  /** Whose reach changed since the last call. */
  reachChanges(): { unit: Unit; isReachable: boolean }[]
  /** Epoch and number of the last event told; null = no such tenant. */
  position(tenant: string): { epoch: string; seq: number } | null
  /** null: not known for now, and then nothing is said, so that the console sees the feed cut (P8). */
  truth(tenant: string, now: Instant): Truth | null
}
