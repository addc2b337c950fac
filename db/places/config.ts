import type {
  Bbox,
  District,
  EmergencyNumbers,
  LngLat,
  Named,
  Neighbourhood,
  Subdistrict,
  Tenant,
  TenantSettings,
  TileSource,
} from '#domain/places.ts'

/** A tenant's configuration once its files are inlined and it has passed `TenantConfig` in wire/tenant-config.ts. */
export interface TenantConfig {
  code: string
  name: Named
  locale: Tenant['locale']
  timeZone: string
  bbox: Bbox
  centre: LngLat
  emergencyNumbers: EmergencyNumbers
  places: PlacesConfig
  settings?: Partial<TenantSettings>
}

export interface PlacesConfig {
  datum: TileSource['datum']
  districts: DistrictRow[]
  subdistricts?: SubdistrictRow[]
  neighbourhoods?: NeighbourhoodRow[]
  communities?: CommunityRow[] | { synthetic: { count: number; seed: number } }
  areas?: AreaRow[]
  outlines?: Outlines
}

export type DistrictRow = Omit<District, 'tenant'>
export type SubdistrictRow = Omit<Subdistrict, 'tenant'>
export type NeighbourhoodRow = Omit<Neighbourhood, 'tenant'>

/** An area of the tenant's own; no jurisdiction. */
export interface AreaRow {
  code: string
  name: Named
}

/** A housing estate in a configuration; `code` becomes its slug. */
export interface CommunityRow {
  code: string
  neighbourhoodCode: string
  name: string
  point: LngLat
  households: number
}

/** GeoJSON; each feature's id is a district's code. */
export interface Outlines {
  type: 'FeatureCollection'
  features: {
    type: 'Feature'
    id: string
    properties: Record<string, unknown>
    geometry: { type: 'MultiPolygon'; coordinates: LngLat[][][] }
  }[]
}
