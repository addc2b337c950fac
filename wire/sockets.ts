import type { Asked } from '#domain/cover.ts'
import type { CoverState } from '#domain/cover-state.ts'
import type { FeedRange } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import type { ResyncReason } from '#wire/codes.ts'

/** Socket.IO path of the consoles (dispatch console, field page, manager pages). Websocket transport only. */
export const CONSOLE_SOCKET_PATH = '/console-socket'

/** Path of the device socket (native frames). */
export const DEVICE_SOCKET_PATH = '/devices'

/** The server's heartbeat to every console, each second: what the truth bar is made of (P8). */
export interface Truth {
  now: Instant
  epoch: string
  /** Last sequence number committed in the tenant, whether or not this reader may see it. */
  seq: number
  /** When that event was committed. */
  lastEventAt: Instant | null
  /** Units on duty, and how many of them have a fresh fix. */
  onDuty: number
  fresh: number
  /** Last beat of the engine (what happens because time passes). */
  engineAt: Instant | null
  /** Commit to publish of the newest event, milliseconds. */
  publishLagMs: number | null
}

export interface Hello {
  version: string
  epoch: string
  seq: number
  now: Instant
  speed: number
}

/** Which cells of the map a console sees: tile columns and rows at FLEET_CELL_ZOOM, inclusive. null = none. */
export interface CellWindow {
  west: number
  east: number
  north: number
  south: number
}

export interface ToConsole {
  hello: (hello: Hello) => void
  truth: (truth: Truth) => void
  'feed:range': (range: FeedRange) => void
  'feed:resync': (reason: ResyncReason) => void
  /** One binary frame of wire/fleet-frame.ts: all changed cells this console sees. */
  'fleet:frame': (frame: Uint8Array) => void
  /** Units whose page connected or left. */
  'fleet:reach': (change: { joined: string[]; left: string[] }) => void
  /** The cover that is watched: when it has changed, and now and then when it has not. */
  'cover:state': (state: CoverState) => void
}

export interface FromConsole {
  /** Replaces the window; the answer is a snapshot frame of the cells in it. */
  'fleet:watch': (window: CellWindow | null, answer: (frame: Uint8Array) => void) => void
  /** Whose cover is watched from now on: a skill's, anybody's (null), nobody's (false). The answer is how it is now; null = not for this reader. */
  'cover:watch': (asked: Asked | false, answer: (state: CoverState | null) => void) => void
}
