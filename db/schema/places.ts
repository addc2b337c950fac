import {
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Bbox, EmergencyNumbers, LngLat, Named, TenantSettings } from '#domain/places.ts'

export const tenants = pgTable('tenants', {
  code: text().primaryKey(),
  name: jsonb().$type<Named>().notNull(),
  bbox: jsonb().$type<Bbox>().notNull(),
  centre: jsonb().$type<LngLat>().notNull(),
  timeZone: text().notNull(),
  locale: text().$type<'zh-CN' | 'en'>().notNull(),
  emergencyNumbers: jsonb().$type<EmergencyNumbers>().notNull(),
  settings: jsonb().$type<TenantSettings>().notNull(),
  /** District polygons, WGS-84 GeoJSON; null when the tenant has none. */
  outline: jsonb().$type<GeoJSON.FeatureCollection>(),
})

const tenant = () =>
  text()
    .notNull()
    .references(() => tenants.code)

export const districts = pgTable(
  'districts',
  {
    tenant: tenant(),
    code: text().notNull(),
    name: jsonb().$type<Named>().notNull(),
    centre: jsonb().$type<LngLat>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.code] })],
)

export const subdistricts = pgTable(
  'subdistricts',
  {
    tenant: tenant(),
    code: text().notNull(),
    districtCode: text().notNull(),
    name: text().notNull(),
    kind: text().$type<'subdistrict' | 'town' | 'township' | 'other'>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.code] }),
    foreignKey({ columns: [t.tenant, t.districtCode], foreignColumns: [districts.tenant, districts.code] }),
  ],
)

export const neighbourhoods = pgTable(
  'neighbourhoods',
  {
    tenant: tenant(),
    code: text().notNull(),
    subdistrictCode: text().notNull(),
    name: text().notNull(),
    kind: text().$type<'neighbourhood' | 'village'>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.code] }),
    foreignKey({ columns: [t.tenant, t.subdistrictCode], foreignColumns: [subdistricts.tenant, subdistricts.code] }),
  ],
)

export const firms = pgTable('firms', {
  id: text().primaryKey(),
  tenant: tenant(),
  name: text().notNull(),
  synthetic: boolean().notNull().default(false),
})

export const communities = pgTable(
  'communities',
  {
    id: text().primaryKey(),
    tenant: tenant(),
    slug: text().notNull(),
    name: text().notNull(),
    districtCode: text().notNull(),
    subdistrictCode: text().notNull(),
    neighbourhoodCode: text().notNull(),
    lng: doublePrecision().notNull(),
    lat: doublePrecision().notNull(),
    households: integer().notNull(),
    firmId: text().references(() => firms.id),
    synthetic: boolean().notNull().default(false),
  },
  (t) => [
    uniqueIndex('communities_slug').on(t.slug),
    index('communities_subdistrict').on(t.tenant, t.subdistrictCode),
    foreignKey({
      columns: [t.tenant, t.neighbourhoodCode],
      foreignColumns: [neighbourhoods.tenant, neighbourhoods.code],
    }),
  ],
)
