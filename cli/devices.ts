import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Db, DbOrTx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import { devices } from '#db/schema/fleet.ts'
import type { Instant } from '#domain/instant.ts'
import type { Unit } from '#domain/units.ts'
import { hashOf } from '#server/fleet/device-book.ts'

export const newSecret = (): string => randomBytes(18).toString('base64url')

export interface BoundDevice {
  id: string
  secret: string
}

type Owner = Pick<Unit, 'id' | 'tenant'>

/** Binds one device to a unit; the secret leaves in this answer and is kept only as a hash. */
export async function bindDevice(db: DbOrTx, unit: Owner, label: string, now: Instant): Promise<BoundDevice> {
  const secret = newSecret()
  const id = randomUUID()
  await db
    .insert(devices)
    .values({ id, tenant: unit.tenant, unitId: unit.id, label, secretHash: hashOf(secret), createdAt: now })
  return { id, secret }
}

/**
 * Devices of made-up or recorded units, all at once. Their secrets are derived from one key of this installation, so that each
 * run finds them again and no list of a thousand secrets lies on the disk.
 */
export async function bindMany(
  db: Db,
  key: Buffer,
  units: readonly Owner[],
  label: string,
  now: Instant,
): Promise<Map<string, string>> {
  const secrets = new Map(units.map(({ id }) => [id, derived(key, label, id)]))
  const rows = units.map(({ id, tenant }) => {
    const secretHash = hashOf(secrets.get(id) as string)
    return { id: `${label}-${secretHash.slice(0, 24)}`, tenant, unitId: id, label, secretHash, createdAt: now }
  })
  await insertRows(db, devices, rows, 'skip')
  return secrets
}

const derived = (key: Buffer, label: string, unitId: string) =>
  createHmac('sha256', key).update(`${label}\0${unitId}`).digest('base64url').slice(0, 24)

/** Made on first use, readable by its owner alone. */
export function deviceKey(dataDir: string): Buffer {
  const path = join(dataDir, 'device-key')
  mkdirSync(dataDir, { recursive: true })
  if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600 })
  return readFileSync(path)
}
