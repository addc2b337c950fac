import { sql } from 'drizzle-orm'
import type { Db } from '#db/connect.ts'
import type { ReceivedFix } from '#domain/fix.ts'
import type { Instant } from '#domain/instant.ts'
import type { TrailReason } from '#domain/judge.ts'
import { dayOf, ensureDays } from './partitions.ts'

/** One row of `fixes`, by its columns' names. */
interface Row extends Omit<ReceivedFix, 'at' | 'receivedAt'> {
  tenant: string
  unitId: string
  at: Instant
  receivedAt: Instant
  why: TrailReason | null
}

/** Rows that are written together, and who waits for them. */
interface Batch {
  rows: Row[]
  kept: Promise<boolean>
  settle: (isKept: boolean) => void
}

export interface HistoryLimits {
  /** Rows that wait while Postgres is away; beyond it the oldest are dropped and counted. */
  maxWaiting: number
  /** One statement takes at most so many. */
  maxBatch: number
}

export const HISTORY_LIMITS: HistoryLimits = { maxWaiting: 400_000, maxBatch: 5_000 }

/** FL13: copies fixes to Postgres in bulk, on the side: nothing that is live waits for it, and what waits here is bounded. */
export class History {
  readonly #db: Db
  readonly #limits: HistoryLimits
  readonly #days = new Set<Instant>()
  #open = newBatch()
  #waiting: Batch[] = []
  #writing: Promise<void> | null = null
  written = 0
  dropped = 0

  constructor(db: Db, limits: HistoryLimits = HISTORY_LIMITS) {
    this.#db = db
    this.#limits = limits
  }

  get waiting(): number {
    return this.#waiting.reduce((sum, batch) => sum + batch.rows.length, this.#open.rows.length)
  }

  add(tenant: string, unitId: string, fix: ReceivedFix, why: TrailReason | null): void {
    this.#open.rows.push({ tenant, unitId, ...fix, why })
    if (this.#open.rows.length >= this.#limits.maxBatch) this.#close()
  }

  /** Whether everything added so far reached the disk: true once it has, false if it had to be dropped. */
  kept(): Promise<boolean> {
    const last = this.#open.rows.length > 0 ? this.#open : this.#waiting.at(-1)
    return last?.kept ?? Promise.resolve(true)
  }

  /** Writes what has gathered. Never throws: what cannot be written waits for the next call. */
  flush(): Promise<void> {
    if (this.#open.rows.length > 0) this.#close()
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  #close() {
    this.#waiting.push(this.#open)
    this.#open = newBatch()
    while (this.#waiting.length > 1 && this.waiting > this.#limits.maxWaiting) {
      const oldest = this.#waiting.shift()
      this.dropped += oldest?.rows.length ?? 0
      oldest?.settle(false)
    }
  }

  async #writeAll() {
    for (let batch = this.#waiting[0]; batch; batch = this.#waiting[0]) {
      const isWritten = await this.#write(batch.rows)
      if (!isWritten) return
      // It may have been dropped for want of room while it was being written after all.
      if (this.#waiting[0] === batch) this.#waiting.shift()
      this.written += batch.rows.length
      batch.settle(true)
    }
  }

  async #write(rows: readonly Row[]): Promise<boolean> {
    try {
      await this.#ensureDays(rows)
      await insert(this.#db, rows)
      return true
    } catch {
      this.#days.clear()
      return false
    }
  }

  async #ensureDays(rows: readonly Row[]) {
    const missing = new Set(rows.map((row) => dayOf(row.at)).filter((day) => !this.#days.has(day)))
    if (missing.size === 0) return
    await ensureDays(this.#db, [...missing])
    for (const day of missing) this.#days.add(day)
  }
}

function newBatch(): Batch {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  return { rows: [], kept: promise, settle: resolve }
}

/** One parameter for all rows. A fix that a device sends again is the row that is there (FL14). */
const insert = (db: Db, rows: readonly Row[]) =>
  db.execute(sql`
  insert into fixes
  select tenant, "unitId", to_timestamp(at / 1000.0), to_timestamp("receivedAt" / 1000.0), lng, lat, "accuracyM",
    "speedMps", "headingDeg", "altitudeM", "batteryPct", source, why
  from json_to_recordset(${JSON.stringify(rows)}::json) as row(
    tenant text, "unitId" text, at float8, "receivedAt" float8, lng float8, lat float8, "accuracyM" real, "speedMps" real,
    "headingDeg" real, "altitudeM" real, "batteryPct" real, source text, why text)
  on conflict do nothing`)
