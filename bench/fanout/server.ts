import { createServer as createHttpServer, type Server } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import type { Fix } from '#domain/fix.ts'
import { LiveFleet } from '#server/fleet/live-fleet.ts'
import { Reach } from '#server/fleet/reach.ts'
import { openEmitPeer } from './emit-peer.ts'
import { openOurPeer } from './our-peer.ts'
import type { PeerName, ToDriver, ToServer } from './talk.ts'
import { recordReader } from './trunk.ts'
import { makeWorld, TENANT, type World } from './world.ts'
import { openWsPeer } from './ws-peer.ts'

/** The measured process: takes fixes from the trunk, judges and keeps them as the product does, and carries them to consoles. */
export interface Peer {
  /** A fix has become a unit's latest. Only per-position peers do anything here. */
  moved?(unitId: string): void
  /** Every 250 ms. */
  tick(now: number): void
  /** Frames it sent, by window, for the ws peer to send again. */
  recorded?(): Uint8Array[][]
}

export type OpenPeer = (server: Server, live: LiveFleet, world: World, recorded: Uint8Array[][]) => Peer

const PEERS: Record<PeerName, OpenPeer> = { ours: openOurPeer, emit: openEmitPeer, ws: openWsPeer }
const TICK_MS = 250

/** History is copied on the side and is not part of this bench. */
const KEPT = Promise.resolve(true)
const NO_HISTORY = { add: () => undefined, kept: () => KEPT }

const say = (message: ToDriver) => process.send?.(message)

async function main(peerName: PeerName) {
  const world = await makeWorld(Date.now())
  const live = new LiveFleet(NO_HISTORY, new Reach())
  const rows = world.units.map((unit) => ({ unit, consentedAt: 0 }))
  live.put(rows, new Map([[TENANT, world.bounds]]))
  const listening = createHttpServer()
  let peer: Peer | null = null
  const ids = world.units.map(({ id }) => id)
  const fix = newFix()
  const report = [fix]
  const take = recordReader((n, at, lng, lat) => {
    const unitId = ids[n] ?? ''
    fix.at = at
    fix.lng = lng
    fix.lat = lat
    const [verdict] = live.take(unitId, report, at).verdicts
    if (verdict?.verdict !== 'latest') throw new Error(`unit ${n}: ${JSON.stringify(verdict)}`)
    peer?.moved?.(unitId)
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
const newFix = (): Fix => ({
  at: 0,
  lng: 0,
  lat: 0,
  accuracyM: 10,
  speedMps: null,
  headingDeg: 90,
  altitudeM: null,
  batteryPct: null,
  source: 'simulator',
})

process.on('SIGTERM', () => process.exit(0))
await main(process.argv[2] as PeerName)
