import type { Tx } from '#db/connect.ts'
import { insertRows } from '#db/insert-rows.ts'
import type { TenantConfig } from '#db/places/config.ts'
import type { TenantPlaces } from '#db/places/places-of.ts'
import { communities, districts, neighbourhoods, subdistricts, tenants } from '#db/schema/places.ts'
import { areas } from '#db/schema/response.ts'
import type { Community, TenantSettings } from '#domain/places.ts'
import { type Refused, refused } from '#domain/refusal.ts'
import { openFeed } from '#server/feed/log.ts'

/** What a city may set differently, when its configuration says nothing. */
const SETTINGS: TenantSettings = { offerTtlMs: 25_000, historyDays: 30, tileSources: [] }

/**
 * A city from its checked configuration: itself, its places, and the head of its feed with an epoch of its own. Everything
 * that belongs to the tenant hangs on these rows; no code knows which cities there are.
 */
export async function addTenant(
  tx: Tx,
  config: TenantConfig,
  places: TenantPlaces,
): Promise<{ ok: true } | Refused<'codeTaken'>> {
  const { code, name, bbox, centre, timeZone, locale, emergencyNumbers } = config
  const outline = places.outlines as GeoJSON.FeatureCollection | null
  const made = await tx
    .insert(tenants)
    .values({
      code,
      name,
      bbox,
      centre,
      timeZone,
      locale,
      emergencyNumbers,
      outline,
      settings: { ...SETTINGS, ...config.settings },
    })
    .onConflictDoNothing()
    .returning({ code: tenants.code })
  if (made.length === 0) return refused('codeTaken')
  await openFeed(tx, code)
  await insertRows(tx, districts, places.districts)
  await insertRows(tx, subdistricts, places.subdistricts)
  await insertRows(tx, neighbourhoods, places.neighbourhoods)
  await insertRows(tx, communities, communitiesOfConfig(code, places))
  await insertRows(
    tx,
    areas,
    places.areas.map((area) => ({ ...area, tenant: code })),
  )
  return { ok: true }
}

/** Communities named in the configuration. Their slugs carry the tenant: a resident's link says nothing else of the city. */
function communitiesOfConfig(tenant: string, places: TenantPlaces): Community[] {
  const neighbourhood = new Map(places.neighbourhoods.map((each) => [each.code, each]))
  const subdistrict = new Map(places.subdistricts.map((each) => [each.code, each]))
  return places.communities.map(({ code, neighbourhoodCode, name, point: [lng, lat], households }) => {
    const subdistrictCode = neighbourhood.get(neighbourhoodCode)?.subdistrictCode ?? ''
    const districtCode = subdistrict.get(subdistrictCode)?.districtCode ?? ''
    const id = `${tenant}-${code}`
    return {
      id,
      tenant,
      slug: id,
      name,
      districtCode,
      subdistrictCode,
      neighbourhoodCode,
      lng,
      lat,
      households,
      firmId: null,
      synthetic: false,
    }
  })
}
