import type { Instant } from '#domain/instant.ts'
import { encodeCell, joinCells } from '#wire/fleet-frame.ts'
import type { CellWindow } from '#wire/sockets.ts'
import { type FleetAudience, mayWatch } from './audience.ts'
import type { LiveCell, LiveCity } from './live-city.ts'
import type { Seat } from './seat.ts'

export const inWindow = (cell: LiveCell, { west, east, north, south }: CellWindow): boolean =>
  cell.x >= west && cell.x <= east && cell.y >= north && cell.y <= south

const byIndex = (a: Seat, b: Seat) => a.index - b.index

/** Ascending, each once. */
function ordered(seats: Seat[]): Seat[] {
  if (seats.length < 2) return seats
  seats.sort(byIndex)
  return seats.filter((seat, n) => seat !== seats[n - 1])
}

/**
 * The frames of one tick for one audience: every cell is encoded at most once, every window joined at most once, whoever asks
 * and however often.
 */
export class TickEncoder {
  readonly #audience: FleetAudience
  readonly #at: Instant
  /** The same moment as the seats count it. */
  readonly #since: number
  readonly #wholes = new Map<LiveCell, Uint8Array>()
  readonly #frames = new Map<string, Uint8Array | null>()

  constructor(audience: FleetAudience, city: LiveCity, at: Instant) {
    this.#audience = audience
    this.#at = at
    this.#since = city.since(at)
  }

  /** What changed in the window; null = nothing. */
  changes(dirty: readonly LiveCell[], window: CellWindow): Uint8Array | null {
    const key = `${window.west} ${window.east} ${window.north} ${window.south}`
    const made = this.#frames.get(key)
    if (made !== undefined) return made
    const cells: Uint8Array[] = []
    for (const cell of dirty) {
      const bytes = inWindow(cell, window) ? this.change(cell) : null
      if (bytes) cells.push(bytes)
    }
    const frame = cells.length > 0 ? joinCells('changes', this.#at, cells) : null
    this.#frames.set(key, frame)
    return frame
  }

  change(cell: LiveCell): Uint8Array | null {
    if (cell.encodedBy !== this) {
      cell.encoded = this.#encodeChange(cell)
      cell.encodedBy = this
    }
    return cell.encoded
  }

  /** All of a cell's units, also when there are none any more. */
  whole(cell: LiveCell): Uint8Array {
    let bytes = this.#wholes.get(cell)
    if (!bytes) {
      const members = ordered([...cell.members].filter((seat) => this.#maySee(seat)))
      bytes = encodeCell(cell.x, cell.y, true, [], members, this.#since)
      this.#wholes.set(cell, bytes)
    }
    return bytes
  }

  join(cells: readonly Uint8Array[]): Uint8Array {
    return joinCells('changes', this.#at, cells)
  }

  snapshot(city: LiveCity, window: CellWindow): Uint8Array {
    const cells: Uint8Array[] = []
    for (const cell of city.cells.values()) {
      if (cell.members.size > 0 && inWindow(cell, window)) cells.push(this.whole(cell))
    }
    return joinCells('snapshot', this.#at, cells)
  }

  #encodeChange(cell: LiveCell): Uint8Array | null {
    const here: Seat[] = []
    for (let n = 0; n < cell.changes; n++) {
      const seat = cell.changed[n] as Seat
      if (seat.cell === cell && this.#maySee(seat)) here.push(seat)
    }
    const seen = ordered(here)
    const left =
      cell.left.length > 0 ? ordered(cell.left.filter((seat) => seat.cell !== cell && this.#maySee(seat))) : []
    if (seen.length + left.length === 0) return null
    const indices = left.map((seat) => seat.index)
    return encodeCell(cell.x, cell.y, false, indices, seen, this.#since)
  }

  #maySee(seat: Seat) {
    return this.#audience.firmIds === null || mayWatch(this.#audience, seat.unit.firmId)
  }
}
