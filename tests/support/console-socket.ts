import { io, type Socket } from 'socket.io-client'
import type { FeedRange } from '#domain/feed.ts'
import { decodeFrame } from '#wire/fleet-frame.ts'
import { applyFrame, type FleetPicture } from '#wire/fleet-picture.ts'
import { type CellWindow, CONSOLE_SOCKET_PATH, type FromConsole, type ToConsole, type Truth } from '#wire/sockets.ts'

/** A console's socket, and everything it was told. */
export interface OpenConsole {
  socket: Socket<ToConsole, FromConsole>
  ranges: FeedRange[]
  resyncs: string[]
  truths: Truth[]
  reach: { joined: string[]; left: string[] }[]
  picture: FleetPicture
  frames: number
  watch(window: CellWindow | null): Promise<void>
  /** Resolves once `isSo` holds after something was told. */
  until(isSo: () => boolean): Promise<void>
  closed: Promise<string>
}

/** Opens a console's socket, or answers why not. */
export async function openConsole(
  url: string,
  headers: Record<string, string>,
  tenant?: string,
): Promise<OpenConsole | string> {
  const socket: OpenConsole['socket'] = io(url, {
    path: CONSOLE_SOCKET_PATH,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
    auth: tenant === undefined ? {} : { tenant },
  })
  const waiting = new Set<() => void>()
  const told = () => {
    for (const look of waiting) look()
  }
  const console: OpenConsole = {
    socket,
    ranges: [],
    resyncs: [],
    truths: [],
    reach: [],
    picture: new Map(),
    frames: 0,
    watch: (window) =>
      new Promise((resolve) => {
        socket.emit('fleet:watch', window, (bytes) => {
          read(bytes)
          resolve()
        })
      }),
    until: (isSo) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isSo()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    closed: new Promise((resolve) => {
      socket.on('disconnect', (reason) => resolve(reason))
    }),
  }
  const read = (bytes: Uint8Array) => {
    const frame = decodeFrame(new Uint8Array(bytes))
    if (!frame) throw new Error('no frame')
    console.frames++
    applyFrame(console.picture, frame)
  }
  const keep =
    <T>(into: T[]) =>
    (what: T) => {
      into.push(what)
      told()
    }
  socket.on('feed:range', keep(console.ranges))
  socket.on('feed:resync', keep<string>(console.resyncs))
  socket.on('truth', keep(console.truths))
  socket.on('fleet:reach', keep(console.reach))
  socket.on('fleet:frame', (bytes) => {
    read(bytes)
    told()
  })
  return new Promise((resolve) => {
    socket.on('hello', () => resolve(console))
    socket.on('connect_error', (error) => {
      socket.disconnect()
      resolve(error.message)
    })
  })
}
