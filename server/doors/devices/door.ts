import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import type { RawData, WebSocket } from 'ws'
import { SECOND_MS } from '#domain/instant.ts'
import type { Clock } from '#server/clock.ts'
import { neverListening, type UpgradeDoor } from '#server/doors/upgrade.ts'
import type { Ticker } from '#server/ticker.ts'
import { MAX_FRAME_BYTES } from '#wire/device-frame.ts'
import { DEVICE_SOCKET_PATH } from '#wire/sockets.ts'
import { deviceCounters } from './counters.ts'
import type { DeviceDesk, Reception } from './desk.ts'
import { DeviceLimits, type PerMinute } from './limits.ts'
import { osmandDoor } from './osmand.ts'
import { owntracksDoor } from './owntracks.ts'
import { DeviceSession, HELLO_WITHIN_MS } from './session.ts'

export interface DeviceDoorOptions {
  desk: DeviceDesk
  clock: Clock
  ticker: Ticker
  registry: Registry
  perMinute?: PerMinute
}

export interface DeviceDoor {
  /** For doors/upgrade.ts. */
  upgrades: UpgradeDoor
  /** Adds `/devices`, `/osmand` and `/owntracks` to the HTTP door. */
  register(http: FastifyInstance): Promise<void>
  /** Tells every device to come back later and lets go of it. */
  stop(): void
}

/** A frame a little over the limit is refused with our code; one far over it is cut off by the socket (close code 1009). */
const MAX_PAYLOAD = MAX_FRAME_BYTES * 2
const PING_MS = 30 * SECOND_MS
const LIMITS_MS = 60 * SECOND_MS
const MAX_SOCKETS_A_DEVICE = 4

interface Open {
  session: DeviceSession
  socket: WebSocket
  /** False from a ping until its pong. */
  isAlive: boolean
  /** Frames that wait for the one before them. */
  waiting: number
}

/** Beyond so many the socket is not read until they are done: memory stays ours. */
const MAX_WAITING = 16

/** Every open socket, and those of each device that has said who it is. */
class OpenSockets {
  readonly all = new Set<Open>()
  readonly #byDevice = new Map<string, Set<Open>>()

  of(deviceId: string): Iterable<Open> {
    return this.#byDevice.get(deviceId) ?? []
  }

  /** A device that reconnects while its old sockets hang may have a few; beyond that the oldest goes. */
  known(entry: Open, deviceId: string) {
    const mine = this.#byDevice.get(deviceId) ?? new Set()
    this.#byDevice.set(deviceId, mine.add(entry))
    const [oldest] = mine
    if (mine.size > MAX_SOCKETS_A_DEVICE) oldest?.session.end('tooMany', 'this device has opened other sockets since')
  }

  gone(entry: Open) {
    this.all.delete(entry)
    const id = entry.session.device?.id
    const mine = id === undefined ? undefined : this.#byDevice.get(id)
    mine?.delete(entry)
    if (id !== undefined && mine?.size === 0) this.#byDevice.delete(id)
  }
}

export function openDeviceDoor({ desk, clock, ticker, registry, perMinute }: DeviceDoorOptions): DeviceDoor {
  const at: Reception = { desk, limits: new DeviceLimits(perMinute), counters: deviceCounters(registry) }
  const open = new OpenSockets()
  const upgrades = neverListening(DEVICE_SOCKET_PATH)
  desk.onRevoked((deviceId) => {
    for (const { session } of [...open.of(deviceId)]) session.end('revokedDevice', 'this device was revoked')
  })
  const stops = [
    ticker.every(PING_MS, () => ping(open.all)),
    ticker.every(SECOND_MS, () => endSilent(open.all, clock)),
    ticker.every(LIMITS_MS, () => at.limits.prune(clock.now())),
  ]
  return {
    upgrades,
    async register(http) {
      await http.register(websocket, {
        options: { server: upgrades.server, maxPayload: MAX_PAYLOAD },
        // Not WebSocket's own rules (1002, 1007, 1009): the library has sent the close already.
        errorHandler: () => at.counters.refused('badFrame'),
      })
      http.get(DEVICE_SOCKET_PATH, { websocket: true, schema: { hide: true } as object }, (socket, request) => {
        attend(at, open, socket, request, clock)
      })
      await http.register(osmandDoor(at, clock))
      await http.register(owntracksDoor(at, clock))
    },
    stop() {
      for (const stop of stops) stop()
      for (const { session } of open.all) session.end('serverStopping', 'the server stops, come back soon')
    },
  }
}

function attend(at: Reception, open: OpenSockets, socket: WebSocket, request: FastifyRequest, clock: Clock) {
  const session = new DeviceSession(
    at,
    wireOf(socket, request.ip),
    () => clock.now(),
    (device) => open.known(entry, device.id),
  )
  const entry: Open = { session, socket, isAlive: true, waiting: 0 }
  open.all.add(entry)
  at.counters.sockets(1)
  socket.on('message', (message: RawData, isBinary: boolean) => read(entry, message as Buffer, isBinary))
  socket.on('pong', () => {
    entry.isAlive = true
  })
  socket.on('close', () => {
    open.gone(entry)
    session.left()
    at.counters.sockets(-1)
  })
  const secret = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (secret !== undefined) void session.authorize(secret)
}

function read(entry: Open, bytes: Buffer, isBinary: boolean) {
  const { session, socket } = entry
  entry.waiting++
  if (entry.waiting === MAX_WAITING) socket.pause()
  void session.receive(isBinary ? bytes : bytes.toString('utf8')).finally(() => {
    entry.waiting--
    if (entry.waiting === 0 && socket.isPaused) socket.resume()
  })
}

const wireOf = (socket: WebSocket, address: string) => ({
  address,
  get heldBack() {
    return socket.bufferedAmount
  },
  send: (frame: string | Uint8Array) => socket.send(frame),
  close: (code: number, reason: string) => socket.close(code, reason),
})

/** Half-open sockets are found by their silence. */
function ping(open: Iterable<Open>) {
  for (const entry of open) {
    if (!entry.isAlive) entry.socket.terminate()
    else entry.socket.ping()
    entry.isAlive = false
  }
}

function endSilent(open: Iterable<Open>, clock: Clock) {
  // Devices speak in real time, however fast the served time runs.
  const within = HELLO_WITHIN_MS * clock.speed
  for (const { session } of open) {
    const isSilent = !session.hasShownSecret && clock.now() - session.openedAt > within
    if (isSilent) session.end('unknownDevice', 'no hello came')
  }
}
