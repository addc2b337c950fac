import { Server } from 'socket.io'
import { may } from '#domain/access.ts'
import { MINUTE_MS, SECOND_MS } from '#domain/instant.ts'
import type { Clock } from '#server/clock.ts'
import { isForeignSocket } from '#server/doors/http/origin.ts'
import { neverListening, type UpgradeDoor } from '#server/doors/upgrade.ts'
import type { FeedSockets } from '#server/feed/publisher.ts'
import { readerOf } from '#server/reader.ts'
import type { Reader, RightsChanged } from '#server/serving.ts'
import type { Ticker } from '#server/ticker.ts'
import type { ErrorCode } from '#wire/codes.ts'
import { CONSOLE_SOCKET_PATH, type FromConsole, type ToConsole } from '#wire/sockets.ts'
import { Console, type ConsoleSocket, coverAskedOf, heldBack, MOST_HELD_BACK, mayHear, windowOf } from './console.ts'
import type { ConsoleDesk } from './desk.ts'
import { Groups } from './groups.ts'
import { rooms } from './rooms.ts'

export interface ConsoleDoorOptions {
  desk: ConsoleDesk
  clock: Clock
  ticker: Ticker
  allowedOrigins: readonly string[]
}

export interface ConsoleDoor {
  /** For doors/upgrade.ts. */
  upgrades: UpgradeDoor
  /** For the publisher. */
  sockets: FeedSockets
  /** Open sockets of the account ask again who they are. */
  rightsChanged: RightsChanged
  /** How many are open. */
  count(): number
  stop(): Promise<void>
}

type Consoles = Server<FromConsole, ToConsole, Record<string, never>, { reader: Reader }>

/** A page that lost its network is known to be gone after 15 s at most: no offer should wait for it longer. */
const PING_MS = 10 * SECOND_MS
const PONG_MS = 5 * SECOND_MS
const TRUTH_MS = SECOND_MS
/** Sessions end and other processes change rights without telling us. */
const ASK_AGAIN_MS = 5 * MINUTE_MS
const MOST_WATCHES_A_SECOND = 20

export function openConsoleDoor({ desk, clock, ticker, allowedOrigins }: ConsoleDoorOptions): ConsoleDoor {
  const upgrades = neverListening(CONSOLE_SOCKET_PATH)
  const io: Consoles = new Server(upgrades.server, {
    path: CONSOLE_SOCKET_PATH,
    transports: ['websocket'],
    serveClient: false,
    pingInterval: PING_MS,
    pingTimeout: PONG_MS,
    maxHttpBufferSize: 16_384,
    allowRequest: (request, answer) => answer(null, !isForeignSocket(request.headers, allowedOrigins)),
  })
  const groups = new Groups()
  const open = new Map<string, Console>()
  const reader = async (socket: ConsoleSocket): Promise<Reader | ErrorCode> => {
    const signedIn = await desk.identify(socket.handshake.headers)
    if (!signedIn) return 'notSignedIn'
    const found = readerOf(signedIn, wantedTenant(socket))
    return mayHear(found) && desk.position(found.tenant) ? found : 'notAllowed'
  }
  io.use((socket, next) => {
    reader(socket).then(
      (found) => {
        if (typeof found === 'string') return next(new Error(found))
        socket.data.reader = found
        next()
      },
      () => next(new Error('internal')),
    )
  })
  io.on('connection', (socket) => attend(socket, desk, groups, open, clock))
  const askAgain = async (console: Console) => {
    const found = await reader(console.socket).catch(() => null)
    if (found === null || !console.socket.connected) return
    if (typeof found === 'string') console.socket.disconnect(true)
    else if (JSON.stringify(found) !== JSON.stringify(console.reader)) console.become(found, clock.now())
  }
  const stops = [
    ticker.every(TRUTH_MS, () => beat(io, desk, groups, open, clock)),
    ticker.every(ASK_AGAIN_MS, () => {
      for (const console of open.values()) void askAgain(console)
    }),
  ]
  return {
    upgrades,
    sockets: { groups: (tenant) => feedGroups(io, groups, tenant) },
    rightsChanged: (userId) => {
      for (const console of open.values()) if (console.reader.userId === userId) void askAgain(console)
    },
    count: () => open.size,
    async stop() {
      for (const stop of stops) stop()
      io.disconnectSockets(true)
      await io.close()
    },
  }
}

