import { randomBytes, randomUUID } from 'node:crypto'
import { and, desc, eq } from 'drizzle-orm'
import type { Tx } from '#db/connect.ts'
import { devices } from '#db/schema/fleet.ts'
import { isRefused, type Refused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import type { Ask } from '#server/serving.ts'
import * as wire from '#wire/routes/fleet.ts'
import { hashOf } from './device-book.ts'
import * as kept from './queries.ts'
import type { FleetShop } from './routes.ts'
import { permits } from './unit-routes.ts'

/** Everything of a device but the hash of its secret. */
const FACE = {
  id: devices.id,
  unitId: devices.unitId,
  label: devices.label,
  createdAt: devices.createdAt,
  revokedAt: devices.revokedAt,
  lastSeenAt: devices.lastSeenAt,
}

export const newSecret = (): string => randomBytes(18).toString('base64url')

export function deviceRoutes(shop: FleetShop): void {
  const { db, serve } = shop
  serve(wire.devices, async ({ tenant, reader, params }) => {
    const unit = await kept.unitById(db, tenant, params.id)
    if (!unit || !permits(reader, 'device.manage', unit)) return refused('unknown')
    return db.select(FACE).from(devices).where(eq(devices.unitId, unit.id)).orderBy(desc(devices.createdAt))
  })
  serve(wire.addDevice, async (ask) => {
    const secret = newSecret()
    const id = randomUUID()
    const device = await carryOut(db, ask.command, ask.now, (tx) => addDevice(tx, ask, id, secret))
    if (isRefused(device)) return device as Refused<'unknown' | 'keyReused'>
    // A repeated command made no device: its secret left in the first answer and is kept nowhere.
    return (device as wire.Device).id === id ? { device: device as wire.Device, secret } : refused('conflict')
  })
  serve(wire.revokeDevice, async (ask) => {
    const answer = await carryOut(db, ask.command, ask.now, (tx) => revokeDevice(tx, ask))
    if (answer.ok) shop.fleet.devices.revoked(ask.params.id)
    return answer
  })
}

async function addDevice(
  tx: Tx,
  { tenant, reader, params, body, now }: Ask<typeof wire.addDevice>,
  id: string,
  secret: string,
): Promise<wire.Device | Refused<'unknown'>> {
  const unit = await kept.unitById(tx, tenant, params.id)
  if (!unit || !permits(reader, 'device.manage', unit)) return refused('unknown')
  const device: wire.Device = {
    id,
    unitId: unit.id,
    label: body.label,
    createdAt: now,
    revokedAt: null,
    lastSeenAt: null,
  }
  await tx.insert(devices).values({ ...device, tenant, secretHash: hashOf(secret) })
  return device
}

/** Twice is once: a device stays revoked from the first time. */
async function revokeDevice(
  tx: Tx,
  { tenant, reader, params, now }: Ask<typeof wire.revokeDevice>,
): Promise<{ ok: true } | Refused<'unknown'>> {
  const [device] = await tx
    .select()
    .from(devices)
    .where(and(eq(devices.tenant, tenant), eq(devices.id, params.id)))
    .for('update')
  const unit = device && (await kept.unitById(tx, tenant, device.unitId))
  if (!unit || !permits(reader, 'device.manage', unit)) return refused('unknown')
  if (device.revokedAt === null) await tx.update(devices).set({ revokedAt: now }).where(eq(devices.id, device.id))
  return { ok: true }
}
