import { and, inArray, isNull, sql } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { consents, units } from '#db/schema/fleet.ts'
import { tenants } from '#db/schema/places.ts'
import type { Instant } from '#domain/instant.ts'
import type { Bbox } from '#domain/places.ts'
import type { Unit } from '#domain/units.ts'

export interface RosterRow {
  unit: Unit
  /** When the standing consent was given; null = there is none. */
  consentedAt: Instant | null
}

/** The units the live fleet judges fixes for: all of them, or those named. */
async function readRoster(db: DbOrTx, unitIds?: readonly string[]): Promise<RosterRow[]> {
  const wanted = unitIds ? inArray(units.id, [...unitIds]) : undefined
  const consented = unitIds ? inArray(consents.unitId, [...unitIds]) : undefined
  const rows = await db.select().from(units).where(wanted)
  const standing = await db
    .select({ unitId: consents.unitId, givenAt: sql<Instant>`max(${consents.givenAt})`.mapWith(consents.givenAt) })
    .from(consents)
    .where(and(isNull(consents.withdrawnAt), consented))
    .groupBy(consents.unitId)
  const givenAt = new Map(standing.map((row) => [row.unitId, row.givenAt]))
  return rows.map((unit) => ({ unit, consentedAt: givenAt.get(unit.id) ?? null }))
}

async function readBounds(db: DbOrTx): Promise<Map<string, Bbox>> {
  const rows = await db.select({ code: tenants.code, bbox: tenants.bbox }).from(tenants)
  return new Map(rows.map((row) => [row.code, row.bbox]))
}

/** What is put into the live fleet: one read at a time, so that an older one never comes after a newer. */
export class RosterReader {
  readonly #db: DbOrTx
  readonly #live: { put(rows: readonly RosterRow[], bounds: ReadonlyMap<string, Bbox>): void }
  readonly #owed = new Set<string>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(db: DbOrTx, live: { put(rows: readonly RosterRow[], bounds: ReadonlyMap<string, Bbox>): void }) {
    this.#db = db
    this.#live = live
  }

  readAll(): Promise<void> {
    return this.#next(() => this.#read())
  }

  /** Units whose read fails stay owed: `retry` reads them again, so that no withdrawn consent is forgotten. */
  async read(unitIds: readonly string[]): Promise<void> {
    for (const id of unitIds) this.#owed.add(id)
    await this.#next(async () => {
      const owed = [...this.#owed]
      if (owed.length === 0) return
      this.#owed.clear()
      try {
        await this.#read(owed)
      } catch (error) {
        for (const id of owed) this.#owed.add(id)
        throw error
      }
    })
  }

  async retry(): Promise<void> {
    if (this.#owed.size > 0) await this.read([]).catch(() => undefined)
  }

  #next(step: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(step)
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #read(unitIds?: readonly string[]) {
    // The bounds first: a unit of a tenant that is not known yet has no city to stand in.
    const bounds = await readBounds(this.#db)
    this.#live.put(await readRoster(this.#db, unitIds), bounds)
  }
}
