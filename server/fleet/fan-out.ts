import type { Instant } from '#domain/instant.ts'
import { cellKey, cellX, cellY } from '#wire/fleet-cells.ts'
import { joinCells } from '#wire/fleet-frame.ts'
import type { CellWindow } from '#wire/sockets.ts'
import type { FleetAudience } from './audience.ts'
import { inWindow, TickEncoder } from './encoder.ts'
import { emptyCell, type LiveCell, type LiveCity } from './live-city.ts'

/** A console's end of the wire, as the fleet needs it. */
export interface FrameSink {
  /** False while the last frame is still on its way: then frames are skipped, never queued. */
  isWritable(): boolean
  send(frame: Uint8Array): void
}

export interface Watching {
  /** Replaces the window; the answer is the snapshot of what is in it now. */
  watch(window: CellWindow | null, now: Instant): Uint8Array
  stop(): void
}

interface Watcher {
  audience: FleetAudience
  sink: FrameSink
  window: CellWindow | null
  /** FL12: cells whose news was skipped: sent whole once the sink can write again. Never more than the window holds. */
  owed: Set<number>
}

/** Carries one tenant's live city to whoever watches it, tick by tick. */
export class FanOut {
  readonly #city: LiveCity
  /** By audience: each is served whole before the next, so that a cell holds one encoding at a time. */
  readonly #audiences = new Map<string, Set<Watcher>>()
  /** Snapshots of this round: a storm of joining consoles costs one encoding. Right until the next tick tells the rest. */
  #snapshots = new Map<string, TickEncoder>()
  #round = new Map<string, Uint8Array>()
  skipped = 0

  constructor(city: LiveCity) {
    this.#city = city
  }

  join(audience: FleetAudience, sink: FrameSink): Watching {
    const watcher: Watcher = { audience, sink, window: null, owed: new Set() }
    const peers = this.#audiences.get(audience.key) ?? new Set()
    this.#audiences.set(audience.key, peers.add(watcher))
    return {
      watch: (window, now) => {
        watcher.window = window
        watcher.owed.clear()
        return window ? this.#snapshot(audience, window, now) : joinCells('snapshot', now, [])
      },
      stop: () => {
        peers.delete(watcher)
        if (peers.size === 0 && this.#audiences.get(audience.key) === peers) this.#audiences.delete(audience.key)
      },
    }
  }

  /** FL11: every changed cell is encoded once for each audience and joined once for each window, then sent. */
  tick(now: Instant): void {
    const dirty = this.#city.takeDirty()
    for (const watchers of this.#audiences.values()) {
      let encoder: TickEncoder | null = null
      for (const watcher of watchers) {
        if (!watcher.window || (dirty.length === 0 && watcher.owed.size === 0)) continue
        encoder ??= new TickEncoder(watcher.audience, this.#city, now)
        this.#serve(watcher, watcher.window, dirty, encoder)
      }
    }
    this.#city.settle(dirty)
    this.#snapshots = new Map()
    this.#round = new Map()
  }

  /** A unit of this cell changed its firm: those who watch by firm are told anew who is theirs. */
  owe(cell: LiveCell): void {
    for (const watchers of this.#audiences.values()) {
      for (const { audience, window, owed } of watchers) {
        if (audience.firmIds && window && inWindow(cell, window)) owed.add(cellKey(cell.x, cell.y))
      }
    }
  }

  #serve(watcher: Watcher, window: CellWindow, dirty: readonly LiveCell[], encoder: TickEncoder) {
    const { owed, sink } = watcher
    if (!sink.isWritable()) {
      for (const cell of dirty) if (inWindow(cell, window)) owed.add(cellKey(cell.x, cell.y))
      this.skipped++
      return
    }
    const frame = owed.size > 0 ? this.#catchUp(watcher, window, dirty, encoder) : encoder.changes(dirty, window)
    if (frame) sink.send(frame)
  }

  #catchUp({ owed }: Watcher, window: CellWindow, dirty: readonly LiveCell[], encoder: TickEncoder): Uint8Array {
    const cells = [...owed].map((key) => {
      const cell = this.#city.cells.get(key)
      return cell ? encoder.whole(cell) : emptied(key, encoder)
    })
    for (const cell of dirty) {
      const bytes = inWindow(cell, window) && !owed.has(cellKey(cell.x, cell.y)) ? encoder.change(cell) : null
      if (bytes) cells.push(bytes)
    }
    owed.clear()
    return encoder.join(cells)
  }

  #snapshot(audience: FleetAudience, window: CellWindow, now: Instant): Uint8Array {
    const key = `${audience.key} ${window.west} ${window.east} ${window.north} ${window.south}`
    const made = this.#round.get(key)
    if (made) return made
    const encoder = this.#snapshots.get(audience.key) ?? new TickEncoder(audience, this.#city, now)
    this.#snapshots.set(audience.key, encoder)
    const frame = encoder.snapshot(this.#city, window)
    this.#round.set(key, frame)
    return frame
  }
}

/** A cell that everybody has left is kept nowhere; whoever still believes in it is told that it is empty. */
const emptied = (key: number, encoder: TickEncoder): Uint8Array => encoder.whole(emptyCell(cellX(key), cellY(key)))
