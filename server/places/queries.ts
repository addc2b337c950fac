import { and, asc, eq } from 'drizzle-orm'
import type { DbOrTx } from '#db/connect.ts'
import { communities, districts, neighbourhoods, subdistricts, tenants } from '#db/schema/places.ts'
import type { Community, Tenant } from '#domain/places.ts'
import type { PlaceTree } from '#wire/routes/places.ts'

/** A tenant as it is known everywhere; its outlines are large and are read alone. */
const TENANT = {
  code: tenants.code,
  name: tenants.name,
  bbox: tenants.bbox,
  centre: tenants.centre,
  timeZone: tenants.timeZone,
  locale: tenants.locale,
  emergencyNumbers: tenants.emergencyNumbers,
  settings: tenants.settings,
}

export function allTenants(db: DbOrTx): Promise<Tenant[]> {
  return db.select(TENANT).from(tenants).orderBy(asc(tenants.code))
}

export async function tenantByCode(db: DbOrTx, code: string): Promise<Tenant | null> {
  const [found] = await db.select(TENANT).from(tenants).where(eq(tenants.code, code))
  return found ?? null
}

const NO_OUTLINE: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }

export async function outlineOf(db: DbOrTx, tenant: string): Promise<GeoJSON.FeatureCollection> {
  const [found] = await db.select({ outline: tenants.outline }).from(tenants).where(eq(tenants.code, tenant))
  return found?.outline ?? NO_OUTLINE
}

export async function placeTreeOf(db: DbOrTx, tenant: string): Promise<PlaceTree> {
  const [d, s, n] = await Promise.all([
    db.select().from(districts).where(eq(districts.tenant, tenant)).orderBy(asc(districts.code)),
    db.select().from(subdistricts).where(eq(subdistricts.tenant, tenant)).orderBy(asc(subdistricts.code)),
    db.select().from(neighbourhoods).where(eq(neighbourhoods.tenant, tenant)).orderBy(asc(neighbourhoods.code)),
  ])
  return { districts: d, subdistricts: s, neighbourhoods: n }
}

export function communitiesOf(db: DbOrTx, tenant: string, subdistrict?: string): Promise<Community[]> {
  const within = subdistrict === undefined ? undefined : eq(communities.subdistrictCode, subdistrict)
  return db
    .select()
    .from(communities)
    .where(and(eq(communities.tenant, tenant), within))
    .orderBy(asc(communities.id))
}

export async function communityBySlug(db: DbOrTx, slug: string): Promise<Community | null> {
  const [found] = await db.select().from(communities).where(eq(communities.slug, slug))
  return found ?? null
}
