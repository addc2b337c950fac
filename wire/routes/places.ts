import { Type } from 'typebox'
import type {
  Bbox,
  Community,
  District,
  EmergencyNumbers,
  LngLat,
  Named,
  Neighbourhood,
  Subdistrict,
  TileSource,
} from '#domain/places.ts'
import { route } from '#wire/route.ts'
import { shape, shapes } from '#wire/shapes.ts'

/** What a page must know of a tenant before anybody has signed in. No secret, no setting that is not shown anyway. */
export interface TenantFace {
  code: string
  name: Named
  bbox: Bbox
  centre: LngLat
  timeZone: string
  locale: 'zh-CN' | 'en'
  emergencyNumbers: EmergencyNumbers
  tileSources: TileSource[]
  /** How long an emergency engagement lasts at most, by the city's own rule. */
  termMonths: number
}

export interface PlaceTree {
  districts: District[]
  subdistricts: Subdistrict[]
  neighbourhoods: Neighbourhood[]
}

export const tenants = route({
  method: 'GET',
  path: '/api/tenants',
  action: 'public',
  summary: 'The tenants of this server, as their pages show them',
  answer: shapes<TenantFace>('TenantFace'),
})

export const outline = route({
  method: 'GET',
  path: '/api/places/outline',
  action: 'place.read',
  summary: 'District polygons as GeoJSON (WGS-84); empty when the tenant has none',
  answer: shape<GeoJSON.FeatureCollection>('FeatureCollection'),
})

export const placeTree = route({
  method: 'GET',
  path: '/api/places/tree',
  action: 'place.read',
  summary: 'Districts, sub-districts and neighbourhoods with their official codes',
  answer: shape<PlaceTree>('PlaceTree'),
})

export const communities = route({
  method: 'GET',
  path: '/api/places/communities',
  action: 'place.read',
  summary: 'All residential communities of the tenant',
  query: Type.Object({ subdistrict: Type.Optional(Type.String({ maxLength: 16 })) }),
  answer: shapes<Community>('Community'),
})
