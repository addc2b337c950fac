import { createHash } from 'node:crypto'
import { eq, gt, isNull, sql } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import { devices } from '#db/schema/fleet.ts'
import type { Instant } from '#domain/instant.ts'
import { type Refused, refused } from '#domain/refusal.ts'

export interface KnownDevice {
  ok: true
  id: string
  tenant: string
  unitId: string
}

export type Identified = KnownDevice | Refused<'unknownDevice' | 'revokedDevice'>

/** Only the hash is kept: 144 random bits leave nothing to guess, so no slow hash is needed. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/**
 * Whose secret it is. What was found is remembered until it is revoked; what was not found is asked again, so that a device
 * added by another process works at once.
 */
export class DeviceBook {
  readonly #db: Db
  readonly #meet: (unitId: string) => Promise<void>
  readonly #known = new Map<string, KnownDevice>()
  readonly #hashes = new Map<string, string>()
  readonly #seen = new Map<string, Instant>()
  readonly #told = new Set<(deviceId: string) => void>()
  #revokedSince: Instant | null = null

  /** `meet` is told of a unit whose device is met for the first time: another process may have made or changed it. */
  constructor(db: Db, meet: (unitId: string) => Promise<void> = async () => undefined) {
    this.#db = db
    this.#meet = meet
  }

  /** All devices that may speak, so that after a restart each is known at once. */
  async load(): Promise<void> {
    for (const row of await this.#db.select().from(devices).where(isNull(devices.revokedAt))) this.#keep(row)
  }

  /** From memory alone. */
  known(secret: string, now: Instant): KnownDevice | null {
    const device = this.#known.get(hashOf(secret))
    if (device) this.#seen.set(device.id, now)
    return device ?? null
  }

  async identify(secret: string, now: Instant): Promise<Identified> {
    const hash = hashOf(secret)
    const device = this.#known.get(hash) ?? (await this.#find(hash))
    if (device.ok) this.#seen.set(device.id, now)
    return device
  }

  /** The callback hears of every revoked device once, soon after it was revoked anywhere. */
  onRevoked(tell: (deviceId: string) => void): void {
    this.#told.add(tell)
  }

  /** To be called after the commit that revokes it. */
  revoked(deviceId: string): void {
    const hash = this.#hashes.get(deviceId)
    if (hash) this.#known.delete(hash)
    this.#hashes.delete(deviceId)
    for (const tell of this.#told) tell(deviceId)
  }

  /** Learns what other processes revoked and writes when devices were last seen. */
  async refresh(now: Instant): Promise<void> {
    const since = this.#revokedSince ?? now - REVOKED_OVERLAP_MS
    const rows = await this.#db.select({ id: devices.id }).from(devices).where(gt(devices.revokedAt, since))
    this.#revokedSince = now - REVOKED_OVERLAP_MS
    for (const { id } of rows) if (this.#hashes.has(id)) this.revoked(id)
    await this.#writeSeen()
  }

  async #find(hash: string): Promise<Identified> {
    const [row] = await this.#db.select().from(devices).where(eq(devices.secretHash, hash))
    if (!row) return refused('unknownDevice')
    if (row.revokedAt !== null) return refused('revokedDevice')
    // A unit whose rows cannot be read now stays owed to the roster; its device is known all the same.
    await this.#meet(row.unitId).catch(() => undefined)
    return this.#keep(row)
  }

  #keep(row: typeof devices.$inferSelect): KnownDevice {
    const device: KnownDevice = { ok: true, id: row.id, tenant: row.tenant, unitId: row.unitId }
    this.#known.set(row.secretHash, device)
    this.#hashes.set(row.id, row.secretHash)
    return device
  }

  async #writeSeen() {
    if (this.#seen.size === 0) return
    const seen = [...this.#seen].map(([id, at]) => ({ id, at: new Date(at).toISOString() }))
    this.#seen.clear()
    const rows = sql`json_to_recordset(${JSON.stringify(seen)}::json) as seen(id text, at timestamptz)`
    await this.#db.update(devices).set({ lastSeenAt: sql`seen.at` }).from(rows).where(eq(devices.id, sql`seen.id`))
  }
}

/** Commits and clocks of several processes are never quite in step. */
const REVOKED_OVERLAP_MS = 60_000
