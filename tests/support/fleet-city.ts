import type { Db } from '#db/connect.ts'
import { feedHeads } from '#db/schema/feed.ts'
import { consents, units } from '#db/schema/fleet.ts'
import { tenants } from '#db/schema/places.ts'
import type { Fix } from '#domain/fix.ts'
import { offsetM } from '#domain/geo.ts'
import type { Instant } from '#domain/instant.ts'
import type { Bbox, LngLat } from '#domain/places.ts'
import type { Unit } from '#domain/units.ts'

export const CITY_BOX: Bbox = [122.4, 41.2, 123.9, 43.1]
export const CITY_CENTRE: LngLat = [123.43, 41.8]

/** The smallest tenant in which units can move. */
export async function addTenant(db: Db, code: string, epoch = 'epoch-1'): Promise<void> {
  await db.insert(tenants).values({
    code,
    name: { zh: code, en: code },
    bbox: CITY_BOX,
    centre: CITY_CENTRE,
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    emergencyNumbers: { fire: '119', police: '110', medical: '120', gas: '96177' },
    settings: { offerTtlMs: 25_000, historyDays: 30, tileSources: [] },
    outline: null,
  })
  await db.insert(feedHeads).values({ tenant: code, epoch, seq: 0, oldest: 1 })
}

export const unitRow = (tenant: string, index: number, since: Instant, over: Partial<Unit> = {}): Unit => ({
  id: `${tenant}-unit-${index}`,
  tenant,
  index,
  callsign: `管家 ${String(index).padStart(4, '0')}`,
  kind: 'housekeeper',
  skills: ['generalHelp'],
  mode: 'ebike',
  firmId: null,
  homeCommunityId: null,
  postLng: CITY_CENTRE[0],
  postLat: CITY_CENTRE[1],
  districtCode: '210102',
  subdistrictCode: '210102001',
  duty: 'onDuty',
  dutySince: since,
  tracked: true,
  synthetic: true,
  ...over,
})

/** Units that have consented since `since`, unless they are not tracked. */
export async function addUnits(db: Db, rows: Unit[], since: Instant): Promise<void> {
  await db.insert(units).values(rows)
  const consenting = rows.filter((unit) => unit.tracked)
  if (consenting.length === 0) return
  await db.insert(consents).values(
    consenting.map(({ id, tenant }) => ({
      id: `${id}-consent`,
      tenant,
      unitId: id,
      textVersion: '1',
      givenAt: since,
      givenBy: id,
    })),
  )
}

/** A good fix so many metres east of the city's centre. */
export const fixAt = (at: Instant, eastM: number, over: Partial<Fix> = {}): Fix => {
  const [lng, lat] = offsetM(CITY_CENTRE, eastM, 0)
  const unknown = { speedMps: null, altitudeM: null, batteryPct: null }
  return { at, lng, lat, accuracyM: 5, headingDeg: 90, source: 'device', ...unknown, ...over }
}
