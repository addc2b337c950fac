import { and, asc, eq } from 'drizzle-orm'
import type { DbOrTx, Tx } from '#db/connect.ts'
import { units } from '#db/schema/fleet.ts'
import { communities, firms, tenants } from '#db/schema/places.ts'
import type { Subject } from '#domain/access.ts'
import type { FeedAudience, FeedKind } from '#domain/feed.ts'
import type { Instant } from '#domain/instant.ts'
import type { Community } from '#domain/places.ts'
import type { Actor } from '#domain/ticket.ts'
import type { Firm, Unit } from '#domain/units.ts'
import { appendEvent } from '#server/feed/append.ts'

const byId = (tenant: string, id: string) => and(eq(units.tenant, tenant), eq(units.id, id))

export async function unitById(db: DbOrTx, tenant: string, id: string): Promise<Unit | null> {
  const [unit] = await db.select().from(units).where(byId(tenant, id))
  return unit ?? null
}

export async function unitForUpdate(tx: Tx, tenant: string, id: string): Promise<Unit | null> {
  const [unit] = await tx.select().from(units).where(byId(tenant, id)).for('no key update')
  return unit ?? null
}

export const unitsOfTenant = (db: DbOrTx, tenant: string): Promise<Unit[]> =>
  db.select().from(units).where(eq(units.tenant, tenant)).orderBy(asc(units.index))

export const firmsOfTenant = (db: DbOrTx, tenant: string): Promise<Firm[]> =>
  db.select().from(firms).where(eq(firms.tenant, tenant)).orderBy(asc(firms.name))

export async function communityById(db: DbOrTx, tenant: string, id: string): Promise<Community | null> {
  const [community] = await db
    .select()
    .from(communities)
    .where(and(eq(communities.tenant, tenant), eq(communities.id, id)))
  return community ?? null
}

/** Whoever numbers or names units of a tenant waits here for whoever does so already. */
export const lockTenant = (tx: Tx, tenant: string) =>
  tx.select({ code: tenants.code }).from(tenants).where(eq(tenants.code, tenant)).for('no key update')

/** What `may` compares a reader's grants with. */
export const subjectOfUnit = ({ tenant, id, firmId, districtCode, subdistrictCode }: Unit): Subject => ({
  tenant,
  districtCode,
  subdistrictCode,
  firmIds: firmId === null ? [] : [firmId],
  unitIds: [id],
})

const audienceOfUnit = (unit: Unit, formerFirmId: string | null): FeedAudience => ({
  districtCode: unit.districtCode,
  subdistrictCode: unit.subdistrictCode,
  neighbourhoodCode: null,
  firmIds: [...new Set([unit.firmId, formerFirmId].filter((id) => id !== null))],
  unitIds: [unit.id],
})

/** Writes a unit as it is now and tells whom it concerns; the firm it belonged to until now is told too. */
export async function recordUnit(
  tx: Tx,
  unit: Unit,
  kind: FeedKind & `unit:${string}`,
  by: { actor: Actor; now: Instant },
  formerFirmId: string | null = null,
): Promise<void> {
  const { id, ...columns } = unit
  await tx.update(units).set(columns).where(eq(units.id, id))
  await announceUnit(tx, unit, kind, by, formerFirmId)
}

export const announceUnit = (
  tx: Tx,
  unit: Unit,
  kind: FeedKind & `unit:${string}`,
  { actor, now }: { actor: Actor; now: Instant },
  formerFirmId: string | null = null,
): Promise<number> =>
  appendEvent(tx, {
    tenant: unit.tenant,
    kind,
    at: now,
    actor,
    audience: audienceOfUnit(unit, formerFirmId),
    state: { units: [unit] },
  })
