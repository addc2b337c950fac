import type { Grant, Role } from '#domain/access.ts'
import type { Instant } from '#domain/instant.ts'
import { fleetAudience } from '#server/fleet/audience.ts'
import type { LiveFleet } from '#server/fleet/live-fleet.ts'
import { decodeFrame } from '#wire/fleet-frame.ts'
import { applyFrame, type FleetPicture } from '#wire/fleet-picture.ts'
import type { CellWindow } from '#wire/sockets.ts'

export const EVERYWHERE: CellWindow = { west: 0, east: 8_191, north: 0, south: 8_191 }

export const grant = (role: Role, firmId: string | null = null, unitId: string | null = null, tenant = 'a'): Grant => ({
  tenant,
  role,
  districtCode: null,
  subdistrictCode: null,
  neighbourhoodCode: null,
  firmId,
  unitId,
  ticketId: null,
})

/** A console without a socket: reads what it is sent, and can be told that it cannot take more. */
export function watchFleet(live: LiveFleet, grants: Grant[], window: CellWindow, now: Instant) {
  const tenant = live.tenant('a')
  const audience = fleetAudience(grants, 'a')
  if (!tenant || !audience) throw new Error('may watch nobody')
  const picture: FleetPicture = new Map()
  const seen = { picture, writable: true, bytes: [] as Uint8Array[] }
  const read = (bytes: Uint8Array) => {
    const frame = decodeFrame(bytes)
    if (!frame) throw new Error('no frame')
    applyFrame(picture, frame)
  }
  const watching = tenant.fanOut.join(audience, {
    isWritable: () => seen.writable,
    send: (bytes) => {
      seen.bytes.push(bytes)
      read(bytes)
    },
  })
  const watch = (to: CellWindow) => read(watching.watch(to, now))
  watch(window)
  return Object.assign(seen, { watch, stop: () => watching.stop() })
}
