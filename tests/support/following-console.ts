import { io, type Socket } from 'socket.io-client'
import { FeedFollower } from '#console/lib/feed/follow.ts'
import type { FeedEvent } from '#domain/feed.ts'
import { CONSOLE_SOCKET_PATH, type FromConsole, type ToConsole } from '#wire/sockets.ts'
import { type Asker, CITY } from './app.ts'

/** A console without a screen: the socket, the routes and the feed's own logic as the page has them, and a cable that can be pulled. */
export interface FollowingConsole {
  follower: FeedFollower
  /** Every event in the order in which it was applied. */
  applied: FeedEvent[]
  /** Pulls the cable: the socket dies without a farewell, requests under way fail. */
  cut(): void
  /** Plugs it in again. */
  heal(): void
  /** The next range that the socket brings is lost on its way. */
  loseNext(): void
  /** Resolves once everything up to this number has been applied and nothing is owed. */
  reached(seq: number): Promise<void>
  end(): void
}

export async function followConsole(url: string, { headers }: Asker): Promise<FollowingConsole> {
  const socket: Socket<ToConsole, FromConsole> = io(url, {
    path: CONSOLE_SOCKET_PATH,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
    auth: { tenant: CITY },
  })
  const applied: FeedEvent[] = []
  const cable = cableOf()
  const lookers = new Set<() => void>()
  const moved = () => {
    for (const look of lookers) look()
  }
  const follower = new FeedFollower(
    {
      snapshot: () => cable.ask(`${url}/api/feed/snapshot`, headers),
      since: ({ epoch, at }) => cable.ask(`${url}/api/feed?since=${at}&epoch=${epoch}`, headers),
      wait: () => cable.plugged(),
    },
    { reset: () => undefined, apply: (events) => applied.push(...events), moved },
  )
  let isLosing = false
  socket.on('feed:range', (range) => {
    if (isLosing) isLosing = false
    else void follower.receive(range)
  })
  socket.on('feed:resync', () => void follower.resync())
  socket.on('truth', (truth) => void follower.heartbeat(truth.epoch, truth.seq))
  socket.on('hello', (hello) => void follower.reconnected(hello.epoch, hello.seq))
  await new Promise<void>((resolve) => socket.once('hello', () => resolve()))
  await follower.start()
  return {
    follower,
    applied,
    cut: () => {
      cable.pull()
      socket.io.engine?.close()
      socket.disconnect()
    },
    heal: () => {
      cable.plug()
      socket.connect()
    },
    loseNext: () => {
      isLosing = true
    },
    reached: (seq) =>
      new Promise((resolve) => {
        const look = () => {
          if (follower.place?.at !== seq || follower.phase !== 'following') return
          lookers.delete(look)
          resolve()
        }
        lookers.add(look)
        look()
      }),
    end: () => {
      follower.stop()
      socket.disconnect()
    },
  }
}

/** What requests go through: none gets through while it is pulled, and none that was under way comes back. */
function cableOf() {
  let pulled: AbortController | null = new AbortController()
  let waiting: (() => void)[] = []
  return {
    pull: () => {
      pulled?.abort()
      pulled = null
    },
    plug: () => {
      pulled ??= new AbortController()
      for (const goOn of waiting) goOn()
      waiting = []
    },
    plugged: () => new Promise<void>((resolve) => (pulled ? setImmediate(resolve) : waiting.push(resolve))),
    ask: async <T>(url: string, headers: Record<string, string>): Promise<T | null> => {
      if (!pulled) return null
      try {
        const answer = await fetch(url, { headers, signal: pulled.signal })
        return answer.ok ? ((await answer.json()) as T) : null
      } catch {
        return null
      }
    },
  }
}
