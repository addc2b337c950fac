import type { EmergencySettings } from './emergency-settings.ts'
import type { RatingRules } from './rating.ts'

/** WGS-84 degrees, longitude first, as GeoJSON orders them. */
export type LngLat = readonly [lng: number, lat: number]

/** [west, south, east, north] in WGS-84 degrees. */
export type Bbox = readonly [west: number, south: number, east: number, north: number]

export interface Named {
  zh: string
  en: string
}

/** A city (or any area with a control room of its own). Everything else in the database belongs to exactly one tenant. */
export interface Tenant {
  /** Short stable code, e.g. `shenyang`; part of addresses and commands. */
  code: string
  name: Named
  bbox: Bbox
  centre: LngLat
  /** IANA name, e.g. Asia/Shanghai. */
  timeZone: string
  locale: 'zh-CN' | 'en'
  /** Numbers shown before anything else for fire, gas, crime and medical reports. */
  emergencyNumbers: EmergencyNumbers
  settings: TenantSettings
}

export interface EmergencyNumbers {
  fire: string
  police: string
  medical: string
  gas: string
}

/** Whatever the law or the city may set differently: configuration with a default, never a constant in the code. */
export interface TenantSettings {
  offerTtlMs: number
  /** Days that exact position history is kept. */
  historyDays: number
  tileSources: TileSource[]
  /** Left out, or out of it: the defaults of domain/emergency-settings.ts. */
  emergency?: Partial<EmergencySettings>
  /** Left out, or out of it: the defaults of domain/rating.ts. */
  rating?: Partial<RatingRules>
}

export interface TileSource {
  id: string
  name: Named
  template: string
  datum: 'WGS84' | 'GCJ02' | 'BD09'
  attribution: string
  /** 审图号, shown on the map's attribution line where the source has one. */
  mapApproval: string | null
  minZoom: number
  maxZoom: number
  subdomains: string[]
}

export interface District {
  tenant: string
  /** GB/T 2260, 6 digits. */
  code: string
  name: Named
  centre: LngLat
}

export interface Subdistrict {
  tenant: string
  /** 9 digits: district + township. */
  code: string
  districtCode: string
  name: string
  kind: 'subdistrict' | 'town' | 'township' | 'other'
}

export interface Neighbourhood {
  tenant: string
  /** 12 digits: subdistrict + neighbourhood. Names repeat; the code is the key. */
  code: string
  subdistrictCode: string
  name: string
  kind: 'neighbourhood' | 'village'
}

/** 小区: the housing estate. Its jurisdiction is stored, never inferred from a polygon or an address. */
export interface Community {
  id: string
  tenant: string
  /** Public part of the resident's link `/r/<slug>`. */
  slug: string
  name: string
  districtCode: string
  subdistrictCode: string
  neighbourhoodCode: string
  lng: number
  lat: number
  households: number
  firmId: string | null
  synthetic: boolean
}
