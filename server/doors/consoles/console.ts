import type { Duplex } from 'node:stream'
import type { Socket } from 'socket.io'
import { scopeOf } from '#domain/access.ts'
import type { Asked } from '#domain/cover.ts'
import type { CoverState } from '#domain/cover-state.ts'
import type { Instant } from '#domain/instant.ts'
import { SKILLS } from '#domain/units.ts'
import { entitlementKey } from '#server/feed/entitled.ts'
import type { Reader } from '#server/serving.ts'
import { CELLS_ACROSS } from '#wire/fleet-cells.ts'
import { joinCells } from '#wire/fleet-frame.ts'
import type { CellWindow, FromConsole, ToConsole } from '#wire/sockets.ts'
import type { ConsoleDesk, CoverWatching, FrameSink, Watching } from './desk.ts'
import type { Group, Groups } from './groups.ts'
import { rooms } from './rooms.ts'

type None = Record<string, never>
export type ConsoleSocket = Socket<FromConsole, ToConsole, None, { reader: Reader }>

/** More than this held back and a frame of positions is skipped: the next one is newer. */
const FRAMES_HELD_BACK = 131_072
/** More than this held back and the console is let go: events may not be skipped, and it can fetch what it missed. */
export const MOST_HELD_BACK = 4_194_304

/** The WebSocket of `ws` under Socket.IO, which its types do not show. */
interface BareSocket {
  bufferedAmount: number
  _socket?: Pick<Duplex, 'cork' | 'uncork'> | null
}
const bare = (socket: ConsoleSocket) => (socket.conn.transport as unknown as { socket?: BareSocket }).socket

/** Bytes the console has not taken yet. */
export const heldBack = (socket: ConsoleSocket): number => bare(socket)?.bufferedAmount ?? 0

/** Socket.IO sends an event's words and its bytes as two packets. */
const PACKETS_OF_A_FRAME = 2

/** Packets that wait for the WebSocket to be done with the one before. */
const waiting = (socket: ConsoleSocket): number =>
  (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length

const sinkOf = (socket: ConsoleSocket): FrameSink => ({
  // Something short on its way (a truth, an event) is no reason to skip; a frame that waits is.
  isWritable: () => waiting(socket) < PACKETS_OF_A_FRAME && heldBack(socket) < FRAMES_HELD_BACK,
  send: (frame) => {
    // Corked, both packets leave in one write.
    const tcp = bare(socket)?._socket
    tcp?.cork()
    socket.emit('fleet:frame', frame)
    tcp?.uncork()
  },
})

/** The picture of one who may watch nobody (any more). */
const NOTHING = joinCells('snapshot', 0, [])

/** One open console (or field page): which group it hears the feed with, what of the map it sees, which unit it is. */
export class Console {
  readonly socket: ConsoleSocket
  readonly #desk: ConsoleDesk
  readonly #groups: Groups
  reader: Reader
  #group: Group
  #watching: Watching | null
  #cover: CoverWatching | null
  #asked: Asked | false = false
  #window: CellWindow | null = null
  #unitIds: string[]

  constructor(socket: ConsoleSocket, desk: ConsoleDesk, groups: Groups) {
    this.socket = socket
    this.#desk = desk
    this.#groups = groups
    this.reader = socket.data.reader
    this.#group = this.#join()
    this.#watching = desk.watchFleet(this.reader.grants, this.reader.tenant, sinkOf(socket))
    this.#cover = this.#joinCover()
    this.#unitIds = unitsOf(this.reader)
    for (const unitId of this.#unitIds) desk.enter(unitId)
  }

  watch(window: CellWindow | null, now: Instant): Uint8Array {
    this.#window = window
    return this.#watching?.watch(window, now) ?? NOTHING
  }

  async watchCover(asked: Asked | false): Promise<CoverState | null> {
    this.#asked = asked
    return (await this.#cover?.watch(asked)) ?? null
  }

  /** P6: other rights take hold of the open socket at once, and the console starts again from a snapshot. */
  become(reader: Reader, now: Instant): void {
    this.leave()
    this.reader = reader
    this.socket.data.reader = reader
    this.#group = this.#join()
    this.#watching = this.#desk.watchFleet(reader.grants, reader.tenant, sinkOf(this.socket))
    this.#cover = this.#joinCover()
    void this.#cover?.watch(this.#asked).catch(() => undefined)
    this.#unitIds = unitsOf(reader)
    for (const unitId of this.#unitIds) this.#desk.enter(unitId)
    this.socket.emit('feed:resync', 'rightsChanged')
    this.socket.emit('fleet:frame', this.#watching?.watch(this.#window, now) ?? NOTHING)
  }

  leave(): void {
    this.#watching?.stop()
    this.#cover?.stop()
    this.#groups.leave(this.#group)
    for (const room of [rooms.tenant(this.#group.tenant), rooms.group(this.#group.tenant, this.#group.key)]) {
      void this.socket.leave(room)
    }
    for (const unitId of this.#unitIds) this.#desk.leave(unitId)
  }

  /** The next one is whole again: nothing is lost by leaving one out for whoever is slow. */
  #joinCover(): CoverWatching | null {
    const { grants, tenant } = this.reader
    return this.#desk.watchCover(grants, tenant, (state) => {
      if (heldBack(this.socket) < FRAMES_HELD_BACK) this.socket.emit('cover:state', state)
    })
  }

  #join(): Group {
    const { tenant, grants } = this.reader
    const group = this.#groups.enter(tenant, entitlementKey(grants, tenant), grants)
    void this.socket.join([rooms.tenant(tenant), rooms.group(tenant, group.key)])
    return group
  }
}

/** The units a page answers offers for: its socket is what makes them reachable. */
const unitsOf = ({ grants, tenant }: Reader): string[] => {
  const mine = grants.filter((grant) => grant.tenant === tenant && scopeOf(grant.role, 'ticket.answer') === 'unit')
  return [...new Set(mine.map(({ unitId }) => unitId).filter((unitId) => unitId !== null))]
}

export const mayHear = ({ grants }: Reader): boolean =>
  grants.some(({ role }) => scopeOf(role, 'feed.read') !== undefined)

const isColumn = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < CELLS_ACROSS

/** undefined = no window at all: said by a program that is not ours. */
export function windowOf(given: unknown): CellWindow | null | undefined {
  if (given === null) return null
  if (typeof given !== 'object') return undefined
  const { west, east, north, south } = given as Record<string, unknown>
  return isColumn(west) && isColumn(east) && isColumn(north) && isColumn(south)
    ? { west, east, north, south }
    : undefined
}

/** undefined = no question at all: said by a program that is not ours. */
export function coverAskedOf(given: unknown): Asked | false | undefined {
  if (given === null || given === false) return given
  return SKILLS.find((skill) => skill === given)
}
