import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { Registry } from 'prom-client'
import { WebSocket } from 'ws'
import { type OpenDb, openDb } from '#db/connect.ts'
import { devices } from '#db/schema/fleet.ts'
import { type MovableClock, movableClock } from '#server/clock.ts'
import { type DeviceDoor, openDeviceDoor } from '#server/doors/devices/door.ts'
import type { PerMinute } from '#server/doors/devices/limits.ts'
import { routeUpgrades } from '#server/doors/upgrade.ts'
import { hashOf } from '#server/fleet/device-book.ts'
import { type Fleet, openFleet } from '#server/fleet/fleet.ts'
import { realTicker } from '#server/ticker.ts'
import { type BinaryToDevice, decodeToDevice } from '#wire/device-binary.ts'
import type { ToDevice } from '#wire/device-frame.ts'
import { addTenant, addUnits, unitRow } from './fleet-city.ts'
import { cloneDatabase } from './postgres.ts'

/** The device doors over a live fleet and a database of their own, listening on a port of their own. */
export interface DeviceWorld {
  clock: MovableClock
  opened: OpenDb
  fleet: Fleet
  door: DeviceDoor
  registry: Registry
  url: string
  close(): Promise<void>
}

export const secretOf = (index: number) => `secret-of-device-${index}`

export async function openDeviceWorld(now: number, unitCount: number, perMinute?: PerMinute): Promise<DeviceWorld> {
  const database = await cloneDatabase()
  const opened = openDb(database.url)
  const clock = movableClock(now)
  await addTenant(opened.db, 'a')
  const rows = Array.from({ length: unitCount }, (_, index) => unitRow('a', index, now - 3_600_000))
  await addUnits(opened.db, rows, now - 3_600_000)
  await opened.db.insert(devices).values(
    rows.map(({ id, index }) => ({
      id: `device-${index}`,
      tenant: 'a',
      unitId: id,
      label: 'phone',
      secretHash: hashOf(secretOf(index)),
      createdAt: now,
    })),
  )
  const fleet = await openFleet({ db: opened.db, clock, ticker: realTicker })
  const registry = new Registry()
  const door = openDeviceDoor({ desk: deskOf(fleet), clock, ticker: realTicker, registry, perMinute })
  const listening = createServer()
  const http = Fastify({ serverFactory: (handle) => listening.on('request', handle) })
  await door.register(http)
  routeUpgrades(listening, [door.upgrades])
  await http.listen({ port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
  const close = async () => {
    door.stop()
    await http.close()
    await fleet.stop()
    await opened.close()
    await database.drop()
  }
  return { clock, opened, fleet, door, registry, url, close }
}

export const deskOf = (fleet: Fleet) => ({
  known: (secret: string, now: number) => fleet.devices.known(secret, now),
  identify: (secret: string, now: number) => fleet.devices.identify(secret, now),
  take: fleet.take,
  onRevoked: (tell: (deviceId: string) => void) => fleet.devices.onRevoked(tell),
})

export interface SpokenSocket {
  socket: WebSocket
  /** Everything said to the device so far. */
  heard: (ToDevice | BinaryToDevice)[]
  /** Resolves with the first frame, past or future, that fits. */
  hear(fits: (frame: ToDevice | BinaryToDevice) => boolean): Promise<ToDevice | BinaryToDevice>
  closed: Promise<{ code: number; reason: string }>
}

export async function speak(url: string, headers: Record<string, string> = {}): Promise<SpokenSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/devices`, { headers })
  const heard: SpokenSocket['heard'] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? decodeToDevice(data as Buffer) : (JSON.parse(String(data)) as ToDevice)
    if (!frame) throw new Error('the server said what no device understands')
    heard.push(frame)
    for (const look of waiting) look()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  const hear: SpokenSocket['hear'] = (fits) =>
    new Promise((resolve) => {
      const look = () => {
        const found = heard.find(fits)
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  return { socket, heard, hear, closed }
}
