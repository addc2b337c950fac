import { createServer as createHttpServer, type Server } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import type { ReceivedFix } from '#domain/fix.ts'
import { LiveFleet } from '#server/fleet/live-fleet.ts'
import { Reach } from '#server/fleet/reach.ts'
import { draw, type Seat } from '#server/fleet/seat.ts'
import { openEmitPeer } from './emit-peer.ts'
import { openOurPeer } from './our-peer.ts'
import type { PeerName, ToDriver, ToServer } from './talk.ts'
import { recordReader } from './trunk.ts'
import { makeWorld, TENANT, type World } from './world.ts'
import { openWsPeer } from './ws-peer.ts'

/**
 * The measured process: judged fixes come in by the trunk and are carried to consoles. Judging and keeping them is the same
 * work whoever carries them, and is measured by the bench `take`.
 */
export interface Peer {
  /** A unit's latest fix is this; its seat is drawn already. */
  moved(seat: Seat, fix: ReceivedFix): void
  /** Every 250 ms. */
  tick(now: number): void
  /** Frames it sent, by window, for the ws peer to send again. */
  recorded?(): Uint8Array[][]
}

export type OpenPeer = (server: Server, live: LiveFleet, world: World, recorded: Uint8Array[][]) => Peer

const PEERS: Record<PeerName, OpenPeer> = { ours: openOurPeer, emit: openEmitPeer, ws: openWsPeer }
const TICK_MS = 250

const NO_HISTORY = { add: () => undefined, kept: () => Promise.resolve(true) }

const say = (message: ToDriver) => process.send?.(message)

async function main(peerName: PeerName) {
  const world = await makeWorld(Date.now())
  const live = new LiveFleet(NO_HISTORY, new Reach())
  const rows = world.units.map((unit) => ({ unit, consentedAt: 0 }))
  live.put(rows, new Map([[TENANT, world.bounds]]))
  const listening = createHttpServer()
  let peer: Peer | null = null
  const seats = world.units.map(({ id }) => live.seat(id) as Seat)
  const fix = newFix()
  const take = recordReader((n, at, lng, lat) => {
    fix.at = at
    fix.receivedAt = at
    fix.lng = lng
    fix.lat = lat
    const seat = seats[n] as Seat
    draw(seat, fix)
    peer?.moved(seat, fix)
  })
  const trunk = createServer((socket) => socket.on('data', take))
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => trunk.listen(0, '127.0.0.1', resolve))
  let cpu = process.cpuUsage()
  process.on('message', (message: ToServer) => {
    if (message.do === 'open') {
      peer = PEERS[peerName](listening, live, world, message.recorded)
      say({ is: 'open' })
    }
    if (message.do === 'start') setInterval(() => peer?.tick(Date.now()), TICK_MS)
    if (message.do === 'mark') cpu = process.cpuUsage()
    if (message.do === 'measure') {
      const used = process.cpuUsage(cpu)
      say({ is: 'measured', cpuNs: (used.user + used.system) * 1_000 })
    }
    if (message.do === 'recorded') say({ is: 'recorded', frames: peer?.recorded?.() ?? [] })
  })
  say({ is: 'listening', port: portOf(listening), trunkPort: (trunk.address() as AddressInfo).port })
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** One object for every fix: nobody keeps it. */
const newFix = (): ReceivedFix => ({
  at: 0.5,
  receivedAt: 0.5,
  lng: 0.5,
  lat: 0.5,
  accuracyM: 10,
  speedMps: null,
  headingDeg: 90,
  altitudeM: null,
  batteryPct: null,
  source: 'simulator',
})

process.on('SIGTERM', () => process.exit(0))
await main(process.argv[2] as PeerName)