/** An account with grants in several cities says in its handshake which one this window shows. */
const wantedTenant = (socket: ConsoleSocket): string | undefined => {
  const { tenant } = socket.handshake.auth as { tenant?: unknown }
  return typeof tenant === 'string' ? tenant : undefined
}

function attend(socket: ConsoleSocket, desk: ConsoleDesk, groups: Groups, open: Map<string, Console>, clock: Clock) {
  const console = new Console(socket, desk, groups)
  open.set(socket.id, console)
  socket.on('disconnect', () => {
    open.delete(socket.id)
    console.leave()
  })
  let [second, watches] = [0, 0]
  const isTooOften = () => {
    const now = Math.floor(clock.now() / SECOND_MS)
    watches = now === second ? watches + 1 : 1
    second = now
    return watches > MOST_WATCHES_A_SECOND
  }
  socket.on('fleet:watch', (given: unknown, answer: unknown) => {
    const window = windowOf(given)
    if (window === undefined || typeof answer !== 'function' || isTooOften()) {
      socket.disconnect(true)
      return
    }
    answer(console.watch(window, clock.now()))
  })
  socket.on('cover:watch', (given: unknown, answer: unknown) => {
    const asked = coverAskedOf(given)
    if (asked === undefined || typeof answer !== 'function' || isTooOften()) {
      socket.disconnect(true)
      return
    }
    void console.watchCover(asked).then(
      (state) => answer(state),
      () => answer(null),
    )
  })
  // In the group's room already: whatever is told from here on reaches it, so this is where the console starts from.
  const { epoch, seq } = desk.position(console.reader.tenant) ?? { epoch: '', seq: 0 }
  socket.emit('hello', { version: desk.version, epoch, seq, now: clock.now(), speed: clock.speed })
}

function* feedGroups(io: Consoles, groups: Groups, tenant: string) {
  for (const { key, grants } of groups.of(tenant)) {
    const room = io.to(rooms.group(tenant, key))
    yield {
      grants,
      send: (range: Parameters<ToConsole['feed:range']>[0]) => room.emit('feed:range', range),
      resync: (reason: Parameters<ToConsole['feed:resync']>[0]) => room.emit('feed:resync', reason),
    }
  }
}

/** Once a second: the truth, whose page came or went, and whoever no longer takes what is sent. */
function beat(io: Consoles, desk: ConsoleDesk, groups: Groups, open: ReadonlyMap<string, Console>, clock: Clock) {
  for (const tenant of groups.tenants) {
    const truth = desk.truth(tenant, clock.now())
    if (truth) io.to(rooms.tenant(tenant)).volatile.emit('truth', truth)
  }
  const changes = desk.reachChanges()
  if (changes.length > 0) tellReach(io, groups, changes)
  for (const { socket } of open.values()) if (heldBack(socket) > MOST_HELD_BACK) socket.disconnect(true)
}

function tellReach(io: Consoles, groups: Groups, changes: ReturnType<ConsoleDesk['reachChanges']>) {
  for (const tenant of groups.tenants) {
    for (const { key, grants } of groups.of(tenant)) {
      const seen = changes.filter(({ unit: { id, firmId, districtCode, subdistrictCode, tenant } }) => {
        const firmIds = firmId === null ? [] : [firmId]
        return may(grants, 'unit.read', { tenant, districtCode, subdistrictCode, firmIds, unitIds: [id] })
      })
      if (seen.length === 0) continue
      const ids = (isReachable: boolean) =>
        seen.filter((change) => change.isReachable === isReachable).map(({ unit }) => unit.id)
      io.to(rooms.group(tenant, key)).emit('fleet:reach', { joined: ids(true), left: ids(false) })
    }
  }
}
