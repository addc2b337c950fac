import { link } from '#console/lib/link.svelte.ts'
import type { Instant } from '#domain/instant.ts'
import type { Bbox } from '#domain/places.ts'
import { decodeFrame, type FleetFrame, type SeenUnit } from '#wire/fleet-frame.ts'
import { applyFrame, type FleetPicture } from '#wire/fleet-picture.ts'
import type { CellWindow } from '#wire/sockets.ts'
import { cellWindow, covers, sameWindow } from './cell-window.ts'

/** Lists are redrawn at most this often; the map follows every frame. */
const LISTS_EVERY_MS = 1_000

/** How often a console that looks at a part of the city asks once for the whole, so that it can tell a ghost from a unit elsewhere. */
const SURVEY_EVERY_MS = 30_000

/**
 * Live positions, by unit index: the picture of the cells that are watched, and what was last known of units elsewhere.
 * Tens of thousands of plain objects behind one counter; the map listens, lists read `version`.
 */
class Fleet {
  readonly picture: FleetPicture = new Map()
  #known = new Map<number, SeenUnit>()
  /** When we were last told of a unit that is not watched now. */
  #toldAt = new Map<number, Instant>()
  #version = $state(0)
  #listeners = new Set<() => void>()
  #window: CellWindow | null = null
  #city: CellWindow | null = null
  #isDirty = false

  /** Changes at most once a second. */
  get version(): number {
    return this.#version
  }

  /** The unit's last known place, in view or not; null = no fix that we were told of. */
  seen(index: number): SeenUnit | null {
    return this.picture.get(index) ?? this.#known.get(index) ?? null
  }

  /** DK5: the moment a unit is to be judged at: whoever is not watched is not getting stale, we have only not asked. */
  judgedAt(index: number, now: Instant): Instant {
    return this.picture.has(index) ? now : (this.#toldAt.get(index) ?? now)
  }

  /** Called after every frame. */
  onFrame(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Follows the fleet over the link's socket until the answered function is called. */
  follow(city: Bbox): () => void {
    const { socket } = link
    if (!socket) return () => {}
    this.#city = cellWindow(city)
    const ask = () => {
      this.#ask(this.#window)
      this.#survey()
    }
    socket.on('connect', ask)
    socket.on('fleet:frame', (frame) => this.#take(frame))
    const lists = setInterval(() => this.#refreshLists(), LISTS_EVERY_MS)
    const survey = setInterval(() => this.#survey(), SURVEY_EVERY_MS)
    return () => {
      clearInterval(lists)
      clearInterval(survey)
      socket.off('connect', ask)
    }
  }

  /** What the map shows now. Only a change of cells is told to the server. */
  watch(bounds: Bbox): void {
    const window = cellWindow(bounds)
    if (sameWindow(window, this.#window)) return
    const isFirst = this.#window === null
    this.#window = window
    this.#ask(window)
    if (isFirst) this.#survey()
  }

  #survey(): void {
    const { socket } = link
    if (!socket?.connected || !this.#city || !this.#window || covers(this.#window, this.#city)) return
    socket.emit('fleet:watch', this.#city, (answer) => {
      const frame = decodeFrame(new Uint8Array(answer))
      if (!frame) return
      this.#known.clear()
      this.#toldAt.clear()
      this.#remember(frame)
    })
    this.#ask(this.#window)
  }

  #ask(window: CellWindow | null): void {
    if (!link.socket?.connected || !window) return
    link.socket.emit('fleet:watch', window, (answer) => {
      // An answer to an older window would wipe the newer picture.
      if (sameWindow(window, this.#window)) this.#take(answer)
    })
  }

  #take(bytes: Uint8Array | ArrayBuffer): void {
    const frame = decodeFrame(new Uint8Array(bytes))
    if (!frame) return
    applyFrame(this.picture, frame)
    this.#remember(frame)
    this.#isDirty = true
    for (const listener of this.#listeners) listener()
  }

  #remember(frame: FleetFrame): void {
    for (const cell of frame.cells)
      for (const unit of cell.seen) {
        this.#known.set(unit.index, unit)
        this.#toldAt.set(unit.index, frame.at)
      }
  }

  #refreshLists(): void {
    if (!this.#isDirty) return
    this.#isDirty = false
    this.#version++
  }
}

export const fleet = new Fleet()
