import { emergencySettings } from '#domain/emergency-settings.ts'
import type { TileSource } from '#domain/places.ts'
import type { Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/places.ts'
import { allTenants, communitiesOf, outlineOf, placeTreeOf } from './queries.ts'

export interface PlacesShop extends Shop {
  /** Tile sources of the installation, offered in every tenant after its own. */
  tileSources: readonly TileSource[]
}

export function placeRoutes({ db, serve, tileSources }: PlacesShop): void {
  serve(wire.tenants, async () => {
    const found = await allTenants(db)
    return found.map(({ settings, ...face }) => ({
      ...face,
      tileSources: [...settings.tileSources, ...tileSources],
      termMonths: emergencySettings(settings.emergency).termMonths,
    }))
  })
  serve(wire.outline, ({ tenant }) => outlineOf(db, tenant))
  serve(wire.placeTree, ({ tenant }) => placeTreeOf(db, tenant))
  serve(wire.communities, ({ tenant, query }) => communitiesOf(db, tenant, query.subdistrict))
}
